"""Bridge bolus: volume, dose, flow and time, what happens without it, and what an interruption leaves to do.

V = tubing + catheter; R = D / C_old; T = V x C_old / D; then R_new = D_new / C_new; without a bridge the old drug runs
at D_new x C_old / C_new a day for V / R_new [programmable 3.2; clinical 6.1].
"""

from __future__ import annotations

from fractions import Fraction

from thecal.catalogue.policy import policy
from thecal.device import INFUSING
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Mass
from thecal.therapy.arithmetic import dose_counted, rate_for_dose, time_to_move
from thecal.therapy.bridging import FluidChange, NoBridge, Resumed, misjudged, resumed, without_bridge
from thecal.therapy.calculation import Calculation, Calculator, SourceLine, cited, given
from thecal.therapy.calculators.bridge.inputs import Asked, BridgeInputs, asked
from thecal.therapy.calculators.bridge.leg_lines import HeldAgainst
from thecal.therapy.calculators.bridge.lines import bridge_lines
from thecal.therapy.calculators.bridge.notes import bracket_findings, bridge_findings, component_findings
from thecal.therapy.calculators.bridge.parts import Bracket, Bridge, BridgePlan, ComponentDoses
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Verdict
from thecal.therapy.mixing import mass_counted_of
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.situation import AfterInterruption
from thecal.therapy.tip import NL_PER_ML, Leg

_FORMULA = (
    "V = tubing + catheter: what must be pushed until the new fluid is at the tip",
    "bridge flow R = D_during / C_old; bridge dose = V x C_old; bridge time T = V / R = V x C_old / D_during",
    "afterwards R_new = D_new / C_new",
    "to enter where the pump is already told the new fluid: B = V x C_new over T",
    "without a bridge: D_new x C_old / C_new a day for V / R_new",
    "each other drug of a fluid follows by its concentration",
)
_ASSUMED = (
    "Fronts are sharp: at the flows of a therapy they are, within 1 to 3 % of the catheter.",
    "The reservoir holds the new fluid as labelled; what a residual of the old one makes of it is another question.",
    "Patient boluses and flex steps are suspended until the bridge ends.",
    "Flow is rounded down, time and the dose to enter are rounded up, so that no old fluid is left behind.",
)
_EQUATIONS = (
    SourceLine("bridge volume, flow and time", "practice of programmable pumps; not read in a manual", "recalled"),
    SourceLine(
        "least tubing volume when the concentration goes up, most when it goes down",
        "SynchroMed EL clinician manual, p. 176",
        "verified",
    ),
)


def bridge(inputs: BridgeInputs) -> Calculation[Bridge]:
    """The bridge for a change of fluid, or why there is none. Raises EntryRefused, one line."""
    question = asked(inputs)
    change = question.change
    reason = change.not_needed(running=inputs.mode in INFUSING)
    findings = [*bridge_findings(inputs, question, reason)]
    possible = reason is None and all(each.verdict is not Verdict.REFUSE for each in findings)
    answer = Bridge(
        plan=_plan(question) if possible else None,
        reason=reason,
        arrives=_arrives(change, reason, possible=possible),
        components=_components(change, inputs.daily_dose_now),
        without=_without(change, reason),
        bracket=_bracket(question) if possible else None,
        resumed=_resumed(change, inputs) if possible else (),
    )
    if answer.bracket is not None:
        findings += bracket_findings(answer.bracket, change)
    if possible:
        findings += component_findings(answer.components)
    shown = bridge_lines(answer, change, _against(change, inputs.daily_dose_now))
    limits = [cited(f"bridge, {name}", policy().source_of(f"bridge_{name}")) for name in ("ask", "refuse")]
    sources = (*question.volumes.sources, *_EQUATIONS, *limits)
    return Calculation("bridge", answer, given(inputs), shown, _FORMULA, sources, _ASSUMED, tuple(findings))


def _plan(question: Asked) -> BridgePlan:
    change = question.change
    return BridgePlan(
        prime_first=question.prime_first,
        volume=change.volume,
        dose=_in_line(change, change.old[0].drug) or Mass(0),
        rate=change.rate,
        duration=change.duration,
        entered=change.entered,
        rate_after=change.rate_after,
    )


def _arrives(change: FluidChange, reason: NoBridge | None, *, possible: bool) -> Duration | None:
    if possible:
        return change.duration
    if reason in (NoBridge.SAME_FLUID, NoBridge.SAME_FLOW):
        return time_to_move(change.volume, change.rate_after)
    return None


def _components(change: FluidChange, now: DoseRate) -> tuple[ComponentDoses, ...]:
    running = rate_for_dose(now, change.old[0].concentration)
    found = []
    for name in _drugs(change):
        old, new = _of(change.old, name), _of(change.new, name)
        during, after = _exact(change.rate, old), _exact(change.rate_after, new)
        found.append(
            ComponentDoses(
                drug=name,
                in_line=_in_line(change, name),
                now=dose_counted(running, old),
                during=dose_counted(change.rate, old),
                after=dose_counted(change.rate_after, new),
                ratio=Fraction(during, after) if after else None,
            )
        )
    return tuple(found)


def _without(change: FluidChange, reason: NoBridge | None) -> tuple[Leg, ...]:
    return without_bridge(change) if reason is None and change.rate_after.count else ()


def _bracket(question: Asked) -> Bracket | None:
    least, most = question.least, question.most
    if least.volume == most.volume:
        return None
    cautious = least if question.change.by_least else most
    early, late = misjudged(most, least.volume), misjudged(least, most.volume)
    return Bracket(least.volume, most.volume, cautious.volume, cautious.duration, early, late)


def _resumed(change: FluidChange, inputs: BridgeInputs) -> tuple[Resumed, ...]:
    if inputs.delivered is None:
        return ()
    if inputs.delivered > change.volume:
        raise EntryRefused("delivered", f"is more than the whole bridge of {change.volume.text_in('mL')}")
    return tuple(resumed(change, inputs.delivered, how) for how in AfterInterruption)


def _against(change: FluidChange, now: DoseRate) -> tuple[HeldAgainst, ...]:
    """The dose wanted afterwards; for a drug that is not in the new fluid, the one it has now."""
    running = rate_for_dose(now, change.old[0].concentration)
    found = []
    for name in _drugs(change):
        after = _exact(change.rate_after, _of(change.new, name))
        before = _exact(running, _of(change.old, name))
        found.append(
            HeldAgainst(name, after, "dose wanted after") if after else HeldAgainst(name, before, "dose before")
        )
    return tuple(found)


def _drugs(change: FluidChange) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.drug for each in (*change.old, *change.new)))


def _of(fluid: tuple[FluidComponent, ...], name: str) -> Concentration:
    return next((each.concentration for each in fluid if each.drug == name), Concentration(0))


def _exact(rate: FlowRate, concentration: Concentration) -> Fraction:
    return Fraction(rate.count * concentration.count, NL_PER_ML)


def _in_line(change: FluidChange, name: str) -> Mass | None:
    left = change.drug_in_line
    return None if left is None else mass_counted_of(left.ng(name))


CALCULATOR = Calculator("bridge", "Bridge bolus for another concentration or drug", BridgeInputs, bridge)
