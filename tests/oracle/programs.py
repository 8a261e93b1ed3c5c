"""Random pump models and programs that a pump must accept; refusals of others are sentences of their own."""

from __future__ import annotations

from random import Random

from tests.oracle.oracle import DAY
from thecal.device import Component, FlexStep, Mode, PatientBolus, Program, PumpDescriptor

SERIAL, TOKEN = "TC-ORACLE-1", "DEMO ORACLE"
FLUID = (Component("morphine", 10_000_000), Component("bupivacaine", 3_333_333))


def random_descriptor(chance: Random, least_stroke_nl: int = 1) -> PumpDescriptor:
    """A pump model with some stroke and range; slow models keep bulk runs short."""
    stroke = chance.choice([s for s in (1, 7, 250, 500, 997, 1_000) if s >= least_stroke_nl])
    lowest = chance.choice([48 * stroke // 50 + 1, 3 * stroke + 1, 48_000])
    highest = max(lowest, chance.choice([300 * stroke, 24_000_000]))
    return PumpDescriptor("ORACLE", stroke, chance.choice([20_000_000, 40_000_000]), lowest // 8 + 1, lowest, highest)


def random_program(chance: Random, descriptor: PumpDescriptor, top_strokes_per_day: int) -> Program:
    """A program within the model's range, whose arithmetic is stated as the pump must compute it."""
    mode = chance.choices([Mode.SIMPLE_CONTINUOUS, Mode.FLEX, Mode.MINIMUM_RATE, Mode.STOPPED], [8, 8, 1, 1])[0]
    low = descriptor.lowest_rate_nl_per_day
    top = max(low, min(top_strokes_per_day * descriptor.stroke_nl, descriptor.highest_rate_nl_per_day * 3 // 4))
    starts = {
        Mode.SIMPLE_CONTINUOUS: [0],
        Mode.FLEX: [0, *sorted(chance.sample(range(1, 1_440), chance.randint(1, 12)))],
    }.get(mode, [])
    steps = tuple(FlexStep(start, chance.choice([low, top, chance.randint(low, top)])) for start in starts)
    highest = max((step.rate_nl_per_day for step in steps), default=0)
    bolus = random_bolus(chance, descriptor, highest) if steps and chance.random() < 0.9 else None
    reserve = -(-highest // descriptor.stroke_nl) * descriptor.stroke_nl
    room = (bolus.volume_nl * chance.choice([1, 2, 5, 30]) + chance.choice([0, 1, 10**5])) if bolus else 10**6
    ends = [*starts[1:], 1_440]
    day = sum(step.rate_nl_per_day * (end - step.start_min) for step, end in zip(steps, ends, strict=False)) // 1_440
    volume = {Mode.MINIMUM_RATE: descriptor.minimum_rate_nl_per_day, Mode.STOPPED: 0}.get(mode, day)
    return Program(
        pump_serial=SERIAL,
        patient_token=TOKEN,
        mode=mode,
        steps=steps,
        patient_bolus=bolus,
        components=FLUID,
        stated_daily_dose_ng=tuple(volume * each.concentration_ng_per_ml // 10**6 for each in FLUID),
        volume_limit_nl_per_24h=min(28_800_000, max(reserve, volume) + room),
        low_reservoir_nl=chance.choice([0, 1_000_000, 2_000_001]),
    )


def random_bolus(chance: Random, descriptor: PumpDescriptor, highest_basal: int) -> PatientBolus | None:
    """A bolus that fits on top of the highest basal, or None when there is no room for a whole stroke."""
    duration = chance.choice([60_000, 600_000, 1_234_567, 7_200_000, chance.randint(60_000, 7_200_000)])
    room = (descriptor.highest_rate_nl_per_day - highest_basal) * duration // DAY - descriptor.stroke_nl
    most = min(room, 5_000_000, 400 * descriptor.stroke_nl)
    if most < descriptor.stroke_nl:
        return None
    volume = chance.choice([descriptor.stroke_nl, most, chance.randint(descriptor.stroke_nl, most)])
    shortest = max(900_000, duration + 1)
    lockout = chance.choice(
        [shortest, shortest, shortest, 4 * 3_600_000, 5 * 3_600_000 + 1, chance.randint(shortest, DAY), DAY]
    )
    return PatientBolus(volume, duration, lockout, chance.choice([1, 2, 4, 24]))
