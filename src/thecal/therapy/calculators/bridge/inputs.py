"""What a bridge is asked with, and the change of fluid that follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from thecal.device import Mode
from thecal.documents import About
from thecal.quantities import DoseRate, Volume
from thecal.therapy.believed import BelievedLine
from thecal.therapy.bridging import FluidChange
from thecal.therapy.calculators.line_inputs import LineInputs, LineVolumes, line_volumes
from thecal.therapy.calculators.on_paper import fluid_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.mixing import as_fluid
from thecal.therapy.prescribed import DrugIn
from thecal.therapy.prescription import FluidComponent


class LineHolds(Enum):
    """What tubing and catheter hold before the bridge."""

    OLD = "old fluid"
    ASPIRATED = "old fluid in the tubing, catheter aspirated"
    NEW = "new fluid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeInputs(LineInputs):
    """Another fluid in the reservoir of a pump that runs."""

    old: Annotated[tuple[DrugIn, ...], About("fluid that ran until now, primary drug first")]
    new: Annotated[tuple[DrugIn, ...], About("fluid the reservoir now gives, primary drug first")]
    daily_dose_now: Annotated[DoseRate, About("24-hour dose of the old primary drug as it runs")]
    daily_dose_after: Annotated[DoseRate, About("24-hour dose of the new primary drug that is wanted")]
    dose_during: Annotated[DoseRate | None, About("24-hour dose of the old drug meanwhile; as now if left out")] = None
    mode: Annotated[Mode, About("infusion mode that runs")] = Mode.SIMPLE_CONTINUOUS
    line: Annotated[LineHolds, About("what tubing and catheter hold")] = LineHolds.OLD
    catheter_least: Annotated[Volume | None, About("least catheter volume, where a revision left it unknown")] = None
    catheter_most: Annotated[Volume | None, About("greatest catheter volume, where a revision left it unknown")] = None
    old_unwanted: Annotated[bool, About("the old drug must not reach the patient")] = False
    delivered: Annotated[Volume | None, About("moved of the bridge before it was interrupted")] = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The change of fluid, for the line as the programmer has it and for the shortest and longest it can be.

    ``prime_first``: water or CSF ahead of all drug; the change is what follows that prime. ``is_confirmed``: whether
    the catheter volume is known; where it is not, the programmer's line is the cautious end.
    """

    change: FluidChange
    least: FluidChange
    most: FluidChange
    volumes: LineVolumes
    prime_first: Volume
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class _Fluids:
    """Both fluids, and what fills a line of any length."""

    old: tuple[FluidComponent, ...]
    new: tuple[FluidComponent, ...]
    holds: LineHolds
    during: DoseRate
    after: DoseRate

    def line(self, tubing: Volume, catheter: Volume) -> BelievedLine:
        """A line of these volumes before anything is done."""
        old, new = as_fluid(self.old), as_fluid(self.new)
        match self.holds:
            case LineHolds.OLD:
                return BelievedLine.holding(tubing, catheter, old)
            case LineHolds.ASPIRATED:
                return BelievedLine.holding(tubing, catheter, old).aspirated(catheter)
            case LineHolds.NEW:
                return BelievedLine.holding(tubing, catheter, new)
        return BelievedLine.unknown(tubing, catheter)

    def change(self, tubing: Volume, catheter: Volume) -> FluidChange:
        """The change in a line of these volumes, once water or CSF ahead of all drug has been primed out."""
        line = self.line(tubing, catheter)
        ready = line.pushed(line.drug_free_at_tip(), as_fluid(self.new))
        return FluidChange(ready, self.old, self.new, self.during, self.after)


def asked(inputs: BridgeInputs) -> Asked:
    """The change that is asked about. Raises EntryRefused, one line."""
    fluids = _fluids(inputs)
    shortest, longest = _ends(inputs)
    is_confirmed = inputs.catheter is not None or inputs.catheter_volume is not None
    volumes = line_volumes(inputs if is_confirmed else replace(inputs, catheter_volume=shortest))
    tubing = (volumes.tubing, *(each.volume.amount for each in volumes.pump.tubing))
    least = fluids.change(min(tubing), shortest or volumes.catheter)
    most = fluids.change(max(tubing), longest or volumes.catheter)
    if not is_confirmed and not least.by_least:
        volumes = line_volumes(replace(inputs, catheter_volume=longest))
    return Asked(
        change=fluids.change(volumes.tubing, volumes.catheter),
        least=least,
        most=most,
        volumes=volumes,
        prime_first=fluids.line(volumes.tubing, volumes.catheter).drug_free_at_tip(),
        is_confirmed=is_confirmed,
    )


def _fluids(inputs: BridgeInputs) -> _Fluids:
    old, new = fluid_of(inputs.old, "old"), fluid_of(inputs.new, "new")
    during = inputs.daily_dose_now if inputs.dose_during is None else inputs.dose_during
    for field, dose in (
        ("daily_dose_now", inputs.daily_dose_now),
        ("daily_dose_after", inputs.daily_dose_after),
        ("dose_during", during),
    ):
        if dose.count == 0:
            raise EntryRefused(field, "must be more than zero; a bridge keeps a dose up")
    return _Fluids(old, new, inputs.line, during, inputs.daily_dose_after)


def _ends(inputs: BridgeInputs) -> tuple[Volume | None, Volume | None]:
    least, most = inputs.catheter_least, inputs.catheter_most
    if least is None and most is None:
        return None, None
    if least is None or most is None or not Volume(0) < least <= most:
        raise EntryRefused("catheter_least", "must be above 0 mL and not above catheter_most; give both or neither")
    return least, most
