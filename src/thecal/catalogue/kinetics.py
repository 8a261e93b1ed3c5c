"""What a drug does beyond the catheter tip: exchange with cord, epidural space and blood, and its effects."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from thecal.catalogue.parameters import Sources, fill
from thecal.catalogue.sourced import CatalogueError, Table, load

DRUGS_WITH_KINETICS = ("morphine", "baclofen")


@dataclass(frozen=True, slots=True)
class NeuraxisKinetics:
    """Exchange of one drug between CSF, cord, epidural space and capillaries.

    Permeabilities act on the cord surface (cm/min); products ``..._ml_per_min_cm`` are per cm of canal.
    """

    cord_partition: Annotated[float, "1"]
    cord_surface_cm_per_min: Annotated[float, "cm/min"]
    cord_deep_cm_per_min: Annotated[float, "cm/min"]
    capillary_per_min: Annotated[float, "1/min"]
    tissue_plasma_unbound: Annotated[float, "1"]
    dura_ml_per_min_cm: Annotated[float, "mL/min/cm"]
    blood_csf_ml_per_min_cm: Annotated[float, "mL/min/cm"]
    blood_csf_partition: Annotated[float, "1"]
    epidural_clearance_ml_per_min_cm: Annotated[float, "mL/min/cm"]
    fat_exchange_ml_per_min_cm: Annotated[float, "mL/min/cm"]
    fat_partition: Annotated[float, "1"]
    sources: Sources


@dataclass(frozen=True, slots=True)
class SystemicKinetics:
    """Disposition in blood and body for 70 kg; a third volume of zero means two compartments."""

    v1_l: Annotated[float, "L"]
    v2_l: Annotated[float, "L"]
    v3_l: Annotated[float, "L"]
    clearance_l_per_min: Annotated[float, "L/min"]
    q2_l_per_min: Annotated[float, "L/min"]
    q3_l_per_min: Annotated[float, "L/min"]
    unbound_fraction: Annotated[float, "1"]
    oral_fraction: Annotated[float, "1"]
    gut_absorption_per_min: Annotated[float, "1/min"]
    sources: Sources


@dataclass(frozen=True, slots=True)
class Analgesia:
    """Relief of pain at the dorsal horn and above, and depression of breathing. Naive state."""

    c50_spinal_ng_per_ml: Annotated[float, "ng/mL"]
    hill_spinal: Annotated[float, "1"]
    c50_supraspinal_ng_per_ml: Annotated[float, "ng/mL"]
    hill_supraspinal: Annotated[float, "1"]
    c50_respiratory_ng_per_ml: Annotated[float, "ng/mL"]
    hill_respiratory: Annotated[float, "1"]
    largest_relief: Annotated[float, "1"]
    tissue_diffusivity_cm2_per_s: Annotated[float, "cm2/s"]
    dorsal_horn_depth_cm: Annotated[float, "cm"]
    respiratory_centre_depth_cm: Annotated[float, "cm"]
    plasma_lag_per_min: Annotated[float, "1/min"]
    sources: Sources


@dataclass(frozen=True, slots=True)
class Spasticity:
    """Relief of spasticity at the deep cord, after a delay."""

    c50_deep_cord_ng_per_ml: Annotated[float, "ng/mL"]
    hill: Annotated[float, "1"]
    lag_half_life_h: Annotated[float, "h"]
    largest_relief: Annotated[float, "1"]
    sources: Sources


@dataclass(frozen=True, slots=True)
class ToleranceCourse:
    """How much the needed concentration grows under exposure (plateau, a factor) and how fast (time constant)."""

    plateau: Annotated[float, "1"]
    onset_days: Annotated[float, "d"]
    sources: Sources


@dataclass(frozen=True, slots=True)
class ToleranceShared:
    """What all courses share: how fast sensitivity returns, and how much of the growth breathing takes part in."""

    recovery_days: Annotated[float, "d"]
    respiratory_share: Annotated[float, "1"]
    sources: Sources


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Growth of tolerance in cancer and in non-cancer pain."""

    cancer: ToleranceCourse
    noncancer: ToleranceCourse
    shared: ToleranceShared


@dataclass(frozen=True, slots=True)
class Kinetics:
    """One drug beyond the tip. An effect the drug does not have, or nobody has modelled here, is None."""

    drug: str
    neuraxis: NeuraxisKinetics
    systemic: SystemicKinetics
    analgesia: Analgesia | None
    spasticity: Spasticity | None
    tolerance: Tolerance | None


Effect = TypeVar("Effect")


def load_kinetics(drug: str) -> Kinetics:
    """The kinetics of a drug by its catalogue name. Raises CatalogueError for a drug without a file."""
    if drug not in DRUGS_WITH_KINETICS:
        known = ", ".join(DRUGS_WITH_KINETICS)
        raise CatalogueError(f"no kinetics beyond the tip for {drug!r}; the catalogue has {known}")
    return kinetics_from(load(f"kinetics/{drug}.toml"))


def kinetics_from(table: Table) -> Kinetics:
    """Kinetics from a parsed table. Raises CatalogueError in one line that names file and field."""
    return Kinetics(
        drug=table.sub("drug").text("name"),
        neuraxis=fill(NeuraxisKinetics, table.sub("neuraxis")),
        systemic=fill(SystemicKinetics, table.sub("systemic")),
        analgesia=_optional(Analgesia, table, "analgesia"),
        spasticity=_optional(Spasticity, table, "spasticity"),
        tolerance=_tolerance(table.sub("tolerance")) if "tolerance" in table.entries else None,
    )


def _optional(record: type[Effect], table: Table, key: str) -> Effect | None:
    return fill(record, table.sub(key)) if key in table.entries else None


def _tolerance(table: Table) -> Tolerance:
    return Tolerance(
        cancer=fill(ToleranceCourse, table.sub("cancer")),
        noncancer=fill(ToleranceCourse, table.sub("noncancer")),
        shared=fill(ToleranceShared, table.sub("shared")),
    )
