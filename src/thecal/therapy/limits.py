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

_MS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class _Part:
    """One flow a regimen asks for; ``wanted``: drug is prescribed here, so that a flow of 0 is too little."""

    field: str
    rate: FlowRate
    wanted: bool


def model_findings(prescription: Prescription, descriptor: PumpDescriptor) -> tuple[Finding, ...]:
    """Every reason why this model cannot run this regimen and this bolus; empty when it can."""
    parts = _parts(prescription)
    found = [finding for part in parts for finding in _rate_findings(part, descriptor)]
    if prescription.patient_bolus is not None:
        highest = max((part.rate.count for part in parts), default=0)
        found += _bolus_findings(prescription, prescription.patient_bolus, highest, descriptor)
    if prescription.low_reservoir is not None and prescription.low_reservoir.count >= descriptor.reservoir_nl:
        words = "The low-reservoir alarm level must be below what the reservoir holds."
        level = prescription.low_reservoir.text_in("mL")
        held = Volume(descriptor.reservoir_nl).text_in("mL")
        found.append(refusal("low-level-range", "low reservoir", words, ("alarm level", level), ("reservoir", held)))
    return tuple(found)


def step_findings(steps: tuple[FlexStep, ...]) -> tuple[Finding, ...]:
    """Whether the pump can hold a day with so many changes."""
    if len(steps) <= FLEX_STEPS_MAX:
        return ()
    words = "The day has more changes of flow than the pump can hold."
    return (refusal("too-many-steps", "steps", words, ("changes", str(len(steps))), ("holds", str(FLEX_STEPS_MAX))),)


def _parts(prescription: Prescription) -> list[_Part]:
    primary, regimen = prescription.primary, prescription.regimen
    if primary is None:
        return []
    concentration = primary.concentration
    if isinstance(regimen, SimpleContinuous):
        return [_Part("daily dose", rate_for_dose(regimen.daily_dose, concentration), True)]
    if not isinstance(regimen, Flex):
        return []
    parts = [
        _Part(
            f"step from {write_clock(step.start_min)}",
            rate_for_timed_dose(step.dose, concentration, step.minutes),
            step.dose.count > 0,
        )
        for step in regimen.steps
    ]
    if regimen.background_minutes:
        background = rate_for_dose(regimen.background, concentration)
        parts.append(_Part("background dose", background, regimen.background.count > 0))
    return parts


def _rate_findings(part: _Part, pump: PumpDescriptor) -> list[Finding]:
    shown = ("flow", part.rate.text_in("mL/day"))
    if part.rate.count > pump.highest_rate_nl_per_day:
        limit = FlowRate(pump.highest_rate_nl_per_day).text_in("mL/day")
        words = "This dose at this concentration needs more flow than the pump can give."
        return [refusal("rate-too-high", part.field, words, shown, ("highest", limit))]
    if part.wanted and part.rate.count < pump.lowest_rate_nl_per_day:
        limit = FlowRate(pump.lowest_rate_nl_per_day).text_in("mL/day")
        words = "This dose at this concentration needs less flow than the pump can give; a thinner fluid would do."
        return [refusal("rate-too-low", part.field, words, shown, ("lowest", limit))]
    return []


def _bolus_findings(
    prescription: Prescription, order: BolusOrder, highest_nl_per_day: int, pump: PumpDescriptor
) -> list[Finding]:
    found = _bound_findings(order)
    primary = prescription.components[0]
    wanted = volume_for_mass(order.dose, primary.concentration)
    given = whole_strokes(wanted, Volume(pump.stroke_nl))
    if given.count == 0:
        words = "The bolus is smaller than one stroke of the pump; it would give nothing."
        pair = ("one stroke", Volume(pump.stroke_nl).text_in("µL"))
        return [*found, refusal("bolus-below-stroke", "bolus dose", words, ("bolus", wanted.text_in("µL")), pair)]
    if order.duration.count == 0:
        return found
    flow = -(-given.count * _MS_PER_DAY // order.duration.count)
    together = flow + highest_nl_per_day
    if together > pump.highest_rate_nl_per_day:
        words = "Basal flow and bolus together pass the highest flow of the pump; let the bolus take longer."
        limit = FlowRate(pump.highest_rate_nl_per_day).text_in("mL/day")
        shown = ("flow", FlowRate(together).text_in("mL/day"))
        found.append(refusal("bolus-flow", "bolus duration", words, shown, ("highest", limit)))
    return found


def _bound_findings(order: BolusOrder) -> list[Finding]:
    found = []
    for bound, value, unit in (
        (bounds.BOLUS_DURATION, order.duration, "min"),
        (bounds.LOCKOUT, order.lockout, "h"),
    ):
        if not bound.low <= value.count <= bound.high:
            found.append(_outside(bound, value.text_in(unit), Duration(bound.low), Duration(bound.high)))
    allotted = bounds.BOLUSES_PER_24H
    if not allotted.low <= order.maximum_per_24h <= allotted.high:
        words = f"A pump allots {allotted.low} to {allotted.high} patient boluses in 24 h."
        found.append(refusal("bolus-maximum", "boluses per 24 h", words, ("asked", str(order.maximum_per_24h))))
    return found


def _outside(bound: Bound, shown: str, low: Duration, high: Duration) -> Finding:
    words = f"The {bound.name} must lie from {low} to {high}."
    return refusal(bound.name.replace(" ", "-"), bound.name, words, ("asked", shown))
