"""Quantities, ratios and dates as they are written for people: one spelling everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from thecal.quantities import Amount, Duration, Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_MINUS = "\u2212"
_THOUSANDS = "\u202f"  # narrow no-break space: never taken for a decimal point or comma
DAY_MS = 86_400_000


def number_text(amount: Amount, unit: str) -> str:
    """The exact number with its thousands apart: for reading, not for typing."""
    whole, point, decimals = amount.number_in(unit).partition(".")
    return f"{int(whole):,}".replace(",", _THOUSANDS) + point + decimals


def time_number(length: Duration, unit: str) -> str:
    """A length of time as typed in ``unit``: exact, or, where no decimal is exact, rounded up to hundredths."""
    scale = length.UNITS[unit]
    exact = length.count * 1_000_000 % scale == 0
    return length.number_in(unit) if exact else _decimals(-(-length.count * 100 // scale), 2)


def amount_text(amount: Amount, unit: str) -> str:
    """Number and unit, as in ``1 440 microgram/day``."""
    return f"{number_text(amount, unit)} {unit}"


def ratio_text(ratio: Fraction) -> str:
    """``24 ×``, ``1.17 ×``: two decimals, rounded up, because it is counted against a limit."""
    hundredths = -(-ratio.numerator * 100 // ratio.denominator)
    return _decimals(hundredths, 2) + " ×"


def fraction_text(value: Fraction) -> str:
    """A plain number to four decimals, rounded to nearest (ties to even): for reading, never for comparing."""
    scaled = round(abs(value) * 10_000)
    return (_MINUS if value < 0 and scaled else "") + _decimals(scaled, 4)


def share_text(share: Fraction) -> str:
    """A share as ``11.11 %``, to two decimals, rounded to nearest: for reading, never for comparing."""
    scaled = round(abs(share) * 10_000)
    return f"{_MINUS if share < 0 and scaled else ''}{_decimals(scaled, 2)} %"


def percent_text(old: int, new: int) -> str:
    """The change from ``old`` to ``new`` as ``+50 %`` or ``−12.5 %``, away from zero to one decimal; old is not 0."""
    permille = -(-abs(new - old) * 1_000 // old)
    sign = "" if new == old else "+" if new > old else _MINUS
    return f"{sign}{_decimals(permille, 1)} %"


def date_text(moment: Instant, offset_min: int) -> str:
    """``22 Nov 2026`` at this fixed offset from UTC."""
    local = _local(moment, offset_min)
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}"


def long_date_text(moment: Instant, offset_min: int) -> str:
    """``22 November 2026``."""
    local = _local(moment, offset_min)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def moment_text(moment: Instant, offset_min: int) -> str:
    """``22 Nov 2026, 08:00``."""
    return f"{date_text(moment, offset_min)}, {clock_text(moment, offset_min)}"


def clock_text(moment: Instant, offset_min: int) -> str:
    """``08:00``: the time of day on the pump's clock."""
    local = _local(moment, offset_min)
    return f"{local.hour:02d}:{local.minute:02d}"


def count_text(number: int, word: str) -> str:
    """A count with its word, ``1 step`` or ``2 steps``, for words that take an s."""
    return f"{number} {word}{'s' * (number != 1)}"


def length_text(length: Duration) -> str:
    """A length of time in whole minutes, rounded up: ``3 h 40 min``, ``10 min``, ``2 days``."""
    minutes = -(-length.count // 60_000)
    days, hours, rest = minutes // 1_440, minutes % 1_440 // 60, minutes % 60
    parts = [count_text(days, "day")] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{rest} min"] if rest and not days else []
    return " ".join(parts) or "0 min"


def civil_ms(moment: Instant, offset_min: int) -> int:
    """The pump's civil time: ms since 1970-01-01T00:00 on its own clock."""
    return moment.epoch_ms + offset_min * 60_000


def _local(moment: Instant, offset_min: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=civil_ms(moment, offset_min))


def _decimals(scaled: int, places: int) -> str:
    whole, part = divmod(scaled, 10**places)
    return f"{whole}.{part:0{places}d}".rstrip("0").rstrip(".")
