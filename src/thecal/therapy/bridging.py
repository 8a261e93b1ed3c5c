"""A bridge bolus: the old fluid in the line runs at the flow its concentration asks for until the new is at the tip.

Volume V = what must be pushed until the new is at the tip; flow R = D / C_old; time T = V / R; then D_new / C_new.
Everything is asked of the believed line, so an interrupted bridge, a line that was aspirated and a line that is longer
than the programmer thinks are the same question [clinical 6.1, 6.2; programmable 3.2].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from thecal.column import NOTHING, Fluid, Masses
from thecal.quantities import DoseRate, Duration, FlowRate, Mass, Volume
from thecal.therapy.arithmetic import mass_counted, rate_for_dose, time_to_move
from thecal.therapy.believed import BelievedLine
from thecal.therapy.mixing import as_fluid
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.situation import AfterInterruption
from thecal.therapy.tip import Leg, Phase, at_the_tip


class NoBridge(Enum):
    """Why another fluid in the reservoir asks for no bridge."""

    SAME_FLUID = "the line already holds nothing but this fluid"
    NO_DRUG = "there is no drug in the line; prime it instead"
    SAME_FLOW = "the flow stays the same; the new fluid simply follows"
    STILL = "no dose is running that would have to be kept up"


@dataclass(frozen=True, slots=True)
class FluidChange:
    """Another fluid for a running therapy: the line, both fluids (primary drug first), and the doses asked for.

    ``dose_during``: 24-hour dose of the old primary drug until the new fluid is at the tip. ``dose_after``: of the new
    one from then on. Raises QuantityError for a fluid with a drug named twice or without a concentration.
    """

    line: BelievedLine
    old: tuple[FluidComponent, ...]
    new: tuple[FluidComponent, ...]
    dose_during: DoseRate
    dose_after: DoseRate

    @property
    def fluid(self) -> Fluid:
        """What the reservoir now gives."""
        return as_fluid(self.new)

    @property
    def rate(self) -> FlowRate:
        """Flow of the bridge, rounded down."""
        return rate_for_dose(self.dose_during, self.old[0].concentration)

    @property
    def rate_after(self) -> FlowRate:
        """Flow that gives the new dose of the new fluid, rounded down."""
        return rate_for_dose(self.dose_after, self.new[0].concentration)

    @property
    def volume(self) -> Volume:
        """What must be pushed until the new fluid, and nothing else, is at the tip."""
        return self.line.until_at_tip(self.fluid)

    @property
    def duration(self) -> Duration:
        """How long the bridge takes, rounded up, so that no old fluid is left. Raises QuantityError at flow 0."""
        return time_to_move(self.volume, self.rate)

    @property
    def entered(self) -> Mass:
        """The bridge dose to enter in a programmer that already calculates with the new fluid, B = V x C_new.

        Rounded up, so that it is never less volume than the line holds.
        """
        return mass_counted(self.volume, self.new[0].concentration)

    @property
    def drug_in_line(self) -> Masses | None:
        """What the bridge lets out, drug by drug, exactly; None when some of the line is unknown."""
        return self.line.drug_leaving(self.volume, self.fluid)

    @property
    def is_of_concentration(self) -> bool:
        """Whether the primary drug stays the same and only its concentration changes."""
        return self.old[0].drug == self.new[0].drug

    @property
    def by_least(self) -> bool:
        """Whether the least volume the line can have is the cautious one: to end too early gives too little, not much.

        The published rule: least when the concentration goes up, most when it goes down. For another drug our own:
        least when the flow goes down.
        """
        if self.is_of_concentration:
            return self.new[0].concentration > self.old[0].concentration
        return self.rate_after < self.rate

    def cautious(self, tubing: Iterable[Volume]) -> Volume:
        """The cautious volume where the pump's tubing may be this line's or any of these; never less than nothing."""
        mine = self.line.tubing_nl
        holds = [mine, *(each.count for each in tubing)]
        meant = min(holds) if self.by_least else max(holds)
        return Volume(max(0, self.volume.count + meant - mine))

    def not_needed(self, *, running: bool) -> NoBridge | None:
        """Why no bridge is needed; None: one is. ``running``: a dose is being given."""
        if self.volume.count == 0:
            return NoBridge.SAME_FLUID
        if self.drug_in_line == NOTHING:
            return NoBridge.NO_DRUG
        if not running:
            return NoBridge.STILL
        flows_on = self.rate.count > 0 and self.rate == self.rate_after
        return NoBridge.SAME_FLOW if flows_on and self.drug_in_line is not None else None


@dataclass(frozen=True, slots=True)
class Resumed:
    """What follows when a bridge that was interrupted is taken up in one of three ways.

    ``volume`` and ``duration`` are those of the bridge to program; none when it is cancelled. ``legs``: what leaves
    the tip until only the new fluid runs at its own flow.
    """

    how: AfterInterruption
    volume: Volume | None
    duration: Duration | None
    legs: tuple[Leg, ...]


def with_bridge(change: FluidChange) -> tuple[Leg, ...]:
    """What leaves the tip during the bridge. Raises QuantityError at flow 0."""
    return _course(change, (change.volume, change.rate))


def without_bridge(change: FluidChange) -> tuple[Leg, ...]:
    """What leaves the tip until the new fluid arrives when its flow is set at once. Raises QuantityError at flow 0."""
    return _course(change, (change.volume, change.rate_after))


def misjudged(change: FluidChange, programmed: Volume) -> tuple[Leg, ...]:
    """What is given wrongly when ``programmed`` is moved at the bridge flow and the line really is ``change.line``.

    Too little moved: old fluid at the new flow. Too much: new fluid at the bridge flow. Nothing when it is right.
    """
    true = change.volume
    moved = change.line.contents.push(min(true, programmed).count, change.fluid)[0]
    short = programmed < true
    rest = true - programmed if short else programmed - true
    rate = change.rate_after if short else change.rate
    return at_the_tip(moved, (Phase(rest, rate, change.fluid),))[0]


def resumed(change: FluidChange, delivered: Volume, how: AfterInterruption) -> Resumed:
    """A bridge of which ``delivered`` has been moved, taken up again. Raises QuantityError at flow 0."""
    left = replace(change, line=change.line.pushed(delivered, change.fluid))
    if how is AfterInterruption.CANCEL:
        return Resumed(how, None, None, without_bridge(left))
    volume = left.volume if how is AfterInterruption.CONTINUE else change.volume
    return Resumed(how, volume, time_to_move(volume, change.rate), _course(left, (volume, change.rate)))


def _course(change: FluidChange, *moves: tuple[Volume, FlowRate]) -> tuple[Leg, ...]:
    phases = [Phase(volume, rate, change.fluid) for volume, rate in moves]
    return at_the_tip(change.line.contents, phases)[0]
