"""How a quantity, a moment and a length of time stand on a page. Formatting only: no new number is made here.

The counts of the link (whole ms, nL, ng) are read into quantities before they are shown, so that a unit is never
typed by hand beside a bare number.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thecal.quantities import Amount, Concentration, DoseRate, Duration, FlowRate, Instant, Mass, Volume

register = template.Library()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NARROW_SPACE = "\u202f"
_COUNTED: dict[str, type[Amount]] = {
    unit: kind for kind in (Volume, Mass, Concentration, FlowRate, DoseRate, Duration) for unit in kind.UNITS
}


def grouped(number: str) -> str:
    """Thousands apart by a narrow space: 12 000, 0.316."""
    whole, point, decimals = number.partition(".")
    head = len(whole) % 3 or 3
    groups = [whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))]
    return _NARROW_SPACE.join(groups) + point + decimals


def plain_figure(amount: Amount, unit: str) -> tuple[str, str]:
    """Number (exact, grouped) and unit."""
    return grouped(amount.number_in(unit)), unit


@register.simple_tag
def figure(amount: Amount | None, unit: str) -> SafeString:
    """A quantity in the wanted unit, the unit in grey; a dash with words where there is none."""
    if amount is None:
        return format_html('<span class="figure"><span aria-hidden="true">–</span>{}</span>', _hidden("none"))
    number, shown = plain_figure(amount, unit)
    return format_html('<span class="figure">{} <span class="unit">{}</span></span>', number, shown)


@register.simple_tag
def counted(count: int | None, counted_in: str, unit: str) -> SafeString:
    """A whole number of the link, read as ``counted_in`` and shown in ``unit``."""
    return figure(None if count is None else _COUNTED[counted_in].of(str(count), counted_in), unit)


@register.filter
def day(moment: Instant | int | None) -> str:
    """``22 Nov 2026``, never ambiguous."""
    if moment is None:
        return "never"
    at = _civil(moment, 0)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


@register.filter
def moment(at: Instant | int | None, offset_min: int = 0) -> str:
    """``22 Nov 2026, 08:05`` on a clock that many minutes from UTC."""
    if at is None:
        return "never"
    shown = _civil(at, offset_min)
    return f"{shown.day} {_MONTHS[shown.month - 1]} {shown.year}, {shown:%H:%M}"


@register.filter
def moment_exact(at: Instant | int | None, offset_min: int = 0) -> str:
    """As ``moment``, with seconds."""
    return "never" if at is None else f"{moment(at, offset_min)}:{_civil(at, offset_min):%S}"


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
def seconds_up(ms: int) -> int:
    """Whole seconds, rounded up, for a countdown that must not end early."""
    return -(-ms // 1_000)


@register.filter
def clock(minutes: int) -> str:
    """``06:00`` from minutes after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@register.filter
def hexed(raw: bytes) -> str:
    """Bytes as lower-case hexadecimal."""
    return raw.hex()


def _civil(moment: Instant | int, offset_min: int) -> datetime:
    epoch_ms = moment.epoch_ms if isinstance(moment, Instant) else moment
    return _EPOCH + timedelta(milliseconds=epoch_ms, minutes=offset_min)


def _hidden(words: str) -> SafeString:
    return format_html('<span class="visually-hidden">{}</span>', words)
