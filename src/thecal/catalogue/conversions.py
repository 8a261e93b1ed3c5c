"""Published ratios between routes and between opioids, and factors of the systemic total. None runs backwards.

Ratios say how many times the intrathecal 24-hour dose the other dose is. They spread thirtyfold; what is proposed from
them is decided elsewhere, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from thecal.catalogue.drugs import drug
from thecal.catalogue.quoted import Quoted, Span, quoted_or_none, share, share_or_none, shares
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read
from thecal.quantities import DoseRate


class Route(StrEnum):
    """The way a drug was given before."""

    ORAL = "oral"
    INTRAVENOUS = "intravenous"
    EPIDURAL = "epidural"


class Use(StrEnum):
    """What a ratio between intrathecal opioids was measured in."""

    CHRONIC = "chronic infusion"
    SINGLE_SHOT = "single shot"


class FactorVersion(StrEnum):
    """The edition of the factors of the systemic opioid total."""

    CDC_2016 = "CDC 2016"
    CDC_2022 = "CDC 2022"


class SystemicOpioid(StrEnum):
    """An opioid a patient may take by mouth or through the skin."""

    CODEINE = "codeine"
    FENTANYL_PATCH = "fentanyl patch"
    HYDROCODONE = "hydrocodone"
    HYDROMORPHONE = "hydromorphone"
    MEPERIDINE = "meperidine"
    METHADONE = "methadone"
    MORPHINE = "morphine"
    OXYCODONE = "oxycodone"
    OXYMORPHONE = "oxymorphone"
    TAPENTADOL = "tapentadol"
    TRAMADOL = "tramadol"


class FactorUnit(StrEnum):
    """The unit of the dose a factor multiplies; the product is mg of oral morphine a day."""

    MG_PER_DAY = "mg/day"
    MICROGRAM_PER_H = "microgram/h"


@dataclass(frozen=True, slots=True)
class RouteRatio:
    """``ratio`` mg by ``route`` for 1 mg intrathecally, of the same drug; ``median`` where the source gives one."""

    drug: str
    route: Route
    ratio: Span[Fraction]
    median: Quoted[Fraction] | None


@dataclass(frozen=True, slots=True)
class OpioidRatio:
    """``ratio`` mg of ``from_drug`` for 1 mg of ``to_drug``, both intrathecal."""

    from_drug: str
    to_drug: str
    use: Use
    ratio: Span[Fraction]


@dataclass(frozen=True, slots=True)
class Factor:
    """What to multiply a 24-hour dose in ``unit`` by; ``up_to``: the highest dose this factor holds for."""

    version: FactorVersion
    opioid: SystemicOpioid
    unit: FactorUnit
    up_to: Quoted[DoseRate] | None
    factor: Quoted[Fraction]


@dataclass(frozen=True, slots=True)
class Reductions:
    """By how much a converted dose is lowered: settings of a site, our own where no source gives them."""

    cross_tolerance: Span[Fraction]
    old_age: Quoted[Fraction]
    old_from_years: Sourced
    sleep_apnoea: Quoted[Fraction]
    sedatives: Quoted[Fraction]


@dataclass(frozen=True, slots=True)
class Conversions:
    """Everything published. ``out_of_intrathecal`` is shown as a warning and never computed with."""

    routes: tuple[RouteRatio, ...]
    opioids: tuple[OpioidRatio, ...]
    out_of_intrathecal: tuple[RouteRatio, ...]
    factors: tuple[Factor, ...]
    reductions: Reductions

    def to_intrathecal(self, of: str, route: Route) -> tuple[RouteRatio, ...]:
        """Every published ratio of this drug and route, in the order of the file; none when there is none."""
        return tuple(each for each in self.routes if each.drug == of and each.route is route)

    def between(self, from_drug: str, to_drug: str) -> tuple[OpioidRatio, ...]:
        """Every published ratio between two intrathecal opioids, in this direction only."""
        return tuple(each for each in self.opioids if (each.from_drug, each.to_drug) == (from_drug, to_drug))

    def factor(self, version: FactorVersion, opioid: SystemicOpioid, dose: DoseRate) -> Factor:
        """The factor of this edition for this dose. Raises CatalogueError when the edition has none."""
        for each in self.factors:
            held = each.version is version and each.opioid is opioid
            if held and (each.up_to is None or dose <= each.up_to.amount):
                return each
        raise CatalogueError(f"{version} has no factor for {opioid}: use another edition or leave it out and say so")


@lru_cache
def conversions() -> Conversions:
    """The ratios and factors of the catalogue. Raises CatalogueError when its file is incomplete."""
    return conversions_from(load("conversions.toml"))


def conversions_from(table: Table) -> Conversions:
    """Conversions from a parsed file. Raises CatalogueError in one line that names file and field."""
    table.only("routes", "opioids", "out_of_intrathecal", "factors", "reductions")
    return Conversions(
        routes=tuple(_route(row) for row in table.rows("routes")),
        opioids=tuple(_opioid(row) for row in table.rows("opioids")),
        out_of_intrathecal=tuple(_route(row) for row in table.rows("out_of_intrathecal")),
        factors=tuple(_factor(row) for row in table.rows("factors")),
        reductions=_reductions(table.sub("reductions")),
    )


def _route(row: Table) -> RouteRatio:
    row.only("drug", "route", "ratio", "median")
    known = drug(row.text("drug")).key
    return RouteRatio(known, row.choice("route", Route), shares(row, "ratio"), share_or_none(row, "median"))


def _opioid(row: Table) -> OpioidRatio:
    row.only("from_drug", "to_drug", "use", "ratio")
    from_drug, to_drug = drug(row.text("from_drug")).key, drug(row.text("to_drug")).key
    return OpioidRatio(from_drug, to_drug, row.choice("use", Use), shares(row, "ratio"))


def _factor(row: Table) -> Factor:
    row.only("version", "opioid", "unit", "up_to", "factor")
    return Factor(
        row.choice("version", FactorVersion),
        row.choice("opioid", SystemicOpioid),
        row.choice("unit", FactorUnit),
        quoted_or_none(row, "up_to", DoseRate, "mg/day"),
        share(row, "factor"),
    )


def _reductions(table: Table) -> Reductions:
    table.only("cross_tolerance", "old_age", "old_from", "sleep_apnoea", "sedatives")
    return Reductions(
        cross_tolerance=shares(table, "cross_tolerance"),
        old_age=share(table, "old_age"),
        old_from_years=read(table, "old_from", "year"),
        sleep_apnoea=share(table, "sleep_apnoea"),
        sedatives=share(table, "sedatives"),
    )
