"""Another fluid in the line than the program's: whether it is bridged, by the right volume, in the right time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import Duration, Volume
from thecal.therapy.arithmetic import dose_counted, rate_to_move
from thecal.therapy.bridge_findings import flow_findings, length_findings, line_findings
from thecal.therapy.bridging import FluidChange
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import Plan
from thecal.therapy.rules.known import known_drug, known_model
from thecal.therapy.rules.line_before import Crossing, crossing
from thecal.therapy.rules.meanwhile import ceiling_passed, fluid_text, meanwhile, step_passed
from thecal.therapy.showing import amount_text, length_text
from thecal.therapy.situation import BridgeOrder, Situation

_FIELD, _PATH = "bridge", "pending.bridge"
_REASON = f"{_PATH}.declined_because"
_LETTERS = 3  # the fewest that can name anything; "." or "ok" names nothing


@dataclass(frozen=True, slots=True)
class _Programmed:
    """A bridge with volume and time, and the change of fluid it makes at the dose it gives."""

    volume: Volume
    duration: Duration
    crossing: Crossing
    change: FluidChange


def bridge_missing(plan: Plan) -> Iterator[Finding]:
    """Another fluid is in the line, and neither a bridge nor a reason against one is given."""
    met, order = crossing(plan), plan.situation.pending.bridge
    if met is None or met.simple or _asked(order) is not None or _declined(order):
        return
    shown, ratio = _without(plan, met)
    typed = _typed(order)
    if typed:
        words = f"{typed!r} is no reason against a bridge; type in words why none is wanted, or program one."
        yield refusal("bridge-missing", _FIELD, words, *shown, path=_REASON)
        return
    words = (
        "The line still holds the old fluid, which would run at the new flow until the new one arrives: "
        "program a bridge with volume and time, or type why none is wanted."
    )
    yield finding("bridge-missing", Verdict.STOP, _FIELD, words, *shown, ratio=ratio, path=_PATH)


def fluid_change(plan: Plan) -> Iterator[Finding]:
    """No bridge: what the patient gets meanwhile is held against the limits of a dose; a reason does not lift them."""
    met, order = crossing(plan), plan.situation.pending.bridge
    if met is None or met.simple or _asked(order) is not None:
        return
    drugs, declined = meanwhile(plan, met), _declined(order)
    heavy = []
    for each in drugs:
        refused = [*ceiling_passed(each)]
        heavy += refused or ([*step_passed(each, _REASON)] if declined else [])
    yield from heavy
    if declined and not heavy:
        words = (
            "Without a bridge the old fluid reaches the patient first, at the new flow; make sure that this is meant."
        )
        shown, ratio = _without(plan, met)
        yield finding("fluid-change", Verdict.WARN, "fluid", words, *shown, ratio=ratio, path=_REASON)


def bridge_wrong(plan: Plan) -> Iterator[Finding]:
    """A bridge for which there is nothing in the line, or whose volume or time does not fit what is there."""
    programmed = _programmed(plan)
    if programmed is None:
        if plan.infuses and _asked(plan.situation.pending.bridge) is not None and crossing(plan) is None:
            words = "There is no other drug in the line, so there is nothing to bridge; program without."
            yield finding("bridge-wrong", Verdict.STOP, _FIELD, words, path=f"{_PATH}.volume")
    elif programmed.change.drug_in_line is None:
        yield from (replace(found, path=_PATH) for found in line_findings(programmed.change))
    else:
        yield from _volume(plan, programmed)
        yield from _dose(plan, programmed)


def bridge_long(plan: Plan) -> Iterator[Finding]:
    """A bridge of days, and one at a flow the pump cannot give."""
    programmed, model = _programmed(plan), known_model(plan.situation)
    if programmed is None:
        return
    found = [*length_findings(programmed.change, plan.standing.policy)]
    if isinstance(model, ProgrammablePump):
        found += flow_findings(programmed.change, model)
    yield from (replace(each, path=f"{_PATH}.duration") for each in found)


def bolus_during_bridge(situation: Situation) -> Iterator[Finding]:
    """A patient bolus while a bridge runs would give another drug, or another dose, than it says."""
    order, bolus = situation.pending.bridge, situation.pending.prescription.patient_bolus
    if order is None or order.volume is None or bolus is None:
        return
    words = "A patient bolus during the bridge would give the old fluid; prescribe it once the bridge has ended."
    path = f"{situation.pending.written.therapy}.patient_bolus"
    yield refusal("bolus-during-bridge", "patient bolus", words, path=path)


def _volume(plan: Plan, programmed: _Programmed) -> Iterator[Finding]:
    """Any volume from the one in the line to the cautious end of what the pump's tubing can hold is right."""
    needed, policy, model = programmed.change.volume, plan.standing.policy, known_model(plan.situation)
    versions = [each.volume.amount for each in model.tubing] if isinstance(model, ProgrammablePump) else []
    cautious = programmed.change.cautious(versions)
    low, high = sorted((needed, cautious))
    slack = policy.bridge_tolerance
    if low.count * (1 - slack) <= programmed.volume.count <= high.count * (1 + slack):
        return
    words = (
        "The bridge ends before the old fluid is out of the line; the rest would run at the new flow."
        if programmed.volume < low
        else "The bridge goes on after the new fluid has reached the tip, at a flow meant for the old one."
    )
    shown = [("programmed", amount_text(programmed.volume, "mL")), ("in the line", amount_text(needed, "mL"))]
    if cautious != needed:
        shown.append(("cautious", amount_text(cautious, "mL")))
    limit, path = policy.source_of("bridge_tolerance"), f"{_PATH}.volume"
    yield finding("bridge-wrong", Verdict.STOP, "bridge volume", words, *shown, limit=limit, path=path)


