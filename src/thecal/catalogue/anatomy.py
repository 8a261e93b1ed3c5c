"""The spinal canal from foramen magnum to S2, level by level, and the physiology that all drugs share."""

from dataclasses import dataclass
from typing import Annotated

from thecal.catalogue.parameters import Sources, fill
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read


@dataclass(frozen=True, slots=True)
class Level:
    """One vertebral level: its length along the canal, the mean cross-sections in it, and how fast drug spreads."""

    name: str
    region: str
    length_cm: Annotated[float, "cm"]
    csf_area_cm2: Annotated[float, "cm2"]
    cord_area_cm2: Annotated[float, "cm2"]
    dispersion: Sourced
    sources: Sources

    @property
    def dispersion_cm2_per_s(self) -> float:
        """Effective longitudinal dispersion at the middle of the level."""
        return float(self.dispersion)


@dataclass(frozen=True, slots=True)
class Physiology:
    """Flows and volumes round the spinal canal, for a typical adult."""

    production_ml_per_min: Annotated[float, "mL/min"]
    spinal_absorption_fraction: Annotated[float, "1"]
    cisterna_mixing_ml_per_min: Annotated[float, "mL/min"]
    cisterna_volume_ml: Annotated[float, "mL"]
    cranial_volume_ml: Annotated[float, "mL"]
    brainstem_volume_ml: Annotated[float, "mL"]
    brainstem_surface_cm2: Annotated[float, "cm2"]
    brain_volume_ml: Annotated[float, "mL"]
    brain_surface_cm2: Annotated[float, "cm2"]
    cord_perimeter_factor: Annotated[float, "1"]
    cord_outer_share: Annotated[float, "1"]
    epidural_volume_ml_per_cm: Annotated[float, "mL/cm"]
    epidural_fat_ml_per_cm: Annotated[float, "mL/cm"]
    injection_spread_cm: Annotated[float, "cm"]
    sources: Sources


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Levels from head to foot, and the physiology they share."""

    levels: tuple[Level, ...]
    physiology: Physiology

    @property
    def level_names(self) -> tuple[str, ...]:
        """C1 ... S2, from head to foot."""
        return tuple(level.name for level in self.levels)

    @property
    def length_cm(self) -> float:
        """Foramen magnum to the end of the dural sac."""
        return sum(level.length_cm for level in self.levels)


def load_anatomy() -> Anatomy:
    """The adult of the catalogue. Raises CatalogueError when the data file is wrong."""
    return anatomy_from(load("anatomy.toml"))


def anatomy_from(table: Table) -> Anatomy:
    """Anatomy from a parsed table. Raises CatalogueError in one line that names file and field."""
    spread = table.sub("dispersion")
    levels = tuple(_level(entry, spread) for entry in table.sub("levels").subs())
    if len(levels) < 2:
        raise CatalogueError(f"{table.where('levels')} must name at least two levels")
    physiology = fill(Physiology, table.sub("physiology"))
    if not 0 < physiology.spinal_absorption_fraction < 1:
        raise CatalogueError(f"{table.where('physiology.spinal_absorption_fraction')} must lie between 0 and 1")
    return Anatomy(levels, physiology)


def _level(entry: Table, spread: Table) -> Level:
    region = entry.text("region")
    dispersion = read(spread, region, "cm2/s")
    level = fill(Level, entry, name=entry.name(), region=region, dispersion=dispersion)
    if level.length_cm == 0 or level.csf_area_cm2 == 0:
        raise CatalogueError(f"{entry.where('length_cm')} and csf_area_cm2 must be above zero")
    return level
