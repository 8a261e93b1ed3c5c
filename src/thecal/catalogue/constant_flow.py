"""Constant-flow pump models: one data file a family, one model a reservoir size and flow class."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache

from thecal.catalogue.listing import entries
from thecal.catalogue.pump_parts import (
    Labelling,
    Mri,
    Ports,
    Standing,
    labelling_in,
    mri_in,
    ports_in,
    sources_of_mri,
    standing_in,
)
from thecal.catalogue.quoted import Quoted, Words, numbers_in, quoted, share, words, words_or_none
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read
from thecal.quantities import FlowRate, Volume

_PROPELLANTS = "propellants"
_PER_UNIT = 1_000  # milli-degC in a degC, Pa in a kPa


class DriveKind(StrEnum):
    """What pushes the drug out."""

    VAPOUR = "vapour"  # a propellant that boils at body heat; pushes against the pressure of the air
    ELASTIC = "elastic"  # a stretched diaphragm; the pressure of the air acts on both sides


@dataclass(frozen=True, slots=True)
class Propellant:
    """Antoine constants, log10(p/bar) = a - b / (T + c), T in kelvin."""

    key: str
    name: str
    a: float
    b_kelvin: float
    c_kelvin: float
    sources: tuple[tuple[str, Sourced], ...]


@dataclass(frozen=True, slots=True)
class Recoil:
    """Pressure of an elastic diaphragm on the drug when the reservoir is full and when it is nearly empty."""

    full: Sourced  # kPa
    empty: Sourced  # kPa

    @property
    def full_kpa(self) -> float:
        """When full, for the laws of flow."""
        return float(self.full)

    @property
    def empty_kpa(self) -> float:
        """When nearly empty, for the laws of flow."""
        return float(self.empty)

    @property
    def named(self) -> tuple[tuple[str, Sourced], ...]:
        """Both numbers as a pump lists them."""
        return (("recoil_full", self.full), ("recoil_empty", self.empty))


@dataclass(frozen=True, slots=True)
class ConstantFlowPump:
    """A pump with one flow for life: no electronics, no link, no alarm.

    ``label_flow`` holds at ``baseline_temperature_degc`` and ``baseline_back_pressure_kpa`` at sea level.
    """

    key: str
    name: str
    model: str
    maker: str
    pushed_by: Propellant | Recoil
    capacity: Volume
    residual: Volume
    label_flow: FlowRate
    accuracy: Quoted[Fraction]
    baseline_temperature_degc: float
    baseline_back_pressure_kpa: float
    restrictor_volume: Volume
    ports: Ports
    bolus_path: Words
    mri: Mri
    labelling: Labelling
    standing: Standing
    materials_note: Words | None
    sources: tuple[tuple[str, Sourced], ...]

    @property
    def drive(self) -> DriveKind:
        """What pushes, in one word."""
        return DriveKind.VAPOUR if isinstance(self.pushed_by, Propellant) else DriveKind.ELASTIC

    @property
    def propellant(self) -> str | None:
        """Key of the propellant; None for an elastic drive."""
        return self.pushed_by.key if isinstance(self.pushed_by, Propellant) else None

    @property
    def baseline_temperature_mdegc(self) -> int:
        """Whole thousandths of a degree Celsius."""
        return int(self.source_of("baseline_temperature").value * _PER_UNIT)

    @property
    def baseline_back_pressure_pa(self) -> int:
        """Whole pascal."""
        return int(self.source_of("baseline_back_pressure").value * _PER_UNIT)

    @property
    def labelled_drugs(self) -> tuple[str, ...]:
        """Keys of the drugs that the label names."""
        return self.labelling.drugs

    @property
    def not_labelled(self) -> tuple[tuple[str, str], ...]:
        """(jurisdiction, drug) pairs that a label excludes."""
        return self.labelling.excluded

    @property
    def market(self) -> str:
        """Market status in words."""
        return self.standing.statement.text

    def source_of(self, field: str) -> Sourced:
        """Where a number comes from. KeyError for a field that is not one."""
        return dict(self.sources)[field]


@cache
def constant_flow_models() -> tuple[str, ...]:
    """Keys of every constant-flow model, ``family-mL-class``, in the order of families and their files."""
    families = (family for family in entries("constant_flow") if family != _PROPELLANTS)
    sizes = ((family, size) for family in families for size in _family(family).sub("reservoirs").subs())
    return tuple(f"{family}-{size.name()}-{each}" for family, size in sizes for each in size.sub("classes").entries)


@cache
def constant_flow_pump(key: str) -> ConstantFlowPump:
    """The constant-flow model ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    if key not in constant_flow_models():
        raise CatalogueError(f"{key!r} is not a constant-flow model: use one of {', '.join(constant_flow_models())}")
    family, ml, flow_class = key.rsplit("-", 2)
    return constant_flow_from(family, ml, flow_class, _family(family))


