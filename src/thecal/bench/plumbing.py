"""The fluid path that a case describes."""

from __future__ import annotations

from thecal.bench.case_records import Case, DrugIn, Reservoir, System
from thecal.catalogue.catheters import catheter
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.column import Fluid
from thecal.fluid import FluidPath, TrueReservoir, true_flow_nl_per_day
from thecal.hydraulics import Conditions
from thecal.therapy.surroundings import drive_of


def fluid_of(drugs: tuple[DrugIn, ...]) -> Fluid:
    """The fluid with these drugs; saline when there are none."""
    return Fluid.of((each.drug, each.concentration.count) for each in drugs)


def true_reservoir(system: System, reservoir: Reservoir) -> TrueReservoir:
    """The reservoir of this model as the needle filled it. Raises CatalogueError, ValueError."""
    model = pump_model(system.pump)
    fluid = fluid_of(reservoir.drugs)
    return TrueReservoir(model.capacity.count, model.residual.count, reservoir.volume.count, fluid)


def line_nl(system: System) -> int:
    """Volume from reservoir to tip: pump tubing (or restrictor) and the implanted catheter. Raises CatalogueError."""
    model = pump_model(system.pump)
    inside = model.restrictor_volume if isinstance(model, ConstantFlowPump) else model.tubing_volume
    return inside.count + catheter(system.catheter).lumen(system.trimmed_cm).count


def implanted(case: Case) -> FluidPath:
    """The fluid path at the beginning of the record. Raises CatalogueError, ValueError."""
    reservoir = true_reservoir(case.system, case.reservoir)
    return FluidPath.implanted(reservoir, line_nl(case.system), fluid_of(case.line.drugs))


def flow_at_37_degc(pump: ConstantFlowPump) -> int:
    """What a constant-flow pump gives in its patient in nL/day, at the conditions of its label."""
    return flow_under(pump, label_conditions(pump))


def label_conditions(pump: ConstantFlowPump) -> Conditions:
    """Warmth and pressure for which the flow on its label holds."""
    return Conditions(pump.baseline_temperature_degc, pump.baseline_back_pressure_kpa)


def flow_under(pump: ConstantFlowPump, now: Conditions) -> int:
    """What a constant-flow pump gives under these conditions in nL/day. Raises ValueError."""
    return true_flow_nl_per_day(pump.label_flow.count, drive_of(pump), now, label_conditions(pump))
