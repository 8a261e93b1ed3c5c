"""From an opioid by another route, or from another intrathecal opioid, to an intrathecal first dose; never backwards.

No ratio is a standard: published ones spread thirtyfold. All are computed, the safest is taken unless another is
named, the result is lowered for what makes a patient tender, and it never passes the strictest published start
[clinical 2.1, 2.2]. Ratios are not symmetric, so the way back is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from thecal.catalogue.drugs import drug
from thecal.catalogue.quoted import Quoted
from thecal.documents import About
from thecal.quantities import DoseRate
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.calculators.conversion.published_ratios import (
    ConversionRoute,
    Published,
    no_way_back,
    published_ratios,
    ways_back,
)
from thecal.therapy.calculators.conversion.tender import Reduction, after_reductions, reductions_for
from thecal.therapy.calculators.on_paper import daily_unit, known_drug, naming
from thecal.therapy.calculators.starting_dose import FIELD, StartingDose, starting_dose, starting_lines, starting_source
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding
from thecal.therapy.patient import NOBODY_ASKED, PatientFacts


@dataclass(frozen=True, slots=True)
class ConversionInputs:
    """What the patient has, where it is to go, and what is known of the patient."""

    from_route: Annotated[ConversionRoute, About("route now")]
    from_drug: Annotated[str, About("drug of the catalogue now; by mouth: morphine, or the total of the MME kind")]
    daily_dose: Annotated[DoseRate, About("24-hour dose now")]
    to_drug: Annotated[str | None, About("drug wanted intrathecally; the same if left out")] = None
    to_route: Annotated[ConversionRoute, About("route wanted")] = ConversionRoute.INTRATHECAL
    patient: Annotated[PatientFacts, About("what is known of the patient")] = NOBODY_ASKED
    ratio: Annotated[Decimal | None, About("ratio to use; the safest published one if left out", 1, 1000)] = None
    cross_tolerance: Annotated[
        Decimal | None, About("percent less for incomplete cross-tolerance; the larger setting if left out", 0, 90)
    ] = None
    wanted_dose: Annotated[DoseRate | None, About("24-hour dose wanted, if not what is proposed")] = None
    reason: Annotated[str | None, About("why more is wanted than is proposed")] = None


@dataclass(frozen=True, slots=True)
class Converted:
    """What one published ratio makes of the dose, rounded down: most at the ratio's low end, least at its high end."""

    published: Published
    least: DoseRate
    median: DoseRate | None
    most: DoseRate


@dataclass(frozen=True, slots=True)
class Conversion:
    """Every published answer, and the first dose. Empty and None where the conversion is refused."""

    by_ratio: tuple[Converted, ...]
    least: DoseRate | None
    most: DoseRate | None
    ratio: Fraction | None  # the one that was used
    reductions: tuple[Reduction, ...]
    first: StartingDose | None


REFUSED = Conversion((), None, None, None, (), None)


def conversion(inputs: ConversionInputs) -> Calculation[Conversion]:
    """An intrathecal first dose from another route or another intrathecal opioid: the range, and the safer end.

    Raises EntryRefused for inputs that contradict themselves, an unknown drug, and one without a published start.
    """
    to_drug = inputs.from_drug if inputs.to_drug is None else inputs.to_drug
    wanted = "from_drug" if inputs.to_drug is None else "to_drug"
    known, before = known_drug(wanted, to_drug), known_drug("from_drug", inputs.from_drug)
    _check(inputs, to_drug)
    refused = no_way_back(inputs.from_route, inputs.to_route, before, known)
    if refused is not None:
        return _worked(inputs, REFUSED, (Line("start", FIELD, None),), ways_back(before.key), (refused,))
    ratios = published_ratios(inputs.from_route, before, known)
    by_ratio = tuple(_converted(inputs.daily_dose, each) for each in ratios)
    used = _used(inputs.ratio, ratios)
    reductions = reductions_for(inputs.patient, inputs.cross_tolerance, changes_drug=before is not known)
    worked_out = after_reductions(Fraction(inputs.daily_dose.count, used), reductions)
    with naming(wanted):  # a drug of which nobody publishes a start
        first, findings = starting_dose(known, inputs.patient.tolerance, worked_out, inputs.wanted_dose, inputs.reason)
    answer = Conversion(
        by_ratio=by_ratio,
        least=min(each.least for each in by_ratio),
        most=max(each.most for each in by_ratio),
        ratio=used,
        reductions=reductions,
        first=first,
    )
    sources = (*_sources(answer), starting_source(known, first))
    return _worked(inputs, answer, (*_lines(answer, to_drug), *starting_lines(known, first)), sources, findings)


