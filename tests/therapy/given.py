"""Pumps, fluids and prescriptions the tests of therapy start from."""

from __future__ import annotations

from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ProgrammablePump, pump_model
from thecal.device import Mode, Program
from thecal.quantities import Concentration, DoseRate, Duration, Instant, Mass, Volume
from thecal.therapy import (
    BolusOrder,
    Flex,
    FluidComponent,
    Prescription,
    PumpInHand,
    SimpleContinuous,
    Standing,
    TimedDose,
    Translation,
    descriptor_of,
    translate,
)

NOW = Instant.parse("2026-11-22T07:00:00Z")


def model() -> ProgrammablePump:
    found = pump_model("synchromed-ii-20")
    assert isinstance(found, ProgrammablePump)
    return found


def pump() -> PumpInHand:
    found = model()
    return PumpInHand(descriptor_of(found), "S1", "alder", found.low_alarm_default, found.residual)


def morphine(concentration: str = "10 mg/mL") -> tuple[FluidComponent, ...]:
    return (FluidComponent("morphine", Concentration.parse(concentration)),)


def baclofen(concentration: str = "500 microgram/mL") -> tuple[FluidComponent, ...]:
    return (FluidComponent("baclofen", Concentration.parse(concentration)),)


def continuous(
    dose: str, fluid: tuple[FluidComponent, ...] | None = None, bolus: BolusOrder | None = None
) -> Prescription:
    return Prescription(morphine() if fluid is None else fluid, SimpleContinuous(DoseRate.parse(dose)), bolus)


def bolus(dose: str = "0.1 mg", lockout: str = "4 h", maximum: int = 4, lasts: str = "10 min") -> BolusOrder:
    return BolusOrder(Mass.parse(dose), Duration.parse(lasts), Duration.parse(lockout), maximum)


def morning_dose(every_h: int = 24, background: str = "0 microgram/day") -> Prescription:
    """60 microgram of baclofen from 06:00 to 07:00."""
    steps = (TimedDose(360, 420, Mass.parse("60 microgram"), every_h),)
    return Prescription(baclofen(), Flex(DoseRate.parse(background), steps))


def translated(prescription: Prescription) -> Translation:
    found = translate(prescription, pump())
    assert isinstance(found, Translation), found
    return found


def new_pump_program() -> Program:
    return Program("S1", "alder", Mode.STOPPED, (), None, (), (), 0, 0)


def standing(
    fluid: tuple[FluidComponent, ...] | None = None,
    running: Prescription | None = None,
    reservoir: str = "20 mL",
    last_infusing: Program | None = None,
) -> Standing:
    program = new_pump_program() if running is None else translated(running).program
    held = morphine() if fluid is None else fluid
    return Standing(
        pump=pump(),
        program=program,
        last_infusing=program if last_infusing is None else last_infusing,
        reservoir=Volume.parse(reservoir),
        fluid=tuple(component.in_counts() for component in held),
        now=NOW,
        clock_offset_min=60,
        policy=policy(),
    )
