"""Another fluid in the line than the program's: whether it is bridged, by the right volume, in the right time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import Duration, Volume
from thecal.therapy.arithmetic import dose_counted, rate_to_move
from thecal.therapy.bridge_findings import flow_findings, length_findings, line_findings
from thecal.therapy.bridging import FluidChange, without_bridge
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import Plan
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.rules.known import known_drug, known_model
from thecal.therapy.rules.line_before import Crossing, crossing
from thecal.therapy.showing import amount_text, length_text, ratio_text
from thecal.therapy.situation import BridgeOrder, Situation

_FIELD, _PATH = "bridge", "pending.bridge"


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
    words = (
        "The line still holds the old fluid, which would run at the new flow until the new one arrives: "
        "program a bridge with volume and time, or type why none is wanted."
    )
    shown, ratio = _without(plan, met)
    yield finding("bridge-missing", Verdict.STOP, _FIELD, words, *shown, ratio=ratio, path=_PATH)


def fluid_change(plan: Plan) -> Iterator[Finding]:
    """A bridge that was declined: what the patient gets meanwhile."""
    met, order = crossing(plan), plan.situation.pending.bridge
    if met is None or met.simple or _asked(order) is not None or not _declined(order):
        return
    words = "Without a bridge the old fluid reaches the patient first, at the new flow; make sure that this is meant."
    shown, ratio = _without(plan, met)
    path = f"{_PATH}.declined_because"
    yield finding("fluid-change", Verdict.WARN, "fluid", words, *shown, ratio=ratio, path=path)


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
    yield refusal("bolus-during-bridge", "patient bolus", words, path="pending.prescription.patient_bolus")


def _volume(plan: Plan, programmed: _Programmed) -> Iterator[Finding]:
    needed, policy = programmed.change.volume, plan.standing.policy
    if abs(programmed.volume.count - needed.count) <= needed.count * policy.bridge_tolerance:
        return
    short = programmed.volume < needed
    words = (
        "The bridge ends before the old fluid is out of the line; the rest would run at the new flow."
        if short
        else "The bridge goes on after the new fluid has reached the tip, at a flow meant for the old one."
    )
    shown = ("programmed", amount_text(programmed.volume, "mL")), ("in the line", amount_text(needed, "mL"))
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


def _declined(order: BridgeOrder | None) -> bool:
    return order is not None and bool((order.declined_because or "").strip())


def _programmed(plan: Plan) -> _Programmed | None:
    """None where no bridge is programmed, nothing is met in the line, or its volumes are not recorded."""
    asked, met = _asked(plan.situation.pending.bridge), crossing(plan)
    if asked is None or met is None or met.line is None:
        return None
    dose = dose_counted(rate_to_move(*asked), met.old[0].concentration)
    return _Programmed(*asked, met, met.change(met.line, dose))


def _without(plan: Plan, met: Crossing) -> tuple[tuple[tuple[str, str], ...], Fraction | None]:
    """What leaves the tip without a bridge, as far as the line is known, and how many times the dose before that is."""
    fluids = ("in the line", _fluid_text(met.old)), ("in the reservoir", _fluid_text(met.new))
    drug = known_drug(met.old[0].drug, plan.situation)
    if met.line is None or not met.line.known or drug is None:
        return fluids, None
    legs = without_bridge(met.change(met.line))
    most = max(leg.dose(drug.key) for leg in legs)
    lasts = Duration(sum(leg.lasts.count for leg in legs))
    unit = f"{drug.dose_unit}/day"
    shown = [*fluids, (f"{drug.display} meanwhile", amount_text(most, unit)), ("for", length_text(lasts))]
    if met.dose_before.count == 0:
        return tuple(shown), None
    ratio = Fraction(most.count, met.dose_before.count)
    shown += [(f"{drug.display} before", amount_text(met.dose_before, unit)), ("ratio", ratio_text(ratio))]
    return tuple(shown), ratio


def _fluid_text(fluid: tuple[FluidComponent, ...]) -> str:
    return ", ".join(f"{each.drug} {each.concentration}" for each in fluid)