def _dose(plan: Plan, programmed: _Programmed) -> Iterator[Finding]:
    """The old drug's dose meanwhile lies between before and after; with another drug it may also be less."""
    met, policy, given = programmed.crossing, plan.standing.policy, programmed.change.dose_during
    drug, same = known_drug(met.old[0].drug, plan.situation), programmed.change.is_of_concentration
    if met.dose_before.count == 0 or drug is None:
        return
    ends = (met.dose_before, met.dose_after) if same else (met.dose_before,)
    least = 1 if same else drug.step_ratio
    slack = policy.bridge_tolerance
    if given.count * least >= min(ends).count * (1 - slack) and given.count <= max(ends).count * (1 + slack):
        return
    words = (
        f"During this bridge the dose of {drug.display} would lie outside the old and the new one; correct its time."
        if same
        else f"During this bridge {drug.display} would be more than before, or far less; correct its time."
    )
    unit = f"{drug.dose_unit}/day"
    shown = (
        ("during the bridge", amount_text(given, unit)),
        ("before", amount_text(met.dose_before, unit)),
        ("time programmed", length_text(programmed.duration)),
    )
    limit, path = policy.source_of("bridge_tolerance"), f"{_PATH}.duration"
    yield finding("bridge-wrong", Verdict.STOP, "bridge time", words, *shown, limit=limit, path=path)


def _asked(order: BridgeOrder | None) -> tuple[Volume, Duration] | None:
    """Volume and time of a bridge; None where one of them is missing or nothing."""
    if order is None or order.volume is None or order.duration is None:
        return None
    return (order.volume, order.duration) if order.volume.count and order.duration.count else None


def _typed(order: BridgeOrder | None) -> str:
    return "" if order is None else (order.declined_because or "").strip()


def _declined(order: BridgeOrder | None) -> bool:
    """Whether a reason is typed that has at least one word in it."""
    return sum(letter.isalpha() for letter in _typed(order)) >= _LETTERS


def _programmed(plan: Plan) -> _Programmed | None:
    """None where no bridge is programmed, nothing is met in the line, or its volumes are not recorded."""
    asked, met = _asked(plan.situation.pending.bridge), crossing(plan)
    if asked is None or met is None or met.line is None:
        return None
    dose = dose_counted(rate_to_move(*asked), met.old[0].concentration)
    return _Programmed(*asked, met, met.change(met.line, dose))


def _without(plan: Plan, met: Crossing) -> tuple[tuple[tuple[str, str], ...], Fraction | None]:
    """What leaves the tip without a bridge, as far as the line is known, and how many times the dose before that is."""
    fluids = (
        ("in the line", fluid_text(met.old, plan.situation)),
        ("in the reservoir", fluid_text(met.new, plan.situation)),
    )
    drugs = meanwhile(plan, met)
    return ((*fluids, *drugs[0].shown), drugs[0].ratio) if drugs else (fluids, None)
