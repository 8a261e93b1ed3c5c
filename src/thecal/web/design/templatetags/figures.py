"""How a quantity, a moment and a length of time stand on a page. Formatting only: no new number is made here.

The counts of the link (whole ms, nL, ng) are read into quantities before they are shown, so that a unit is never
typed by hand beside a bare number.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thecal.quantities import Amount, Concentration, DoseRate, Duration, FlowRate, Instant, Mass, Volume
from thecal.therapy.showing import date_text, moment_text, number_text

register = template.Library()

_COUNTED: dict[str, type[Amount]] = {
    unit: kind for kind in (Volume, Mass, Concentration, FlowRate, DoseRate, Duration) for unit in kind.UNITS
}


@register.simple_tag
def figure(amount: Amount | None, unit: str) -> SafeString:
    """A quantity in the wanted unit, the unit in grey; a dash with words where there is none."""
    if amount is None:
        return format_html('<span class="figure"><span aria-hidden="true">–</span>{}</span>', _hidden("none"))
    return format_html('<span class="figure">{} <span class="unit">{}</span></span>', number_text(amount, unit), unit)


@register.simple_tag
def counted(count: int | None, counted_in: str, unit: str) -> SafeString:
    """A whole number of the link, read as ``counted_in`` and shown in ``unit``."""
    return figure(None if count is None else _COUNTED[counted_in].of(str(count), counted_in), unit)


@register.filter
def day(at: Instant | int | None, offset_min: int = 0) -> str:
    """``22 Nov 2026`` on a clock that many minutes from UTC."""
    return "never" if at is None else date_text(_instant(at), offset_min)


@register.filter
def moment(at: Instant | int | None, offset_min: int = 0) -> str:
    """``22 Nov 2026, 08:05``."""
    return "never" if at is None else moment_text(_instant(at), offset_min)


@register.filter
def moment_exact(at: Instant | int | None, offset_min: int = 0) -> str:
    """As ``moment``, with seconds."""
    if at is None:
        return "never"
    found = _instant(at)
    seconds = found.epoch_ms // 1_000 % 60
    return f"{moment_text(found, offset_min)}:{seconds:02d}"


@register.filter
def span_words(ms: int | None) -> str:
    """A length of time in words, rounded up to the second: ``3 h 59 min``, ``1 min 20 s``."""
    if ms is None:
        return "not known"
    seconds = -(-ms // 1_000)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    if days:
        return f"{days} day{'s' if days != 1 else ''} {hours} h" if hours else f"{days} day{'s' if days != 1 else ''}"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"


@register.filter
def countdown(ms: int) -> str:
    """``3:59:59`` or ``09:59``: whole seconds, rounded up, so that it never ends early."""
    minutes, seconds = divmod(-(-ms // 1_000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


@register.filter
def clock(minutes: int) -> str:
    """``06:00`` from minutes after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@register.filter
def hexed(raw: bytes) -> str:
    """Bytes as lower-case hexadecimal."""
    return raw.hex()


def _instant(at: Instant | int) -> Instant:
    return at if isinstance(at, Instant) else Instant(at)


def _hidden(words: str) -> SafeString:
    return format_html('<span class="visually-hidden">{}</span>', words)
