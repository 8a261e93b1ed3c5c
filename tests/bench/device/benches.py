"""Devices on the bench for these tests: filled, programmed through real frames, ready to be disturbed."""

from __future__ import annotations

from pathlib import Path

from thecal.bench.device import DeviceBench, Setup
from thecal.cli.link_protection import protected
from thecal.column import Fluid
from thecal.device import Component, FlexStep, Mode, PatientBolus, Program, Role
from thecal.telemetry import Applied

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SITE = (Path(__file__).parents[3] / "examples" / "sites" / "demo-pain-clinic.toml").read_text(encoding="utf-8")
STRENGTH_NG_PER_ML = 1_000_000
MORPHINE = Fluid.of([("morphine", STRENGTH_NG_PER_ML)])
COMPONENTS = (Component("morphine", STRENGTH_NG_PER_ML),)
BOLUS = PatientBolus(10_000, 600_000, HOUR_MS, 6)
FILL_NL = 18_000_000


def program(bench, rate_nl_per_day=240_000, bolus=None, **changed):
    """A program for the device on this bench: by default 20 strokes of 500 nL an hour."""
    told = {
        "pump_serial": bench.setup.serial,
        "patient_token": bench.setup.patient_token,
        "mode": Mode.SIMPLE_CONTINUOUS,
        "steps": (FlexStep(0, rate_nl_per_day),),
        "patient_bolus": bolus,
        "components": COMPONENTS,
        "stated_daily_dose_ng": (rate_nl_per_day * STRENGTH_NG_PER_ML // 1_000_000,),
        "volume_limit_nl_per_24h": rate_nl_per_day + (0 if bolus is None else bolus.maximum_per_24h * bolus.volume_nl),
        "low_reservoir_nl": 2_000_000,
    }
    return Program(**(told | changed))


def infusing(model="synchromed-ii-20", bolus=BOLUS, rate_nl_per_day=240_000, keys=protected, **setup):
    """A bench whose pump is filled by needle, told of it and programmed, and the physician's programmer."""
    bench = DeviceBench(Setup(model, **setup), keys)
    bench.inject(FILL_NL, MORPHINE)
    physician = bench.attach(Role.PHYSICIAN)
    assert isinstance(physician.record_refill(FILL_NL, COMPONENTS), Applied)
    version = None if bench.believes.library is None else bench.believes.library.version
    outcome = physician.program(program(bench, rate_nl_per_day, bolus, library_version=version))
    assert isinstance(outcome, Applied), outcome
    return bench, physician
