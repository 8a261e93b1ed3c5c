"""The systemic opioid total in mg of oral morphine a day, by the edition of the factors that is named.

Factors change between editions, methadone's twofold: a total without its edition says nothing [clinical 2.3]. It
compares doses taken by mouth or through the skin and is no dose to give of anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from thecal.catalogue.conversions import Factor, FactorVersion, SystemicOpioid, conversions
from thecal.catalogue.sourced import CatalogueError
from thecal.documents import About
from thecal.quantities import DoseRate
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.showing import amount_text, fraction_text, ratio_text

_MG = DoseRate.UNITS["mg/day"]


@dataclass(frozen=True, slots=True)
class Taken:
    """One opioid the patient takes."""

    opioid: Annotated[SystemicOpioid, About("opioid and form")]
    daily_dose: Annotated[DoseRate, About("all of it in 24 hours; a patch by its rate, such as 50 microgram/h")]


@dataclass(frozen=True, slots=True)
class MmeInputs:
    """Everything the patient takes, and the edition of the factors."""

    opioids: Annotated[tuple[Taken, ...], About("every systemic opioid, each once")]
    version: Annotated[FactorVersion, About("edition of the factors")]


@dataclass(frozen=True, slots=True)
class MmeOf:
    """One opioid under one edition; None where the edition has no factor for it. ``equivalent`` is rounded up."""

    opioid: SystemicOpioid
    daily_dose: DoseRate
    factor: Factor | None
    equivalent: DoseRate | None


@dataclass(frozen=True, slots=True)
class MmeTotal:
    """The total under one edition, rounded up; None where a factor is missing."""

    version: FactorVersion
    opioids: tuple[MmeOf, ...]
    total: DoseRate | None


@dataclass(frozen=True, slots=True)
class Mme:
    """The total under the edition asked for, and every edition side by side, that one first."""

    total: DoseRate | None
    versions: tuple[MmeTotal, ...]


def equivalent(dose: DoseRate, factor: Factor) -> DoseRate:
    """The oral morphine dose that counts for ``dose``, rounded up; the same whichever unit it was typed in."""
    exact = Fraction(dose.count * _MG, DoseRate.UNITS[factor.unit]) * factor.factor.amount
    return DoseRate(-(-exact.numerator // exact.denominator))


def total_under(version: FactorVersion, opioids: tuple[Taken, ...]) -> MmeTotal:
    """Everything taken, by one edition."""
    each = tuple(_under(version, taken) for taken in opioids)
    known = [one.equivalent.count for one in each if one.equivalent is not None]
    return MmeTotal(version, each, DoseRate(sum(known)) if len(known) == len(each) else None)


def mme(inputs: MmeInputs) -> Calculation[Mme]:
    """The systemic opioid total by the edition that is named, and by every other beside it.

    Raises EntryRefused when nothing is taken or an opioid is named twice: the factor of methadone depends on its sum.
    """
    if not inputs.opioids:
        raise EntryRefused("opioids", "name at least one systemic opioid")
    if len({each.opioid for each in inputs.opioids}) != len(inputs.opioids):
        raise EntryRefused("opioids", "names an opioid twice; give the sum of its doses, for a factor may depend on it")
    order = (inputs.version, *(each for each in FactorVersion if each is not inputs.version))
    versions = tuple(total_under(each, inputs.opioids) for each in order)
    answer = Mme(versions[0].total, versions)
    sources = tuple(_sources(versions))
    return Calculation(
        "mme", answer, given(inputs), tuple(_lines(versions)), _FORMULA, sources, _ASSUMED, tuple(_findings(versions))
    )


def _under(version: FactorVersion, taken: Taken) -> MmeOf:
    try:
        factor = conversions().factor(version, taken.opioid, taken.daily_dose)
    except CatalogueError:
        return MmeOf(taken.opioid, taken.daily_dose, None, None)
    return MmeOf(taken.opioid, taken.daily_dose, factor, equivalent(taken.daily_dose, factor))


def _findings(versions: tuple[MmeTotal, ...]) -> Iterator[Finding]:
    chosen = versions[0]
    for version in versions:
        for each in version.opioids:
            if each.factor is None:
                words = f"{version.version} has no factor for {each.opioid}; no total can be given by this edition."
                if version is chosen:
                    yield refusal("mme-no-factor", "edition", words, ("opioid", each.opioid.value), path="version")
                else:
                    yield finding(
                        "mme-no-factor", Verdict.INFO, "edition", words, ("opioid", each.opioid.value), path="version"
                    )
    totals = [(each.version, each.total) for each in versions if each.total is not None and each.total.count]
    low = min(totals, key=lambda pair: pair[1], default=None)
    high = max(totals, key=lambda pair: pair[1], default=None)
    if low is None or high is None or low[1] == high[1]:
        return
    ratio = Fraction(high[1].count, low[1].count)
    words = f"By {high[0]} the total is {ratio_text(ratio)} that by {low[0]}; always name the edition beside it."
    shown = ((version.value, amount_text(total, "mg/day")) for version, total in totals)
    yield finding("mme-editions-differ", Verdict.INFO, "edition", words, *shown, ratio=ratio, path="version")


_FORMULA = (
    "equivalent = dose x factor of the edition (methadone 2016: of the tier its whole dose falls in), rounded up",
    "total = sum of the equivalents, in mg of oral morphine a day",
)
_ASSUMED = (
    "The factors weigh risk in populations; they are no conversion from one drug to another in a patient.",
    "Everything the patient takes is named, and taken as named.",
)


def _lines(versions: tuple[MmeTotal, ...]) -> Iterator[Line]:
    """The edition asked for first; each total stands once."""
    for version in versions:
        year = version.version.value.rpartition(" ")[2]
        yield Line(f"{year}.total", f"total by {version.version}", version.total, "mg/day")
        for each in version.opioids:
            key = f"{year}.{each.opioid.value.replace(' ', '_')}"
            factor = None if each.factor is None else each.factor.factor.amount
            yield Line(f"{key}.factor", f"{each.opioid}, factor by {version.version}", factor)
            yield Line(f"{key}.equivalent", f"{each.opioid} by {version.version}", each.equivalent, "mg/day")


def _sources(versions: tuple[MmeTotal, ...]) -> Iterator[SourceLine]:
    for version in versions:
        for each in version.opioids:
            if each.factor is not None:
                worth = fraction_text(each.factor.factor.amount)
                what = f"{version.version}: {each.opioid}, {worth} for each {each.factor.unit}"
                yield cited(what, each.factor.factor.origin)


CALCULATOR = Calculator("mme", "Systemic opioid total in morphine milligram equivalents", MmeInputs, mme)
