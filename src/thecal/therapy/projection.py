"""How long the reservoir lasts: days, alarm date, empty date, and the date to plan the refill for.

All of it is belief: the pump subtracts strokes and does not measure. Days are rounded down. The worst case takes every
effective bolus, each day's at the start of the day. The refill date is the worst-case alarm date less the clinic's
lead, and never in the past.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from thecal.quantities import Duration, Instant, Volume
from thecal.therapy.derived import Derived
from thecal.therapy.due import before, moment_after
from thecal.therapy.profile import Profile
from thecal.therapy.showing import DAY_MS, civil_ms

NO_MORE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Projection:
    """When the reservoir reaches its marks; None where nothing flows and it never will."""

    days_to_alarm: int | None
    alarm: Instant | None
    days_to_empty: int | None
    empty: Instant | None
    worst_case_alarm: Instant | None
    worst_case_empty: Instant | None
    refill: Instant | None
    full_reservoir_days: int | None  # from a full reservoir to the alarm, with every effective bolus


@dataclass(frozen=True, slots=True)
class Fill:
    """What a projection starts from. ``unusable`` is what the reservoir cannot give."""

    reservoir: Volume
    capacity: Volume
    low_reservoir: Volume
    unusable: Volume
    now: Instant
    clock_offset_min: int


def daily_boluses(derived: Derived) -> int:
    """What every effective bolus of 24 h takes together, in nL."""
    return 0 if derived.bolus_volume is None else derived.bolus_volume.count * (derived.effective_boluses or 0)


def allotted_boluses(derived: Derived, allotted: int) -> int:
    """What every bolus allotted in 24 h takes together, in nL, whether lockout and volume limit leave room or not."""
    return 0 if derived.bolus_volume is None else derived.bolus_volume.count * allotted


def project(profile: Profile, daily_boluses_nl: int, fill: Fill, lead_ms: int) -> Projection:
    """From ``fill`` on, with this basal and at most these boluses, ``lead_ms`` between refill and worst-case alarm."""
    worst = reaches(profile, daily_boluses_nl, fill, fill.low_reservoir)
    full = replace(fill, reservoir=fill.capacity)
    return Projection(
        days_to_alarm=_days(_lasts_to(profile, 0, fill, fill.low_reservoir)),
        alarm=reaches(profile, 0, fill, fill.low_reservoir),
        days_to_empty=_days(_lasts_to(profile, 0, fill, fill.unusable)),
        empty=reaches(profile, 0, fill, fill.unusable),
        worst_case_alarm=worst,
        worst_case_empty=reaches(profile, daily_boluses_nl, fill, fill.unusable),
        refill=None if worst is None else before(worst, Duration(lead_ms), fill.now),
        full_reservoir_days=_days(_lasts_to(profile, daily_boluses_nl, full, fill.low_reservoir)),
    )


def reaches(
    profile: Profile, daily_boluses_nl: int, fill: Fill, mark: Volume, more: Fraction = NO_MORE
) -> Instant | None:
    """When what is really in the reservoir reaches ``mark``, if the pump gives ``more`` than it counts; None: never.

    ``more`` is a share: 0.145 for 14.5 % over-delivery. Rounded to the earlier ms.
    """
    return moment_after(fill.now, _lasts_to(profile, daily_boluses_nl, fill, mark, more))


def dry_before_alarm(filled: Volume, low_reservoir: Volume, left: Volume) -> Fraction | None:
    """Above which share of over-delivery only ``left`` remains before the pump counts down to its alarm level.

    (filled - left) / (filled - low_reservoir) - 1; None when the fill does not pass the alarm level. The pump
    subtracts and does not measure, so nothing sounds then [programmable pumps 1.2; our own arithmetic].
    """
    if filled <= low_reservoir:
        return None
    return Fraction(filled.count - left.count, filled.count - low_reservoir.count) - 1


def _lasts_to(profile: Profile, boluses_nl: int, fill: Fill, mark: Volume, more: Fraction = NO_MORE) -> int | None:
    counted = max(0, fill.reservoir.count - mark.count) * Fraction(1, 1 + more)  # what the pump counts until then
    return _lasts_ms(profile, civil_ms(fill.now, fill.clock_offset_min), int(counted), boluses_nl)


def _lasts_ms(profile: Profile, start: int, volume_nl: int, boluses_nl: int) -> int | None:
    """Ms until basal and, at the start of every 24 h, ``boluses_nl`` have taken ``volume_nl``."""
    if boluses_nl == 0:
        reached = profile.reaches(start, volume_nl)
        return None if reached is None else reached - start
    # Days alike, or weeks alike, pass whole; each day takes all its boluses at once and then its basal.
    cycle = profile.cycle + profile.cycle_days * boluses_nl
    days = max(0, int((volume_nl - boluses_nl) // cycle)) * profile.cycle_days
    rest = Fraction(volume_nl) - days // profile.cycle_days * cycle
    while True:
        begins = start + days * DAY_MS
        rest -= boluses_nl
        if rest <= 0:
            return days * DAY_MS
        within = profile.reaches(begins, rest)
        if within is not None and within <= begins + DAY_MS:
            return within - start
        rest -= profile.between(begins, begins + DAY_MS)
        days += 1


def _days(length_ms: int | None) -> int | None:
    return None if length_ms is None else length_ms // DAY_MS
