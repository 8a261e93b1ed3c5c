"""What the prime calculation has to say beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import policy
from thecal.therapy.calculators.prime.inputs import LineNow, PrimeCase, PrimeInputs
from thecal.therapy.calculators.prime.parts import EarlyArrival, NamedPush, Prime, PrimePlan
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.mixing import mass_counted_of
from thecal.therapy.priming import given_at_once
from thecal.therapy.showing import amount_text

_FIELD = "priming bolus"


def prime_findings(inputs: PrimeInputs, now: LineNow, answer: Prime) -> Iterator[Finding]:
    """Why no prime can be given, what must be done before one, and what an intended one would do."""
    named = {each.key: each for each in answer.pushes}
    if answer.plan is None:
        yield _into_drug(named["until_unbroken"]) if now.line.known else _unknown()
        return
    plan = answer.plan
    if inputs.case is PrimeCase.FULL_CATHETER:
        yield _before_connecting(named["tubing_in_patient"])
    if plan.to_bridge.count:
        words = "Behind the water the line holds another fluid; bridge it once the prime has ended."
        yield finding("bridge-follows", Verdict.INFO, _FIELD, words, ("to bridge", amount_text(plan.to_bridge, "mL")))
    for each in plan.early:
        yield _early(each)
    if "intended" in named:
        yield from _intended(inputs, plan, named["intended"])


def _unknown() -> Finding:
    words = (
        "Nobody knows what is in the line, so nobody knows what a prime would push into the patient: "
        "aspirate the whole catheter through the access port, then prime it."
    )
    return refusal("prime-line-unknown", _FIELD, words)


def _into_drug(whole: NamedPush) -> Finding:
    words = (
        "Water stands behind drug: pushing it out gives that drug at once, and pushing less leaves a gap. "
        "Aspirate the whole catheter through the access port, then prime it."
    )
    return refusal("prime-into-drug", _FIELD, words, *_shown(whole))


def _before_connecting(pushed: NamedPush) -> Finding:
    words = (
        "Prime the tubing before the pump is connected, or aspirate the catheter first. Pushed once it is connected, "
        "the tubing volume leaves the tip as drug, and its water follows as a gap."
    )
    return finding("prime-before-connecting", Verdict.WARN, _FIELD, words, *_shown(pushed))


def _early(each: EarlyArrival) -> Finding:
    known = drug(each.drug)
    words = f"{known.display} mixes on its way: some of it is out before the prime ends, and that is missing later."
    shown = (
        ("out before the end", amount_text(each.mass, known.dose_unit)),
        ("at the end", f"{amount_text(each.front.early, 'µL')} of the catheter"),
    )
    return finding("prime-early", Verdict.INFO, _FIELD, words, *shown)


def _intended(inputs: PrimeInputs, plan: PrimePlan, intended: NamedPush) -> Iterator[Finding]:
    push = intended.push
    sizes = (
        ("intended", amount_text(push.volume, "mL")),
        ("needed in the patient", amount_text(plan.volume, "mL")),
    )
    daily = Fraction(0 if inputs.daily_dose is None else inputs.daily_dose.count)
    if push.out is not None and given_at_once(push.out, inputs.fluid, daily, policy().prime_share):
        words = "This prime pushes drug into the patient at once; prime no more than is needed."
        limit = policy().source_of("prime_share")
        yield refusal("prime-into-drug", _FIELD, words, *sizes, *_shown(intended), limit=limit)
    if push.volume < plan.volume:
        words = "This prime ends before the fluid is at the tip; the rest of the way is passed at the flow of the dose."
        yield finding("prime-short", Verdict.WARN, _FIELD, words, *sizes, *_shown(intended))


def _shown(each: NamedPush) -> Iterator[tuple[str, str]]:
    for name, ng in () if each.push.out is None else each.push.out.entries:
        known = drug(name)
        yield f"{known.display} pushed out", amount_text(mass_counted_of(ng), known.dose_unit)
    yield "gap left in the line", amount_text(each.push.gap, "mL")
