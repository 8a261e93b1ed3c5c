"""Pump models: programmable and constant-flow, each one data file."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.listing import entries
from thecal.catalogue.sourced import CatalogueError, Sourced, load, read
from thecal.quantities import FlowRate, Volume


@dataclass(frozen=True, slots=True)
class ProgrammablePump:
    """A programmable pump model. The origin of each number is in ``sources`` under the field's name."""

    key: str
    name: str
    model: str
    capacity: Volume
    residual: Volume
    low_alarm_default: Volume
    stroke: Volume
    minimum_rate: FlowRate
    lowest_rate: FlowRate
    highest_rate: FlowRate
    tubing_volume: Volume
    sources: tuple[tuple[str, Sourced], ...]


@dataclass(frozen=True, slots=True)
class ConstantFlowPump:
    """A gas-driven pump with one flow for life: no electronics, no link, no alarm.

    ``label_flow`` holds at ``baseline_temperature_degc`` and ``baseline_back_pressure_kpa`` at sea level.
    """

    key: str
    name: str
    model: str
    propellant: str
    capacity: Volume
    residual: Volume
    label_flow: FlowRate
    baseline_temperature_degc: float
    baseline_back_pressure_kpa: float
    restrictor_volume: Volume
    sources: tuple[tuple[str, Sourced], ...]


@dataclass(frozen=True, slots=True)
class Propellant:
    """Antoine constants, log10(p/bar) = a - b / (T + c), T in kelvin."""

    key: str
    name: str
    a: float
    b_kelvin: float
    c_kelvin: float
    sources: tuple[tuple[str, Sourced], ...]


def programmable_pump(key: str) -> ProgrammablePump:
    """The programmable model ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    table = load(f"pumps/{key}.toml")
    reservoir, delivery, line = table.sub("reservoir"), table.sub("delivery"), table.sub("line")
    found = {
        "capacity": read(reservoir, "capacity", "mL"),
        "residual": read(reservoir, "residual", "mL"),
        "low_alarm_default": read(reservoir, "low_alarm_default", "mL"),
        "stroke": read(delivery, "stroke", "nL"),
        "minimum_rate": read(delivery, "minimum_rate", "mL/day"),
        "lowest_rate": read(delivery, "lowest_rate", "mL/day"),
        "highest_rate": read(delivery, "highest_rate", "mL/day"),
        "tubing_volume": read(line, "tubing_volume", "mL"),
    }
    return ProgrammablePump(
        key=key,
        name=table.text("name"),
        model=table.text("model"),
        capacity=volume(found["capacity"]),
        residual=volume(found["residual"]),
        low_alarm_default=volume(found["low_alarm_default"]),
        stroke=volume(found["stroke"]),
        minimum_rate=flow(found["minimum_rate"]),
        lowest_rate=flow(found["lowest_rate"]),
        highest_rate=flow(found["highest_rate"]),
        tubing_volume=volume(found["tubing_volume"]),
        sources=tuple(found.items()),
    )


def constant_flow_pump(key: str) -> ConstantFlowPump:
    """The constant-flow model ``key``. Raises CatalogueError when there is none or its file is incomplete."""
    table = load(f"constant_flow/{key}.toml")
    reservoir, delivery, line = table.sub("reservoir"), table.sub("delivery"), table.sub("line")
    found = {
        "capacity": read(reservoir, "capacity", "mL"),
        "residual": read(reservoir, "residual", "mL"),
        "label_flow": read(delivery, "label_flow", "mL/day"),
        "baseline_temperature": read(delivery, "baseline_temperature", "degC"),
        "baseline_back_pressure": read(delivery, "baseline_back_pressure", "kPa"),
        "restrictor_volume": read(line, "restrictor_volume", "mL"),
    }
    return ConstantFlowPump(
        key=key,
        name=table.text("name"),
        model=table.text("model"),
        propellant=table.text("propellant"),
        capacity=volume(found["capacity"]),
        residual=volume(found["residual"]),
        label_flow=flow(found["label_flow"]),
        baseline_temperature_degc=float(found["baseline_temperature"]),
        baseline_back_pressure_kpa=float(found["baseline_back_pressure"]),
        restrictor_volume=volume(found["restrictor_volume"]),
        sources=tuple(found.items()),
    )


def propellant(key: str) -> Propellant:
    """Antoine constants of a propellant. Raises CatalogueError when there is none."""
    table = load("constant_flow/propellants.toml").sub(key)
    found = {name: read(table, name, unit) for name, unit in (("a", "1"), ("b", "K"), ("c", "K"))}
    return Propellant(
        key, table.text("name"), float(found["a"]), float(found["b"]), float(found["c"]), tuple(found.items())
    )


def pump_model(key: str) -> ProgrammablePump | ConstantFlowPump:
    """The model ``key`` of either kind. Raises CatalogueError listing the models there are."""
    if key in entries("pumps"):
        return programmable_pump(key)
    if key in entries("constant_flow"):
        return constant_flow_pump(key)
    known = ", ".join(sorted(pump_models()))
    raise CatalogueError(f"{key!r} is not a pump model: use one of {known}")


def pump_models() -> tuple[str, ...]:
    """Keys of every pump model, programmable first."""
    return (*entries("pumps"), *(key for key in entries("constant_flow") if key != "propellants"))


def volume(sourced: Sourced) -> Volume:
    """A sourced number as a volume."""
    return Volume.of(format(sourced.value, "f"), sourced.unit)


def flow(sourced: Sourced) -> FlowRate:
    """A sourced number as a flow rate."""
    return FlowRate.of(format(sourced.value, "f"), sourced.unit)
