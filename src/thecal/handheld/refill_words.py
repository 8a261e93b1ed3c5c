"""The next refill date in words a patient can plan by: "around 3 January 2027, in about 6 weeks"."""

from __future__ import annotations

from thecal.quantities import Instant
from thecal.therapy.showing import DAY_MS, civil_ms, long_date_text

NOT_FORESEEN = "Nothing is flowing, so there is no refill date. Your clinic will tell you."


def refill_words(refill: Instant | None, now: Instant, offset_min: int) -> str:
    """When to come, with the time until then; None: nothing flows."""
    if refill is None:
        return NOT_FORESEEN
    days = civil_ms(refill, offset_min) // DAY_MS - civil_ms(now, offset_min) // DAY_MS
    if days <= 0:
        return "Your refill is due now. Please make an appointment today."
    return f"around {long_date_text(refill, offset_min)}, {_in_about(days)}"


def _in_about(days: int) -> str:
    """Days up to two weeks, then weeks, then months; rounded to the nearest."""
    if days == 1:
        return "tomorrow"
    if days < 14:
        return f"in {days} days"
    if days < 70:
        return f"in about {(days * 2 + 7) // 14} weeks"
    return f"in about {(days * 2 + 30) // 60} months"
