"""What lies between reservoir and tip before this visit pushes anything, and what a new fluid makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.pumps import ProgrammablePump
from thecal.column import Fluid
from thecal.device import INFUSING
from thecal.quantities import DoseRate, Volume
from thecal.therapy.believed import BelievedLine
from thecal.therapy.bridging import FluidChange
from thecal.therapy.derived import derive
from thecal.therapy.mixing import as_fluid, concentration_given
from thecal.therapy.plan import Plan
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.rules.known import known_model
from thecal.therapy.schedule import prescribed_fluid
from thecal.therapy.situation import Situation


@dataclass(frozen=True, slots=True)
class Crossing:
    """Another fluid than the program's is in the line. ``line`` None: its volumes are not recorded.

    ``dose_before``: 24-hour dose of the old primary drug until now, 0 where none ran. ``same_flow``: the new fluid
    runs at the flow of the old one and simply follows.
    """

    line: BelievedLine | None
    old: tuple[FluidComponent, ...]
    new: tuple[FluidComponent, ...]
    dose_before: DoseRate
    dose_after: DoseRate
    same_flow: bool

    @property
    def simple(self) -> bool:
        """Whether nothing has to be bridged: the fluid is the one that ran, or runs at the same flow."""
        return self.same_flow or as_fluid(self.old) == as_fluid(self.new)

    def change(self, line: BelievedLine, dose_during: DoseRate | None = None) -> FluidChange:
        """The change of fluid in this line; without another wish the old drug goes on as before."""
        during = dose_during or self.dose_before
        return FluidChange(line, self.old, self.new, during if during.count else self.dose_after, self.dose_after)


def line_before(situation: Situation) -> BelievedLine | None:
    """The line as it is recorded, else full of what ran; after what this visit aspirates. None: no volumes."""
    line = situation.devices.line or _by_volumes(situation)
    drawn = situation.pending.aspirated
    return line if line is None or drawn is None else line.aspirated(drawn)


def crossing(plan: Plan) -> Crossing | None:
    """What a new fluid meets in the line, once this visit has primed; None where no dose runs or nothing is met."""
    new, dose_after = plan.prescription.components, plan.translation.programmed.daily[:1]
    if not plan.infuses or dose_after[0].count == 0:
        return None
    line, prime, fluid = line_before(plan.situation), plan.situation.pending.prime, as_fluid(new)
    if line is not None and prime is not None:
        line = line.pushed(prime.volume, fluid)
    old = _old(plan, line, fluid)
    if not old or (line is not None and line.until_at_tip(fluid).count == 0):
        return None
    before = {step.drug.key: step.old_daily for step in plan.steps}
    return Crossing(line, old, new, before.get(old[0].drug, DoseRate(0)), dose_after[0], _same_flow(plan))


def ran(situation: Situation) -> tuple[FluidComponent, ...]:
    """The fluid of the last program that gave drug; nothing where none did."""
    last = situation.current.last_infusing
    return prescribed_fluid(last) if last.mode in INFUSING else ()


def _by_volumes(situation: Situation) -> BelievedLine | None:
    devices, model = situation.devices, known_model(situation)
    tubing = devices.tubing_volume
    if tubing is None and isinstance(model, ProgrammablePump):
        tubing = model.tubing_volume
    catheter = devices.catheter_volume
    if catheter is None and devices.catheter is not None:
        catheter = devices.catheter.volume()
    if tubing is None or catheter is None or catheter == Volume(0):
        return None
    held = ran(situation)
    return BelievedLine.holding(tubing, catheter, as_fluid(held)) if held else BelievedLine.unknown(tubing, catheter)


def _old(plan: Plan, line: BelievedLine | None, new: Fluid) -> tuple[FluidComponent, ...]:
    """The fluid that leaves first, primary drug first; nothing where that is the new one or holds no drug."""
    last = ran(plan.situation)
    if line is None:
        return () if as_fluid(last) == new else last
    if not line.known:
        return last
    others = [each for each in line.stretches if each.fluid != new and each.fluid.drugs]
    if not others:
        return ()
    largest = max(others, key=lambda each: each.volume_nl).fluid
    first = [each.drug for each in (*last, *plan.prescription.components)]
    rank = {drug: place for place, drug in reversed(list(enumerate(first)))}
    drugs = sorted(largest.drugs, key=lambda each: rank.get(each[0], len(first)))
    return tuple(FluidComponent(drug, concentration_given(exact)) for drug, exact in drugs)


def _same_flow(plan: Plan) -> bool:
    last = plan.standing.last_infusing
    if last.mode not in INFUSING:
        return False
    return derive(last, plan.standing.pump.descriptor).daily_volume == plan.translation.derived.daily_volume
