"""What nobody told the check, and which rules could speak if somebody did: one finding, however much is missing.

Only what would matter to this plan is asked for: the tolerance of a patient whose dose stays as it is changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from thecal.catalogue.drugs import Effect, Setting
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.patient import Indication
from thecal.therapy.plan import Dosing
from thecal.therapy.rules.before import begins, raised, steps_seen
from thecal.therapy.rules.known import one_flow
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
    missed: Callable[[Dosing], bool]


def _tolerance(dosing: Dosing) -> bool:
    begun = [step for step in steps_seen(dosing) if begins(step) and rotation(dosing, step) is None]
    matters = any(start.tolerance is not None for step in begun for start in step.drug.starts)
    return matters and dosing.situation.patient.tolerance is None


def _indication(dosing: Dosing) -> bool:
    step = raised(dosing)
    if step is None or dosing.situation.patient.indication is not None:
        return False
    return any(each.setting not in _BY_LABEL for each in step.drug.titrations)


def _origin(dosing: Dosing) -> bool:
    step, patient = raised(dosing), dosing.situation.patient
    if step is None or step.drug.effect is not Effect.SPASTICITY or patient.indication is not Indication.SPASTICITY:
        return False
    return not titrations_for(step.drug, patient)


def _doses(dosing: Dosing) -> bool:
    return raised(dosing) is not None and not dosing.situation.history.doses


def _responses(dosing: Dosing) -> bool:
    return raised(dosing) is not None and any(then.response is None for then in dosing.situation.history.doses[1:])


def _silence(dosing: Dosing) -> bool:
    restarts = dosing.infuses and dosing.standing.resumes
    return restarts and dosing.situation.history.silent_for is None


def _sign(dosing: Dosing) -> bool:
    return raised(dosing) is not None and dosing.situation.patient.new_neurological_sign is None


def _serial(dosing: Dosing) -> bool:
    return dosing.situation.devices.recorded_serial is None


def _line(dosing: Dosing) -> bool:
    pending, line = dosing.situation.pending, dosing.situation.devices.line
    bridged = _other_fluid(dosing) and not one_flow(dosing.situation)
    moved = pending.prime is not None or bridged
    return moved and (line is None or line.column is None)


def _other_fluid(dosing: Dosing) -> bool:
    held = dosing.situation.current.fluid
    return bool(held) and held != dosing.standing.fluid


def _second_reading(dosing: Dosing) -> bool:
    refill = dosing.situation.pending.refill
    return refill is not None and not refill.read_again


def _injected(dosing: Dosing) -> bool:
    refill = dosing.situation.pending.refill
    return refill is not None and refill.injected is None


def _recovered(dosing: Dosing) -> bool:
    refill = dosing.situation.pending.refill
    return refill is not None and refill.recovered is None


def _filled_before(dosing: Dosing) -> bool:
    refill = dosing.situation.pending.refill
    return refill is not None and refill.filled_before is None


def _interval(dosing: Dosing) -> bool:
    pending = dosing.situation.pending
    return dosing.infuses and pending.refill is not None and pending.refill_interval is None


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


def facts_missing(dosing: Dosing) -> Iterator[Finding]:
    """Which facts would let which rules speak about this plan."""
    missed = [fact for fact in FACTS if fact.missed(dosing)]
    if missed:
        words = "Some rules are silent because these facts are not known; give them where you can."
        shown = tuple((fact.words, ", ".join(fact.rules)) for fact in missed)
        yield finding("facts-missing", Verdict.INFO, "facts", words, *shown, path=missed[0].path)
