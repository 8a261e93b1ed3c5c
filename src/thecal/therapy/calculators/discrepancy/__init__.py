"""What came out against what should be left: ratio, error, class by reservoir size, and what may be behind it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.policy import Policy, policy
from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.quantities import FlowRate, Volume
from thecal.therapy.calculation import Calculation, Calculator, given
from thecal.therapy.calculators.discrepancy.causes import causes_of, likely
from thecal.therapy.calculators.discrepancy.records import Discrepancy, DiscrepancyInputs
from thecal.therapy.calculators.discrepancy.shown import findings_of, lines_of, sources_of
from thecal.therapy.calculators.on_paper import any_pump
from thecal.therapy.constant_flow import Flag, actual_flow, flag, flow_counted, supposed_left
from thecal.therapy.entry import EntryRefused
from thecal.therapy.returned import Returned, accepted_for, apart, outside, tolerance_for


@dataclass(frozen=True, slots=True)
class _Measured:
    """The comparison itself: by the pump's own count, or by label flow and calendar."""

    returned: Returned
    ratio: Fraction | None
    flow: FlowRate | None
    flag: Flag | None


def discrepancy(inputs: DiscrepancyInputs) -> Calculation[Discrepancy]:
    """How far withdrawn and expected volume differ, what that says, and what to do next.

    Raises EntryRefused for an unknown pump, for volumes that cannot be and for what belongs to the
    other kind of pump.
    """
    model, figures = any_pump(inputs.pump), policy()
    for field, told in (("filled", inputs.filled), ("withdrawn", inputs.withdrawn)):
        if told > model.capacity:
            raise EntryRefused(field, f"is more than the {model.capacity} the reservoir holds; measure again")
    if isinstance(model, ConstantFlowPump):
        measured, assumed = _by_calendar(inputs, model, figures), _ASSUMED_CONSTANT
    else:
        measured, assumed = _by_count(inputs), _ASSUMED
    answer = _answer(inputs, model, measured, figures)
    return Calculation(
        kind="discrepancy",
        answer=answer,
        inputs=given(inputs),
        outputs=lines_of(answer),
        formula=_FORMULA,
        sources=sources_of(model, answer, figures),
        assumptions=assumed,
        findings=tuple(findings_of(inputs, answer, figures)),
    )


def _by_count(inputs: DiscrepancyInputs) -> _Measured:
    if inputs.expected is None:
        raise EntryRefused("expected", "missing; give what the pump expects in its reservoir, as interrogated")
    if inputs.label_flow is not None:
        raise EntryRefused("label_flow", "only for a constant-flow pump; a programmable one says what it expects")
    if inputs.expected > inputs.filled:
        raise EntryRefused(
            "expected", "is more than was filled; give what the pump said before the reservoir was emptied"
        )
    returned = Returned(inputs.filled, inputs.expected, inputs.withdrawn)
    return _Measured(returned, returned.ratio, None, None)


def _by_calendar(inputs: DiscrepancyInputs, model: ConstantFlowPump, figures: Policy) -> _Measured:
    for field, told in (("expected", inputs.expected), ("alarm", inputs.alarm)):
        if told is not None:
            raise EntryRefused(
                field, "only for a programmable pump; a constant-flow pump counts nothing and never sounds"
            )
    if inputs.filled_at is None or inputs.now is None or inputs.now <= inputs.filled_at:
        raise EntryRefused("filled_at", "give when the pump was filled, and now, when it was emptied, after that")
    label = model.label_flow if inputs.label_flow is None else inputs.label_flow
    lasted = inputs.now.since(inputs.filled_at)
    if label.count == 0:
        raise EntryRefused("label_flow", "must be more than zero; give the flow on the label of this pump")
    left = supposed_left(inputs.filled, label, lasted)
    measured = actual_flow(inputs.filled, inputs.withdrawn, lasted)
    before = None if inputs.ratio_before is None else Fraction(inputs.ratio_before)
    ratio = Fraction(measured, label.count)
    asks = flag(ratio, before, figures)
    return _Measured(Returned(inputs.filled, left, inputs.withdrawn), ratio, flow_counted(measured), asks)


def _answer(inputs: DiscrepancyInputs, model: Pump, measured: _Measured, figures: Policy) -> Discrepancy:
    returned = measured.returned
    tolerance, accuracy = tolerance_for(model.capacity, figures), accepted_for(model, figures)
    came, nothing = returned.came(tolerance.amount), returned.about_nothing(figures.about_empty)
    return Discrepancy(
        expected=returned.expected,
        difference=returned.difference,
        came=came,
        about_nothing=nothing,
        tolerance=tolerance,
        ratio=measured.ratio,
        error=None if measured.ratio is None else measured.ratio - 1,
        accuracy=accuracy,
        outside_accuracy=outside(measured.ratio, accuracy.amount),
        flow=measured.flow,
        flag=measured.flag,
        place=_place(inputs),
        causes=causes_of(came, nothing),
        failures=likely(model, came, nothing, inputs.aspiration, inputs.effect),
    )


def _place(inputs: DiscrepancyInputs) -> Volume | None:
    if inputs.injected is None and inputs.recovered is None:
        return None
    if inputs.injected is None or inputs.recovered is None:
        raise EntryRefused("recovered", "give both what was injected to prove the place and what was drawn back of it")
    return apart(inputs.injected, inputs.recovered)


_FORMULA: tuple[str, ...] = (
    "difference = withdrawn - expected; its class by reservoir size",
    "delivered ratio = (filled - withdrawn) / (filled - expected); error = ratio - 1, above 0 for over-infusion",
    "constant flow: actual flow = (filled - withdrawn) / days; ratio = actual flow / label flow",
)
_ASSUMED: tuple[str, ...] = (
    "What the pump expects is its own count; it does not measure.",
    "One refill carries reading and withdrawal errors; see the trend over visits before blaming the pump.",
    "Causes are kept apart by kind and none is proven by a volume alone.",
)
_ASSUMED_CONSTANT: tuple[str, ...] = (
    "What should be left follows from the label flow and the calendar; what cannot be drawn out cancels.",
    "A constant-flow pump has no alarm: running dry is only prevented by the calendar.",
    "A reservoir that ran dry makes the measured flow a lower bound.",
    "Causes are kept apart by kind and none is proven by a volume alone; a good catheter often does not draw.",
)
CALCULATOR = Calculator(
    "discrepancy", "Returned volume against expected volume, and what is behind it", DiscrepancyInputs, discrepancy
)
