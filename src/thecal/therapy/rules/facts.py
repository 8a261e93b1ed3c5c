"""What nobody told the check, and which rules could speak if somebody did: one finding, however much is missing.

Only what would matter to this plan is asked for: the tolerance of a patient whose dose stays as it is changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from thecal.catalogue.drugs import Effect, Setting
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.patient import Indication
from thecal.therapy.plan import Plan
from thecal.therapy.rules.before import begins, raised, steps_seen
from thecal.therapy.rules.starts import rotation
from thecal.therapy.titrating import titrations_for

# Settings that follow from whose labels apply, not from the patient.
_BY_LABEL = (Setting.US_LABEL, Setting.EU_LABEL, Setting.LOW_AND_SLOW)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in words, where a document states it, the rules that need it, and whether this plan misses it."""

    words: str
    path: str
    rules: tuple[str, ...]
    missed: Callable[[Plan], bool]


def _tolerance(plan: Plan) -> bool:
    begun = [step for step in steps_seen(plan) if begins(step) and rotation(plan, step) is None]
    matters = any(start.tolerance is not None for step in begun for start in step.drug.starts)
    return matters and plan.situation.patient.tolerance is None


def _indication(plan: Plan) -> bool:
    step = raised(plan)
    if step is None or plan.situation.patient.indication is not None:
        return False
    return any(each.setting not in _BY_LABEL for each in step.drug.titrations)


def _origin(plan: Plan) -> bool:
    step, patient = raised(plan), plan.situation.patient
    if step is None or step.drug.effect is not Effect.SPASTICITY or patient.indication is not Indication.SPASTICITY:
        return False
    return not titrations_for(step.drug, patient)


def _doses(plan: Plan) -> bool:
    return raised(plan) is not None and not plan.situation.history.doses


def _responses(plan: Plan) -> bool:
    return raised(plan) is not None and any(then.response is None for then in plan.situation.history.doses[1:])


def _silence(plan: Plan) -> bool:
    restarts = plan.infuses and plan.standing.resumes
    return restarts and plan.situation.history.silent_for is None


def _sign(plan: Plan) -> bool:
    return raised(plan) is not None and plan.situation.patient.new_neurological_sign is None


def _serial(plan: Plan) -> bool:
    return plan.situation.devices.recorded_serial is None


def _line(plan: Plan) -> bool:
    pending, line = plan.situation.pending, plan.situation.devices.line
    moved = pending.prime is not None or _other_fluid(plan)
    return moved and (line is None or line.column is None)


def _other_fluid(plan: Plan) -> bool:
    held = plan.situation.current.fluid
    return bool(held) and held != plan.standing.fluid


def _second_reading(plan: Plan) -> bool:
    refill = plan.situation.pending.refill
    return refill is not None and not refill.read_again


def _injected(plan: Plan) -> bool:
    refill = plan.situation.pending.refill
    return refill is not None and refill.injected is None


def _recovered(plan: Plan) -> bool:
    refill = plan.situation.pending.refill
    return refill is not None and refill.recovered is None


def _filled_before(plan: Plan) -> bool:
    refill = plan.situation.pending.refill
    return refill is not None and refill.filled_before is None


def _interval(plan: Plan) -> bool:
    pending = plan.situation.pending
    return plan.infuses and pending.refill is not None and pending.refill_interval is None


FACTS = (
    Fact("opioid tolerance", "patient.tolerance", ("start-above-range",), _tolerance),
    Fact(
        "what the therapy is for",
        "patient.indication",
        ("dose-step-soft", "off-label"),
        _indication,
    ),
    Fact(
        "where the spasticity comes from",
        "patient.origin",
        ("dose-step-soft", "dose-step-down"),
        _origin,
    ),
    Fact("earlier doses", "history.doses", ("titration-too-soon", "steps-without-response", "granuloma-watch"), _doses),
    Fact("what earlier steps did", "history.doses", ("steps-without-response",), _responses),
    Fact("how long no drug has reached the patient", "history.silent_for", ("restart-after-gap",), _silence),
    Fact("whether there is a new neurological sign", "patient.new_neurological_sign", ("granuloma-watch",), _sign),
    Fact("serial number in this patient's record", "devices.recorded_serial", ("wrong-pump",), _serial),
    Fact("what tubing and catheter hold", "devices.line", ("bridge-missing", "bridge-wrong", "prime-into-drug"), _line),
    Fact("the label read by a second person", "pending.refill.read_again", ("label-differs",), _second_reading),
    Fact("what the syringes held", "pending.refill.injected", ("fill-inconsistent",), _injected),
    Fact("what was drawn back to prove the place", "pending.refill.recovered", ("place-unproven",), _recovered),
    Fact(
        "what the refill before this one filled",
        "pending.refill.filled_before",
        ("delivered-ratio", "drift"),
        _filled_before,
    ),
    Fact("planned refill interval", "pending.refill_interval", ("interval-inconsistent",), _interval),
)


def facts_missing(plan: Plan) -> Iterator[Finding]:
    """Which facts would let which rules speak about this plan."""
    missed = [fact for fact in FACTS if fact.missed(plan)]
    if missed:
        words = "Some rules are silent because these facts are not known; give them where you can."
        shown = tuple((fact.words, ", ".join(fact.rules)) for fact in missed)
        yield finding("facts-missing", Verdict.INFO, "facts", words, *shown, path=missed[0].path)
