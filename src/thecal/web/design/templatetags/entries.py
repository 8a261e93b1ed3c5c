"""Entry fields: label above, unit beside, one line of refusal below, all tied together for a screen reader."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.inclusion_tag("design/entry.html")
def entry(
    name: str, label: str, value: str, unit: str, refused: Mapping[str, str], hint: str = "", kind: str = "decimal"
) -> dict[str, object]:
    """A number or time with its unit. ``kind``: decimal, numeric, time."""
    error = refused.get(name, "")
    described = [f"{name}-unit"] if unit else []
    described += [f"{name}-hint"] if hint else []
    described += [f"{name}-error"] if error else []
    return {
        "name": name,
        "label": label,
        "value": value or "",
        "unit": unit,
        "hint": hint,
        "error": error,
        "kind": kind,
        "described": " ".join(described),
    }


@register.filter
def at(mapping: Mapping[str, str], key: str) -> str:
    """The text under a key, or nothing."""
    return mapping.get(key, "")
