"""A priming bolus, asked of the believed line: what leaves the tip while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.column import Fluid
from thecal.quantities import Mass, Volume
from thecal.therapy.arithmetic import follows
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.mixing import as_fluid
from thecal.therapy.prescription import Prescription
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
    for drug, exact in leaving.entries:
        daily = _daily_ng(situation.pending.prescription, drug)
        if exact <= daily * policy.prime_share:
            continue
        words = "This prime pushes drug into the patient at once: aspirate the catheter first, or prime less."
        shown = (
            (f"{drug} that reaches the patient", _mass_text(exact, drug, situation)),
            ("24-hour dose", _mass_text(Fraction(daily), drug, situation)),
            ("prime", amount_text(prime.volume, "mL")),
            ("tubing and catheter", amount_text(Volume(line.dead_volume_nl), "mL")),
        )
        yield refusal("prime-into-drug", _FIELD, words, *shown, limit=policy.source_of("prime_share"), path=_PATH)


def _reservoir(situation: Situation) -> Fluid:
    """What the pump pushes once a refill of this visit is in."""
    order = situation.pending.refill
    if order is not None:
        return as_fluid(order.fluid)
    return Fluid.of((each.drug, each.concentration_ng_per_ml) for each in situation.current.fluid)


def _daily_ng(prescription: Prescription, drug: str) -> int:
    """What a day of the prescription gives of a drug, in ng, rounded down; 0 for one that is not prescribed."""
    daily, primary = programmed_daily(prescription.regimen), prescription.primary
    found = [each.concentration for each in prescription.components if each.drug == drug]
    return follows(daily, found[0], primary.concentration) if found and primary is not None else 0


def _mass_text(exact_ng: Fraction, drug: str, situation: Situation) -> str:
    mass, known = Mass(-(-exact_ng.numerator // exact_ng.denominator)), known_drug(drug, situation)
    return str(mass) if known is None else amount_text(mass, known.dose_unit)
