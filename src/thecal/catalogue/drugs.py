"""Drugs: units, status, limits, starts, steps and everything else a programmer has to know of one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from thecal.catalogue import drug_reading as reading
from thecal.catalogue.drug_parts import (
    Code,
    Limits,
    Rinse,
    Stability,
    Start,
    StartFromTrial,
    Titration,
    Trial,
)
from thecal.catalogue.drug_terms import (
    Authority,
    DoseUnit,
    DrugClass,
    Effect,
    Granuloma,
    Setting,
    Situation,
    Solubility,
    Status,
    Tolerance,
)
from thecal.catalogue.listing import entries
from thecal.catalogue.quoted import (
    Quoted,
    Span,
    Words,
    numbers_in,
    quoted_or_none,
    shares_or_none,
    span_or_none,
    words_or_none,
)
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load
from thecal.quantities import Concentration, DoseRate, Duration, Mass

if TYPE_CHECKING:
    from thecal.catalogue.site import Site

__all__ = [
    "Authority",
    "Code",
    "DoseUnit",
    "Drug",
    "DrugClass",
    "Effect",
    "Granuloma",
    "Limits",
    "Rinse",
    "Setting",
    "Situation",
    "Solubility",
    "Stability",
    "Start",
    "StartFromTrial",
    "Status",
    "Titration",
    "Tolerance",
    "Trial",
    "drug",
    "drug_from",
    "with_sources",
]


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug of the library. ``dose_unit`` is the unit its doses are typed and shown in ("mg", "microgram").

    What no source says is None or empty. ``step_ratio``: a 24-hour dose above this multiple of the previous one needs
    a second confirmation. ``naive_gap``: after this long without the drug a start is made as for a naive patient.
    ``bolus_share``: the usual patient bolus as a share of the 24-hour dose. ``observation``: how long a patient is
    watched after a test dose. ``lowest_concentration``: below it the drug does not keep in the reservoir.
    """

    key: str
    name: str
    display: str  # look-alike names in tall-man letters
    dose_unit: DoseUnit
    drug_class: DrugClass
    salt: str
    status: Status
    label_status: str
    effect: Effect
    solubility: Solubility
    abrupt_stop_allowed: bool
    patient_bolus_allowed: bool
    concentration: Limits[Concentration]
    daily_dose: Limits[DoseRate]
    lowest_concentration: Quoted[Concentration] | None
    starts: tuple[Start, ...]
    start_from_trial: StartFromTrial | None
    trials: tuple[Trial, ...]
    outpatient_naive_bolus: Quoted[Mass] | None
    screening: tuple[Quoted[Mass], ...]
    screening_interval: Quoted[Duration] | None
    observation: Span[Duration] | None
    titrations: tuple[Titration, ...]
    step_ratio: Fraction
    bolus_share: Span[Fraction] | None
    naive_gap: Quoted[Duration] | None
    stability: tuple[Stability, ...]
    diluent: Words | None
    filter: Words | None
    rinse: Rinse | None
    contraindications: tuple[str, ...]
    interacts_with: tuple[str, ...]
    withdrawal: Words | None
    overdose: Words | None
    antidote: Words | None
    csf_half_life: Quoted[Duration] | None
    granuloma: Granuloma
    stocks: tuple[Quoted[Concentration], ...]
    codes: tuple[Code, ...]
    version: str
    retrieved: str
    reviewer: str
    sources: tuple[tuple[str, Sourced], ...]

    def source_of(self, field: str) -> Sourced:
        """Where a number comes from, by its name in ``sources``. KeyError for a name that is not there."""
        return dict(self.sources)[field]

    @property
    def needs_site_limits(self) -> bool:
        """Whether nobody but a site can say how much of it may be given, and none has."""
        return self.status is Status.UNSUPPORTED and None in (self.concentration.site, self.daily_dose.site)

    def at_site(self, site: Site) -> Drug:
        """The drug with what a site file changes. Raises CatalogueError when the site may not."""
        return site.applied_to(self)


@lru_cache
def drug(key: str) -> Drug:
    """The drug ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    if key not in entries("drugs"):
        raise CatalogueError(f"{key!r} is not a drug of this library: use one of {', '.join(entries('drugs'))}")
    return drug_from(key, load(f"drugs/{key}.toml"))


def drug_from(key: str, table: Table) -> Drug:
    """A drug from a parsed file. Raises CatalogueError in one line that names file and field."""
    table.only(*(field.name for field in fields(Drug) if field.name not in ("key", "sources")))
    ratio = reading.step_ratio(table)
    found = Drug(
        key=key,
        name=table.text("name"),
        display=table.text("display"),
        dose_unit=table.choice("dose_unit", DoseUnit),
        drug_class=table.choice("drug_class", DrugClass),
        salt=table.text("salt"),
        status=table.choice("status", Status),
        label_status=table.text("label_status"),
        effect=table.choice("effect", Effect),
        solubility=table.choice("solubility", Solubility),
        abrupt_stop_allowed=table.flag("abrupt_stop_allowed"),
        patient_bolus_allowed=table.flag("patient_bolus_allowed"),
        concentration=reading.limits(table, "concentration", Concentration),
        daily_dose=reading.limits(table, "daily_dose", DoseRate),
        lowest_concentration=quoted_or_none(table, "lowest_concentration", Concentration),
        starts=reading.starts(table),
        start_from_trial=reading.start_from_trial(table),
        trials=reading.trials(table),
        outpatient_naive_bolus=quoted_or_none(table, "outpatient_naive_bolus", Mass),
        screening=reading.screening(table),
        screening_interval=quoted_or_none(table, "screening_interval", Duration),
        observation=span_or_none(table, "observation", Duration),
        titrations=reading.titrations(table),
        step_ratio=ratio.amount,
        bolus_share=shares_or_none(table, "bolus_share"),
        naive_gap=quoted_or_none(table, "naive_gap", Duration),
        stability=reading.stability(table),
        diluent=words_or_none(table, "diluent"),
        filter=words_or_none(table, "filter"),
        rinse=reading.rinse(table),
        contraindications=reading.texts(table, "contraindications"),
        interacts_with=reading.texts(table, "interacts_with"),
        withdrawal=words_or_none(table, "withdrawal"),
        overdose=words_or_none(table, "overdose"),
        antidote=words_or_none(table, "antidote"),
        csf_half_life=quoted_or_none(table, "csf_half_life", Duration),
        granuloma=table.choice("granuloma", Granuloma),
        stocks=reading.stocks(table),
        codes=reading.codes(table),
        version=table.text("version"),
        retrieved=table.text("retrieved"),
        reviewer=table.text("reviewer"),
        sources=(("step_ratio", ratio.origin),),
    )
    return with_sources(found)


def with_sources(entry: Drug) -> Drug:
    """The same drug with ``sources`` as its numbers now are; the step ratio keeps its own.

    Each number is named by its place: ``daily_dose label``.
    """
    parts = (pair for field in fields(entry) for pair in numbers_in(field.name, getattr(entry, field.name)))
    return replace(entry, sources=(*parts, ("step_ratio", entry.source_of("step_ratio"))))
