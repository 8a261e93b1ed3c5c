"""Programmable pump models: one data file a family, one model a reservoir size."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from thecal.catalogue.listing import entries
from thecal.catalogue.pump_parts import (
    Labelling,
    LongevityPoint,
    Mri,
    Ports,
    Standing,
    TubingVolume,
    alarms_in,
    labelling_in,
    longevity_in,
    mri_in,
    ports_in,
    sources_of_longevity,
    sources_of_mri,
    sources_of_tubing,
    standing_in,
    tubing_in,
)
from thecal.catalogue.quoted import Quoted, Words, numbers_in, quoted, quoted_or_none, share, words_or_none
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load
from thecal.quantities import Duration, FlowRate, Volume


@dataclass(frozen=True, slots=True)
class ProgrammablePump:
    """A programmable pump model. The origin of each number is in ``sources`` under the field's name.

    ``tubing_volume`` is the newest of ``tubing``. ``rate_resolution`` is the step in which a rate is typed; what the
    pump gives is whole strokes. ``has_fill_sensor``: it measures its reservoir, where others subtract.
    """

    key: str
    name: str
    model: str
    maker: str
    mechanism: str
    capacity: Volume
    residual: Volume
    low_alarm_default: Volume
    has_fill_sensor: bool
    stroke: Volume
    minimum_rate: FlowRate
    lowest_rate: FlowRate
    highest_rate: FlowRate
    rate_resolution: FlowRate
    accuracy: Quoted[Fraction]
    patient_bolus: bool
    tubing_volume: Volume
    tubing: tuple[TubingVolume, ...]
    access_port: Quoted[Volume] | None
    longevity: tuple[LongevityPoint, ...]
    battery_warning: Quoted[Duration]
    ports: Ports
    mri: Mri
    alarms: tuple[str, ...]
    alarm_statement: Words
    labelling: Labelling
    standing: Standing
    materials_note: Words | None
    sources: tuple[tuple[str, Sourced], ...]

    @property
    def labelled_drugs(self) -> tuple[str, ...]:
        """Keys of the drugs that the label names."""
        return self.labelling.drugs

    @property
    def market(self) -> str:
        """Market status in words."""
        return self.standing.statement.text

    def source_of(self, field: str) -> Sourced:
        """Where a number comes from. KeyError for a field that is not one."""
        return dict(self.sources)[field]


@cache
def programmable_models() -> tuple[str, ...]:
    """Keys of every programmable model, ``family-mL``, in the order of families and their files."""
    return tuple(f"{family}-{ml}" for family in entries("pumps") for ml in _family(family).sub("reservoirs").entries)


@cache
def programmable_pump(key: str) -> ProgrammablePump:
    """The programmable model ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    if key not in programmable_models():
        raise CatalogueError(f"{key!r} is not a programmable model: use one of {', '.join(programmable_models())}")
    family, _, ml = key.rpartition("-")
    return programmable_from(family, ml, _family(family))


def programmable_from(family: str, ml: str, table: Table) -> ProgrammablePump:
    """One reservoir size of a family from its parsed file. Raises CatalogueError in one line naming file and field."""
    own = table.sub("reservoirs").sub(ml)
    reservoir, delivery, line, battery = (table.sub(name) for name in ("reservoir", "delivery", "line", "battery"))
    volumes = {"capacity": quoted(own, "capacity", Volume, "mL")}
    volumes |= {name: quoted(reservoir, name, Volume, "mL") for name in ("residual", "low_alarm_default")}
    volumes["stroke"] = quoted(delivery, "stroke", Volume, "nL")
    flows = {
        name: quoted(delivery, name, FlowRate, "mL/day")
        for name in ("minimum_rate", "lowest_rate", "highest_rate", "rate_resolution")
    }
    accuracy, warning = share(delivery, "accuracy"), quoted(battery, "warning", Duration, "day")
    tubing, longevity = tubing_in(line.sub("tubing")), longevity_in(battery.sub("longevity"))
    access_port = quoted_or_none(line, "access_port", Volume, "mL")
    ports = ports_in(table.sub("ports"))
    mri, (alarms, alarm_statement) = mri_in(table.sub("mri")), alarms_in(table.sub("alarms"))
    sources = (
        *((name, each.origin) for name, each in volumes.items()),
        *((name, each.origin) for name, each in flows.items()),
        ("accuracy", accuracy.origin),
        ("battery_warning", warning.origin),
        *numbers_in("access_port", access_port),
        *numbers_in("smallest_syringe", ports.smallest_syringe),
        *sources_of_tubing(tubing),
        *sources_of_longevity(longevity),
        *sources_of_mri(mri),
    )
    return ProgrammablePump(
        key=f"{family}-{ml}",
        name=f"{table.text('name')}, {volumes['capacity'].amount.text_in('mL')}",
        model=own.text("model"),
        maker=table.text("maker"),
        mechanism=delivery.text("mechanism"),
        capacity=volumes["capacity"].amount,
        residual=volumes["residual"].amount,
        low_alarm_default=volumes["low_alarm_default"].amount,
        has_fill_sensor=reservoir.flag("has_fill_sensor"),
        stroke=volumes["stroke"].amount,
        minimum_rate=flows["minimum_rate"].amount,
        lowest_rate=flows["lowest_rate"].amount,
        highest_rate=flows["highest_rate"].amount,
        rate_resolution=flows["rate_resolution"].amount,
        accuracy=accuracy,
        patient_bolus=delivery.flag("patient_bolus"),
        tubing_volume=tubing[0].volume.amount,
        tubing=tubing,
        access_port=access_port,
        longevity=longevity,
        battery_warning=warning,
        ports=ports,
        mri=mri,
        alarms=alarms,
        alarm_statement=alarm_statement,
        labelling=labelling_in(table.sub("labelling")),
        standing=standing_in(table.sub("market")),
        materials_note=words_or_none(table, "materials"),
        sources=sources,
    )


@cache
def _family(family: str) -> Table:
    return load(f"pumps/{family}.toml")
