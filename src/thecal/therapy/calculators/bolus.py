"""What a patient-bolus policy amounts to: the worst case of any rolling 24 h, drug by drug, and how many are possible.

Every number is the translation's and ``derived``'s; the findings are those of the rules that judge a plan
[clinical 7]. Nothing is worked out a second time here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Annotated

from thecal.catalogue.drugs import Authority, drug
from thecal.catalogue.pumps import ProgrammablePump
from thecal.device import bounds
from thecal.documents import About
from thecal.quantities import DoseRate, Duration, Mass, Volume
from thecal.therapy.arithmetic import mass_counted
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.calculators.on_paper import daily_unit, plan_on_paper, prescribed, programmable
from thecal.therapy.calculators.pump_and_fluid import PumpAndFluid, figures_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, heaviest_first
from thecal.therapy.plan import Plan
from thecal.therapy.prescribed import Therapy
from thecal.therapy.rules import bolus as bolus_rules
from thecal.therapy.rules import limits as limit_rules
from thecal.therapy.rules import residual as residual_rules
from thecal.therapy.showing import DAY_MS
from thecal.therapy.translation import CannotTranslate


@dataclass(frozen=True, slots=True)
class BolusInputs(PumpAndFluid):
    """A therapy with a patient bolus, and the pump it is meant for."""

    therapy: Annotated[Therapy, About("what is prescribed, with its patient bolus")]


@dataclass(frozen=True, slots=True)
class LimitReached:
    """How much of one limit the worst case takes; above 1 it passes it."""

    authority: Authority
    limit: DoseRate
    share: Fraction


@dataclass(frozen=True, slots=True)
class DrugWorstCase:
    """One drug: what a bolus gives of it (rounded down), and the 24-hour dose without and with every possible bolus.

    ``share``: one bolus beside the basal 24-hour dose; None without basal dose.
    """

    drug: str
    bolus: Mass
    basal: DoseRate  # rounded down
    greatest: DoseRate  # rounded up
    share: Fraction | None
    limits: tuple[LimitReached, ...]


@dataclass(frozen=True, slots=True)
class WorstCase:
    """What the pump makes of the policy. ``effective``: boluses that any 24 h really leave room for."""

    drugs: tuple[DrugWorstCase, ...]
    bolus_volume: Volume
    allotted: int
    effective: int
    daily_volume: Volume
    greatest_volume: Volume
    shortest_duration: Duration  # of a bolus beside the highest basal flow


@dataclass(frozen=True, slots=True)
class BolusPolicy:
    """``worst_case`` is None where the pump cannot run the policy; ``smallest`` is the bolus of one stroke."""

    worst_case: WorstCase | None
    smallest: Mass


def bolus(inputs: BolusInputs) -> Calculation[BolusPolicy]:
    """What a patient-bolus policy can bring within any 24 h, whether the pump can do it, and against which limits.

    Raises EntryRefused, one line.
    """
    model = programmable(inputs.pump)
    if inputs.therapy.patient_bolus is None:
        raise EntryRefused("therapy.patient_bolus", "missing; state dose, duration, lockout and maximum per 24 h")
    prescription = prescribed(inputs.therapy, inputs.fluid)
    plan = plan_on_paper(prescription, model)
    smallest = mass_counted(model.stroke, prescription.components[0].concentration)
    if isinstance(plan, CannotTranslate):
        answer, findings = BolusPolicy(None, smallest), plan.findings
    else:
        answer, findings = BolusPolicy(_worst_case(plan, model), smallest), _findings(plan)
    return Calculation(
        "bolus", answer, given(inputs), _lines(answer, inputs), _FORMULA, _sources(inputs, model), _ASSUMED, findings
    )


def _findings(plan: Plan) -> tuple[Finding, ...]:
    rules = (
        bolus_rules.bolus_allowed,
        bolus_rules.bolus_share,
        bolus_rules.effective_boluses,
        limit_rules.daily_dose,
        residual_rules.residual,
    )
    return heaviest_first(chain.from_iterable(rule(plan) for rule in rules))


def _worst_case(plan: Plan, model: ProgrammablePump) -> WorstCase:
    derived, order = plan.translation.derived, plan.prescription.patient_bolus
    assert order is not None
    assert derived.bolus_volume is not None
    assert derived.effective_boluses is not None
    # what is translated leaves flow for a bolus beside the highest basal flow
    fastest = -(-derived.bolus_volume.count * DAY_MS // (model.highest_rate.count - derived.highest_rate.count))
    return WorstCase(
        drugs=tuple(
            DrugWorstCase(
                drug=step.drug.key,
                bolus=dose,
                basal=step.new_daily,
                greatest=step.new_greatest,
                share=Fraction(dose.count, step.new_daily.count) if step.new_daily.count else None,
                limits=tuple(
                    LimitReached(whose, limit.amount, Fraction(step.new_greatest.count, limit.amount.count))
                    for whose, limit in step.drug.daily_dose.named()
                ),
            )
            for step, dose in zip(plan.steps, derived.bolus_doses, strict=True)
        ),
        bolus_volume=derived.bolus_volume,
        allotted=order.maximum_per_24h,
        effective=derived.effective_boluses,
        daily_volume=derived.daily_volume,
        greatest_volume=derived.greatest_24h_volume,
        shortest_duration=Duration(max(fastest, bounds.BOLUS_DURATION.low)),
    )


_FORMULA = (
    "bolus = whole strokes within bolus dose / concentration",
    "effective number = the least of: allotted, 24 h / lockout rounded up, (volume limit - highest basal day) / bolus",
    "greatest volume of any 24 h = basal day, rounded up to strokes, + effective number x bolus",
    "greatest dose of each drug = greatest volume x its concentration, rounded up",
    "share = bolus / basal 24-hour dose",
)
_ASSUMED = (
    "Windows roll: 24 h back from every moment, not calendar days. The lockout runs from the start of a bolus.",
    "Every possible bolus is taken, and every drug of the fluid comes with it.",
    "The patient has no other source of the drug.",
)


def _lines(answer: BolusPolicy, inputs: BolusInputs) -> tuple[Line, ...]:
    unit = drug(inputs.fluid[0].drug).dose_unit
    return (*_worst_lines(answer.worst_case), Line("smallest", "smallest bolus: one stroke", answer.smallest, unit))


def _worst_lines(worst: WorstCase | None) -> Iterator[Line]:
    yield Line("allotted", "boluses allotted in 24 h", None if worst is None else worst.allotted)
    yield Line("effective", "effective number of boluses in 24 h", None if worst is None else worst.effective)
    if worst is None:
        return
    yield Line("bolus_volume", "volume of one bolus", worst.bolus_volume, "µL")
    yield Line("shortest_duration", "shortest bolus the flow allows", worst.shortest_duration, "min")
    yield Line("daily_volume", "basal volume in 24 h", worst.daily_volume, "mL")
    yield Line("greatest_volume", "greatest volume in any 24 h", worst.greatest_volume, "mL")
    for each in worst.drugs:
        known = drug(each.drug)
        of, unit = known.display, daily_unit(known)
        yield Line(f"{each.drug}.bolus", f"{of}, one bolus", each.bolus, known.dose_unit)
        yield Line(f"{each.drug}.basal", f"{of}, basal 24-hour dose", each.basal, unit)
        yield Line(f"{each.drug}.greatest", f"{of}, greatest dose in any 24 h", each.greatest, unit)
        yield Line(f"{each.drug}.share", f"{of}, bolus beside the basal 24-hour dose", each.share)
        for limit in each.limits:
            key, whose = limit.authority.name.lower(), limit.authority.value
            yield Line(f"{each.drug}.of.{key}", f"{of}, greatest beside the limit: {whose}", limit.share)


def _sources(inputs: BolusInputs, model: ProgrammablePump) -> tuple[SourceLine, ...]:
    found = list(figures_of(model, "stroke", "highest_rate"))
    for known in (drug(each.drug) for each in inputs.fluid):
        limits = known.daily_dose.named()
        found += [cited(f"{known.display}: 24-hour dose, {whose.value}", limit.origin) for whose, limit in limits]
        if known.bolus_share is not None:
            found.append(cited(f"{known.display}: usual bolus share", known.bolus_share.high.origin))
    return tuple(found)


CALCULATOR = Calculator("bolus", "Patient-bolus policy in its worst case", BolusInputs, bolus)
