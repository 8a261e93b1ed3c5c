"""A priming bolus, asked of the believed line: what leaves the tip while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.column import Fluid
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.mixing import as_fluid, mass_counted_of
from thecal.therapy.priming import given_at_once
from thecal.therapy.rules.known import known_drug
from thecal.therapy.rules.line_before import line_before
from thecal.therapy.schedule import programmed_daily
from thecal.therapy.showing import amount_text
from thecal.therapy.situation import Situation

_FIELD, _PATH = "priming bolus", "pending.prime.volume"


def prime_line_unknown(situation: Situation) -> Iterator[Finding]:
    """A prime that would push out what nobody knows."""
    prime, line = situation.pending.prime, line_before(situation)
    if prime is None or (line is not None and line.drug_leaving(prime.volume, _reservoir(situation)) is not None):
        return
    words = "Nobody knows what this prime would push out of the tip: aspirate the catheter first, or record the line."
    yield refusal("prime-line-unknown", _FIELD, words, ("prime", amount_text(prime.volume, "mL")), path=_PATH)


def prime_into_drug(situation: Situation) -> Iterator[Finding]:
    """A prime that would push drug out of the tip at once, more than a small share of a day's dose."""
    prime, line, policy = situation.pending.prime, line_before(situation), situation.current.policy
    leaving = None if prime is None or line is None else line.drug_leaving(prime.volume, _reservoir(situation))
    if prime is None or line is None or leaving is None:
        return
    prescription = situation.pending.prescription
    daily = programmed_daily(prescription.regimen)
    for each in given_at_once(leaving, prescription.components, daily, policy.prime_share):
        words = "This prime pushes drug into the patient at once: aspirate the catheter first, or prime less."
        shown = (
            (f"{each.drug} that reaches the patient", _mass_text(each.ng, each.drug, situation)),
            ("24-hour dose", _mass_text(Fraction(each.daily_ng), each.drug, situation)),
            ("prime", amount_text(prime.volume, "mL")),
            ("tubing and catheter", amount_text(line.dead_volume, "mL")),
        )
        yield refusal("prime-into-drug", _FIELD, words, *shown, limit=policy.source_of("prime_share"), path=_PATH)


def _reservoir(situation: Situation) -> Fluid:
    """What the pump pushes once a refill of this visit is in."""
    order = situation.pending.refill
    if order is not None:
        return as_fluid(order.fluid)
    return Fluid.of((each.drug, each.concentration_ng_per_ml) for each in situation.current.fluid)


def _mass_text(exact_ng: Fraction, drug: str, situation: Situation) -> str:
    mass, known = mass_counted_of(exact_ng), known_drug(drug, situation)
    return str(mass) if known is None else amount_text(mass, known.dose_unit)
