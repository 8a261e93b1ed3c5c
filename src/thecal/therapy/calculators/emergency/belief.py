"""What is believed of a pump in an emergency: what fills its line, what it gives, and until when."""

from __future__ import annotations

from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, Pump
from thecal.column import Column, Fluid, Segment
from thecal.quantities import Volume
from thecal.therapy.arithmetic import dose_counted, dose_given
from thecal.therapy.believed import BelievedLine
from thecal.therapy.calculators.emergency.records import EmergencyInputs, Supply
from thecal.therapy.calculators.on_paper import fluid_of, prescribed
from thecal.therapy.constant_flow import runs_dry
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding
from thecal.therapy.mixing import as_fluid
from thecal.therapy.models import in_hand
from thecal.therapy.prescribed import Therapy
from thecal.therapy.projection import Fill, daily_boluses, project
from thecal.therapy.translation import CannotTranslate, translate


def believed_line(inputs: EmergencyInputs, model: Pump) -> BelievedLine | None:
    """Tubing and catheter with what is in them; None where the catheter volume is not known.

    Raises EntryRefused for stretches that do not fill it, or a volume of zero.
    """
    if inputs.catheter_volume is None:
        if inputs.line:
            raise EntryRefused("catheter_volume", "missing; without it nobody can say how far the line reaches")
        return None
    inside = model.restrictor_volume if isinstance(model, ConstantFlowPump) else model.tubing_volume
    tubing = inputs.tubing_volume or inside
    for name, volume in (("catheter_volume", inputs.catheter_volume), ("tubing_volume", tubing)):
        if volume.count == 0:
            raise EntryRefused(name, "must be more than 0 mL")
    if not inputs.line:
        return BelievedLine.holding(tubing, inputs.catheter_volume, as_fluid(fluid_of(inputs.fluid)))
    stretches = tuple(Segment(each.volume.count, _fluid(inputs, at)) for at, each in enumerate(inputs.line))
    whole = Volume(tubing.count + inputs.catheter_volume.count)
    if sum(each.volume_nl for each in stretches) != whole.count:
        raise EntryRefused("line", f"the stretches together must fill tubing and catheter, {whole.text_in('mL')}")
    return BelievedLine(tubing.count, inputs.catheter_volume.count, Column.of(stretches))


def supply_of(inputs: EmergencyInputs, model: Pump) -> tuple[Supply | None, tuple[Finding, ...]]:
    """What the pump gives and until when, or why the therapy that is told cannot run in it.

    Raises EntryRefused for a therapy on a constant-flow pump, none on a programmable one, or one that contradicts
    itself.
    """
    if isinstance(model, ConstantFlowPump):
        if inputs.therapy is not None:
            raise EntryRefused("therapy", f"{model.name} has one flow for life and runs no therapy; leave it out")
        return _by_label(inputs, model), ()
    if inputs.therapy is None:
        raise EntryRefused("therapy", "missing; say what the pump runs, stopped included")
    return _programmed(inputs, inputs.therapy, model)


def _by_label(inputs: EmergencyInputs, pump: ConstantFlowPump) -> Supply:
    fluid = fluid_of(inputs.fluid)
    empty = runs_dry(pump, inputs.reservoir, inputs.at, pump.label_flow)
    return Supply(
        daily=tuple(dose_given(pump.label_flow, each.concentration) for each in fluid),
        greatest=tuple(dose_counted(pump.label_flow, each.concentration) for each in fluid),
        alarm=None,
        empty=empty,
        worst_case_empty=empty,
    )


def _programmed(
    inputs: EmergencyInputs, therapy: Therapy, model: ProgrammablePump
) -> tuple[Supply | None, tuple[Finding, ...]]:
    translated = translate(prescribed(therapy, inputs.fluid), in_hand(model))
    if isinstance(translated, CannotTranslate):
        return None, translated.findings
    derived = translated.derived
    fill = Fill(
        reservoir=inputs.reservoir,
        capacity=model.capacity,
        low_reservoir=Volume(translated.program.low_reservoir_nl),
        unusable=model.residual,
        now=inputs.at,
        clock_offset_min=inputs.clock_offset_min,
    )
    dates = project(derived.profile, daily_boluses(derived), fill, policy().lead_before_alarm.count)
    return (
        Supply(derived.daily_doses, derived.greatest_24h_doses, dates.alarm, dates.empty, dates.worst_case_empty),
        (),
    )


def _fluid(inputs: EmergencyInputs, at: int) -> Fluid:
    stretch = inputs.line[at]
    if stretch.volume.count == 0:
        raise EntryRefused(f"line[{at}].volume", "must be more than 0 mL")
    return as_fluid(fluid_of(stretch.fluid, f"line[{at}].fluid")) if stretch.fluid else Fluid()
