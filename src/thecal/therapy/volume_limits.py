"""When the volume in a programmable pump calls for a refill: its alarm less the lead, and what a handset shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.therapy.due import Bound, Limit, before
from thecal.therapy.profile import Profile
from thecal.therapy.projection import Fill, reaches

SHOWS_ITS_REFILL = "valve-gated"  # the mechanism of the pumps whose patient programmer shows the next refill


@dataclass(frozen=True, slots=True)
class DayOfFlow:
    """A day of basal, and the boluses beside it in nL: those that really fit, and all that are allotted."""

    profile: Profile
    effective_nl: int
    allotted_nl: int


def by_volume(model: ProgrammablePump, day: DayOfFlow, fill: Fill, figures: Policy, more: Fraction) -> Iterator[Limit]:
    """The limits by volume if the pump gives ``more`` (a share) than it counts; none for a mark it never reaches.

    The pump's alarm comes with the boluses that fit; the handset counts every allotted one
    [Patient Therapy Controller guide, p. 5].
    """
    alarm = reaches(day.profile, day.effective_nl, fill, fill.low_reservoir, more)
    if alarm is not None:
        at = before(alarm, figures.lead_before_alarm, fill.now)
        yield Limit(Bound.ALARM, at, figures.source_of("lead_before_alarm"))
    shown = reaches(day.profile, day.allotted_nl, fill, figures.handheld_refill_level, more)
    if model.mechanism == SHOWS_ITS_REFILL and shown is not None:
        yield Limit(Bound.HANDHELD, shown, figures.source_of("handheld_refill_level"))
