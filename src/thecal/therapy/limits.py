"""What one pump model cannot do, said as findings before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.device import Bound, FlexStep, PumpDescriptor, bounds
from thecal.device.program import FLEX_STEPS_MAX
from thecal.quantities import Duration, FlowRate, Volume
from thecal.therapy.arithmetic import rate_for_dose, rate_for_timed_dose, volume_for_mass, whole_strokes
from thecal.therapy.entry import write_clock
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.prescription import BolusOrder, Flex, Prescription, SimpleContinuous
from thecal.therapy.written import Written

_MS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class _Part:
    """One flow a regimen asks for; ``wanted``: drug is prescribed here, so that a flow of 0 is too little."""

    field: str
    path: str
    rate: FlowRate
    wanted: bool


def model_findings(prescription: Prescription, descriptor: PumpDescriptor, written: Written) -> tuple[Finding, ...]:
    """Every reason why this model cannot run this regimen and this bolus; empty when it can."""
    parts = _parts(prescription, written)
    found = [finding for part in parts for finding in _rate_findings(part, descriptor)]
    if prescription.patient_bolus is not None:
        highest = max((part.rate.count for part in parts), default=0)
        path = f"{written.therapy}.patient_bolus"
        found += _bolus_findings(prescription, prescription.patient_bolus, highest, descriptor, path)
    if prescription.low_reservoir is not None and prescription.low_reservoir.count >= descriptor.reservoir_nl:
        words = "The low-reservoir alarm level must be below what the reservoir holds."
        level = prescription.low_reservoir.text_in("mL")
        held = Volume(descriptor.reservoir_nl).text_in("mL")
        shown, path = (("alarm level", level), ("reservoir", held)), f"{written.therapy}.low_reservoir"
        found.append(refusal("low-level-range", "low reservoir", words, *shown, path=path))
    return tuple(found)


def step_findings(steps: tuple[FlexStep, ...], written: Written) -> tuple[Finding, ...]:
    """Whether the pump can hold a day with so many changes."""
    if len(steps) <= FLEX_STEPS_MAX:
        return ()
    words = "The day has more changes of flow than the pump can hold."
    shown, path = (("changes", str(len(steps))), ("holds", str(FLEX_STEPS_MAX))), f"{written.therapy}.steps"
    return (refusal("too-many-steps", "steps", words, *shown, path=path),)


def _parts(prescription: Prescription, written: Written) -> list[_Part]:
    primary, regimen = prescription.primary, prescription.regimen
    if primary is None:
        return []
    concentration = primary.concentration
    if isinstance(regimen, SimpleContinuous):
        return [_Part("daily dose", written.dose(regimen), rate_for_dose(regimen.daily_dose, concentration), True)]
    if not isinstance(regimen, Flex):
        return []
    parts = [
        _Part(
            f"step from {write_clock(step.start_min)}",
            f"{written.therapy}.steps[{index}].dose",
            rate_for_timed_dose(step.dose, concentration, step.minutes),
            step.dose.count > 0,
        )
        for index, step in enumerate(regimen.steps)
    ]
    if regimen.background_minutes:
        background = rate_for_dose(regimen.background, concentration)
        path = f"{written.therapy}.background"
        parts.append(_Part("background dose", path, background, regimen.background.count > 0))
    return parts


def _rate_findings(part: _Part, pump: PumpDescriptor) -> list[Finding]:
    shown = ("flow", part.rate.text_in("mL/day"))
    if part.rate.count > pump.highest_rate_nl_per_day:
        limit = FlowRate(pump.highest_rate_nl_per_day).text_in("mL/day")
        words = "This dose at this concentration needs more flow than the pump can give."
        return [refusal("rate-too-high", part.field, words, shown, ("highest", limit), path=part.path)]
    if part.wanted and part.rate.count < pump.lowest_rate_nl_per_day:
        limit = FlowRate(pump.lowest_rate_nl_per_day).text_in("mL/day")
        words = "This dose at this concentration needs less flow than the pump can give; a thinner fluid would do."
        return [refusal("rate-too-low", part.field, words, shown, ("lowest", limit), path=part.path)]
    return []


def _bolus_findings(
    prescription: Prescription, order: BolusOrder, highest_nl_per_day: int, pump: PumpDescriptor, path: str
) -> list[Finding]:
    found = _bound_findings(order, path)
    primary = prescription.components[0]
    wanted = volume_for_mass(order.dose, primary.concentration)
    given = whole_strokes(wanted, Volume(pump.stroke_nl))
    if given.count == 0:
        words = "The bolus is smaller than one stroke of the pump; it would give nothing."
        pairs = ("bolus", wanted.text_in("µL")), ("one stroke", Volume(pump.stroke_nl).text_in("µL"))
        return [*found, refusal("bolus-below-stroke", "bolus dose", words, *pairs, path=f"{path}.dose")]
    if order.duration.count == 0:
        return found
    flow = -(-given.count * _MS_PER_DAY // order.duration.count)
    together = flow + highest_nl_per_day
    if together > pump.highest_rate_nl_per_day:
        words = "Basal flow and bolus together pass the highest flow of the pump; let the bolus take longer."
        limit = FlowRate(pump.highest_rate_nl_per_day).text_in("mL/day")
        shown = ("flow", FlowRate(together).text_in("mL/day")), ("highest", limit)
        found.append(refusal("bolus-flow", "bolus duration", words, *shown, path=f"{path}.duration"))
    return found


def _bound_findings(order: BolusOrder, path: str) -> list[Finding]:
    found = []
    for name, bound, value, unit in (
        ("duration", bounds.BOLUS_DURATION, order.duration, "min"),
        ("lockout", bounds.LOCKOUT, order.lockout, "h"),
    ):
        if not bound.low <= value.count <= bound.high:
            found.append(_outside(bound, value.text_in(unit), f"{path}.{name}"))
    allotted = bounds.BOLUSES_PER_24H
    if not allotted.low <= order.maximum_per_24h <= allotted.high:
        words = f"A pump allots {allotted.low} to {allotted.high} patient boluses in 24 h."
        shown, path = ("asked", str(order.maximum_per_24h)), f"{path}.maximum_per_24h"
        found.append(refusal("bolus-maximum", "boluses per 24 h", words, shown, path=path))
    return found


def _outside(bound: Bound, shown: str, path: str) -> Finding:
    words = f"The {bound.name} must lie from {Duration(bound.low)} to {Duration(bound.high)}."
    return refusal(bound.name.replace(" ", "-"), bound.name, words, ("asked", shown), path=path)