def _check(inputs: ConversionInputs, to_drug: str) -> None:
    if inputs.daily_dose.count == 0:
        raise EntryRefused("daily_dose", "must be more than zero; a patient without opioid starts as naive")
    both = (inputs.from_route, inputs.to_route)
    if ConversionRoute.INTRATHECAL not in both:
        raise EntryRefused("to_route", "only to the intrathecal route; other conversions are no matter of this library")
    if both == (ConversionRoute.INTRATHECAL,) * 2 and inputs.from_drug == to_drug:
        raise EntryRefused("to_drug", "is the drug the patient has, by the same route; nothing is to be converted")


def _converted(dose: DoseRate, published: Published) -> Converted:
    def by(ratio: Quoted[Fraction]) -> DoseRate:
        return DoseRate(int(Fraction(dose.count, ratio.amount)))

    median = None if published.median is None else by(published.median)
    return Converted(published, by(published.ratio.high), median, by(published.ratio.low))


def _used(asked: Decimal | None, ratios: tuple[Published, ...]) -> Fraction:
    """The ratio asked for, within what is published; else the safest: the highest gives the least."""
    low = min(each.ratio.low.amount for each in ratios)
    high = max(each.ratio.high.amount for each in ratios)
    if asked is None:
        return high
    if not low <= asked <= high:
        raise EntryRefused("ratio", f"{asked} is not published for this; published are {low} to {high}")
    return Fraction(asked)


_FORMULA = (
    "by each ratio: intrathecal 24-hour dose = 24-hour dose now / ratio, rounded down",
    "worked out = 24-hour dose now / ratio used x (1 - reduction) for each reduction, rounded down",
    "proposed = the smaller of worked out and the strictest published start for this patient",
)
_ASSUMED = (
    "Unknown tolerance counts as none; nothing is reduced for what is not known of the patient.",
    "The dose now is really taken, and the old route is reduced as the new one takes over.",
    "Ratios are not symmetric: nothing here may be run backwards.",
)


def _worked(
    inputs: ConversionInputs,
    answer: Conversion,
    outputs: tuple[Line, ...],
    sources: tuple[SourceLine, ...],
    findings: tuple[Finding, ...],
) -> Calculation[Conversion]:
    return Calculation("conversion", answer, given(inputs), outputs, _FORMULA, sources, _ASSUMED, findings)


def _lines(answer: Conversion, to_drug: str) -> tuple[Line, ...]:
    unit = daily_unit(drug(to_drug))
    found: list[Line] = []
    for number, each in enumerate(answer.by_ratio, start=1):
        key, named = f"ratio.{number}", each.published.text
        if each.least == each.most:
            found.append(Line(key, f"by {named}", each.least, unit))
            continue
        found += [Line(f"{key}.least", f"by {named}, least", each.least, unit)]
        if each.median is not None:
            found.append(Line(f"{key}.median", f"by {named}, median", each.median, unit))
        found.append(Line(f"{key}.most", f"by {named}, most", each.most, unit))
    found += [
        Line("least", "least by any ratio", answer.least, unit),
        Line("most", "most by any ratio", answer.most, unit),
        Line("ratio", "ratio used", answer.ratio),
    ]
    found += [Line(f"reduction.{each.key}", f"less for {each.why}", each.share.amount) for each in answer.reductions]
    return tuple(found)


def _sources(answer: Conversion) -> tuple[SourceLine, ...]:
    ratios = (cited(f"ratio {each.published.text}", each.published.ratio.low.origin) for each in answer.by_ratio)
    return (*ratios, *(cited(f"less for {each.why}", each.share.origin) for each in answer.reductions))


CALCULATOR = Calculator(
    "conversion", "Intrathecal first dose from another route or opioid", ConversionInputs, conversion
)
