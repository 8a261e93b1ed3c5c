"""Drugs: units, status and limits. Label, consensus and the built-in ceiling are separate fields."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.listing import entries
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read
from thecal.quantities import Concentration, DoseRate


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug of the library. ``dose_unit`` is the unit its doses are typed and shown in ("mg", "microgram")."""

    key: str
    name: str
    display: str
    dose_unit: str
    effect: str  # "analgesia" or "spasticity"
    abrupt_stop_allowed: bool
    patient_bolus_allowed: bool
    label_status: str
    consensus_concentration: Concentration
    consensus_daily_dose: DoseRate
    label_concentration: Concentration
    label_caution_daily_dose: DoseRate
    hard_daily_dose: DoseRate
    step_ratio: Fraction  # a 24-hour dose above this multiple of the previous one needs a second confirmation
    sources: tuple[tuple[str, Sourced], ...]

    def source_of(self, field: str) -> Sourced:
        """Where a limit comes from. KeyError for a field that is not a limit."""
        return dict(self.sources)[field]


def drug(key: str) -> Drug:
    """The drug ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    if key not in entries("drugs"):
        raise CatalogueError(f"{key!r} is not a drug of this library: use one of {', '.join(entries('drugs'))}")
    table = load(f"drugs/{key}.toml")
    limits = table.sub("limits")
    concentrations = {name: read(limits, name, "mg/mL") for name in ("consensus_concentration", "label_concentration")}
    doses = {
        name: read(limits, name, "mg/day")
        for name in ("consensus_daily_dose", "label_caution_daily_dose", "hard_daily_dose")
    }
    ratio = read(limits, "step_ratio", "1")
    return Drug(
        key=key,
        name=table.text("name"),
        display=table.text("display"),
        dose_unit=table.text("dose_unit"),
        effect=table.text("effect"),
        abrupt_stop_allowed=_flag(table, "abrupt_stop_allowed"),
        patient_bolus_allowed=_flag(table, "patient_bolus_allowed"),
        label_status=table.text("label_status"),
        consensus_concentration=_concentration(concentrations["consensus_concentration"]),
        consensus_daily_dose=_dose(doses["consensus_daily_dose"]),
        label_concentration=_concentration(concentrations["label_concentration"]),
        label_caution_daily_dose=_dose(doses["label_caution_daily_dose"]),
        hard_daily_dose=_dose(doses["hard_daily_dose"]),
        step_ratio=Fraction(ratio.value),
        sources=(*concentrations.items(), *doses.items(), ("step_ratio", ratio)),
    )


def _flag(table: Table, key: str) -> bool:
    found = table.entries.get(key)
    if type(found) is not bool:
        raise CatalogueError(f"{table.where(key)} must be true or false")
    return found


def _concentration(sourced: Sourced) -> Concentration:
    return Concentration.of(format(sourced.value, "f"), sourced.unit)


def _dose(sourced: Sourced) -> DoseRate:
    return DoseRate.of(format(sourced.value, "f"), sourced.unit)
