"""A device to look at: a model of the catalogue, filled with morphine 1 mg/mL and programmed over its link."""

from __future__ import annotations

from thecal.bench.device.bench import DeviceBench, Keys
from thecal.bench.device.setup import Setup
from thecal.column import Fluid
from thecal.device import Component, FlexStep, Mode, Program, Role
from thecal.telemetry import Applied

NG_PER_ML = 1_000_000
RATE_NL_PER_DAY = 240_000
_NL_PER_ML = 1_000_000


def demonstrated(setup: Setup, keys: Keys) -> DeviceBench:
    """The reservoir full, simple continuous at 0.24 mL/day or the nearest its range allows.

    Raises NoPower for a constant-flow pump, CatalogueError.
    """
    bench = DeviceBench(setup, keys)
    physician = bench.attach(Role.PHYSICIAN)
    descriptor = bench.believes.descriptor
    rate = max(descriptor.lowest_rate_nl_per_day, min(RATE_NL_PER_DAY, descriptor.highest_rate_nl_per_day))
    fluid = (Component("morphine", NG_PER_ML),)
    bench.inject(descriptor.reservoir_nl, Fluid.of((each.drug, each.concentration_ng_per_ml) for each in fluid))
    program = Program(
        pump_serial=setup.serial,
        patient_token=setup.patient_token,
        mode=Mode.SIMPLE_CONTINUOUS,
        steps=(FlexStep(0, rate),),
        patient_bolus=None,
        components=fluid,
        stated_daily_dose_ng=(rate * NG_PER_ML // _NL_PER_ML,),
        volume_limit_nl_per_24h=rate,
        low_reservoir_nl=descriptor.reservoir_nl // 10,
        library_version=None if bench.believes.library is None else bench.believes.library.version,
    )
    told = physician.record_refill(descriptor.reservoir_nl, fluid), physician.program(program)
    if not all(isinstance(each, Applied) for each in told):
        raise AssertionError(f"a sound program is accepted: {told}")
    return bench