def constant_flow_from(family: str, ml: str, flow_class: str, table: Table) -> ConstantFlowPump:
    """One size and flow class of a family from its parsed file. Raises CatalogueError naming file and field."""
    own, delivery = table.sub("reservoirs").sub(ml), table.sub("delivery")
    label_flow = quoted(own.sub("classes"), flow_class, FlowRate, "mL/day")
    volumes = {
        "capacity": quoted(own, "capacity", Volume, "mL"),
        "residual": quoted(table.sub("reservoir"), "residual", Volume, "mL"),
        "restrictor_volume": quoted(table.sub("line"), "restrictor_volume", Volume, "mL"),
    }
    accuracy, ports = share(delivery, "accuracy"), ports_in(table.sub("ports"))
    temperature = read(delivery, "baseline_temperature", "degC")
    back_pressure = read(delivery, "baseline_back_pressure", "kPa")
    pushed_by, mri = _pushed_by(table), mri_in(table.sub("mri"))
    sources = (
        ("label_flow", label_flow.origin),
        *((name, each.origin) for name, each in volumes.items()),
        ("accuracy", accuracy.origin),
        ("baseline_temperature", temperature),
        ("baseline_back_pressure", back_pressure),
        *numbers_in("smallest_syringe", ports.smallest_syringe),
        *sources_of_mri(mri),
        *(
            (("recoil, full", pushed_by.full), ("recoil, empty", pushed_by.empty))
            if isinstance(pushed_by, Recoil)
            else ()
        ),
    )
    return ConstantFlowPump(
        key=f"{family}-{ml}-{flow_class}",
        name=f"{table.text('name')}, {volumes['capacity'].amount.text_in('mL')}, {label_flow.amount.text_in('mL/day')}",
        model=f"{own.text('model')}-{flow_class}",
        maker=table.text("maker"),
        pushed_by=pushed_by,
        capacity=volumes["capacity"].amount,
        residual=volumes["residual"].amount,
        label_flow=label_flow.amount,
        accuracy=accuracy,
        baseline_temperature_degc=float(temperature),
        baseline_back_pressure_kpa=float(back_pressure),
        restrictor_volume=volumes["restrictor_volume"].amount,
        ports=ports,
        bolus_path=words(table, "bolus_path"),
        mri=mri,
        labelling=labelling_in(table.sub("labelling")),
        standing=standing_in(table.sub("market")),
        materials_note=words_or_none(table, "materials"),
        sources=sources,
    )


@cache
def propellant(key: str) -> Propellant:
    """Antoine constants of a propellant. Raises CatalogueError when there is none."""
    table = load(f"constant_flow/{_PROPELLANTS}.toml").sub(key)
    found = {name: read(table, name, unit) for name, unit in (("a", "1"), ("b", "K"), ("c", "K"))}
    return Propellant(
        key, table.text("name"), float(found["a"]), float(found["b"]), float(found["c"]), tuple(found.items())
    )


def _pushed_by(table: Table) -> Propellant | Recoil:
    if table.choice("drive", DriveKind) is DriveKind.VAPOUR:
        return propellant(table.text("propellant"))
    ends = table.sub("recoil").only("full", "empty")
    full, empty = read(ends, "full", "kPa"), read(ends, "empty", "kPa")
    if not 0 < empty.value <= full.value:
        raise CatalogueError(f"{ends.where('empty')} must be above 0 and not above full")
    return Recoil(full, empty)


@cache
def _family(family: str) -> Table:
    return load(f"constant_flow/{family}.toml")
