"""Random programs with all that one may hold: day groups, periodic and once boluses, delayed starts, bridges."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.oracle.calendar import DAY
from tests.oracle.oracle import Reference
from tests.oracle.programs import FLUID, random_bolus, random_program
from thecal.device import (
    EVERY_DAY,
    BolusKind,
    BridgeLeft,
    FlexStep,
    Mode,
    OnceBolus,
    PeriodicBolus,
    Program,
    PumpDescriptor,
)

MINUTE, HOUR = 60_000, 3_600_000


def random_prescription(chance: Random, reference: Reference, now: int, top_strokes_per_day: int) -> Program:
    """A program that fits this pump; what it says about an unfinished bridge is mostly what is true."""
    model = reference.descriptor
    program = random_program(chance, model, top_strokes_per_day)
    kind = chance.choices(["plain", "weekly", "periodic"], [5, 3, 4])[0]
    if kind == "weekly":
        program = weekly(chance, model, top_strokes_per_day, program)
    elif kind == "periodic":
        program = periodic(chance, model, top_strokes_per_day, program)
    if program.mode is not Mode.STOPPED and chance.random() < 0.5:
        program = replace(program, once=random_once(chance, model))
    if chance.random() < 0.2:
        ahead = chance.choice([1, MINUTE, chance.randint(1, 12 * HOUR), chance.randint(1, 3 * DAY)])
        program = replace(program, begins_utc_ms=reference.utc_at_zero + now + ahead)
    return decided(chance, program, reference, now)


def dosed(program: Program, volume_nl: int) -> Program:
    """With the doses of this volume a day stated."""
    return replace(
        program,
        stated_daily_dose_ng=tuple(volume_nl * each.concentration_ng_per_ml // 10**6 for each in FLUID),
    )


def whole_strokes(volume_nl: int, stroke_nl: int) -> int:
    """The volume in whole strokes, rounded up, nL."""
    return -(-volume_nl // stroke_nl) * stroke_nl


def weekly(chance: Random, model: PumpDescriptor, top_strokes_per_day: int, plain: Program) -> Program:
    """Two to seven groups of days, each with its own steps."""
    low = model.lowest_rate_nl_per_day
    top = max(low, min(top_strokes_per_day * model.stroke_nl, model.highest_rate_nl_per_day * 3 // 4))
    kinds = [[chance.randint(0, 2) for _ in range(7)], list(range(7)), [0, 0, 0, 0, 0, 1, 1]]
    of_day = chance.choice(kinds)
    masks = {group: sum(1 << day for day in range(7) if of_day[day] == group) for group in of_day}
    steps: list[FlexStep] = []
    most = 0
    for mask in sorted(masks.values(), key=lambda mask: mask & -mask):
        starts = [0, *sorted(chance.sample(range(1, 1_440), chance.randint(mask == EVERY_DAY, 4)))]
        rates = [chance.choice([low, top, chance.randint(low, top)]) for _ in starts]
        ends = [*starts[1:], 1_440]
        steps += [FlexStep(start, rate, mask) for start, rate in zip(starts, rates, strict=True)]
        day = sum(rate * (end - start) for start, end, rate in zip(starts, ends, rates, strict=True)) // 1_440
        most = max(most, day)
    highest = max(step.rate_nl_per_day for step in steps)
    bolus = random_bolus(chance, model, highest) if chance.random() < 0.9 else None
    room = bolus.volume_nl * chance.choice([1, 2, 5, 30]) if bolus else 10**6
    limit = min(28_800_000, whole_strokes(highest, model.stroke_nl) + room)
    held = replace(plain, mode=Mode.FLEX, steps=tuple(steps), patient_bolus=bolus, volume_limit_nl_per_24h=limit)
    return dosed(held, most)


def periodic(chance: Random, model: PumpDescriptor, top_strokes_per_day: int, plain: Program) -> Program:
    """Boluses that come by themselves; the limit leaves room for what they need, sometimes exactly that."""
    low = model.lowest_rate_nl_per_day
    top = max(low, min(top_strokes_per_day * model.stroke_nl, model.highest_rate_nl_per_day // 2))
    rate = chance.choice([0, low, top, chance.randint(low, top)])
    found = random_bolus(chance, model, rate)
    if found is None:
        return plain
    shortest = max(900_000, found.duration_ms + 1)
    interval = max(
        shortest, chance.choice([shortest, 4 * HOUR, 5 * HOUR + 1, chance.randint(shortest, 3 * DAY), 30 * HOUR])
    )
    strokes = found.volume_nl // model.stroke_nl
    starts = -(-DAY // interval)
    fits = (28_800_000 - whole_strokes(rate, model.stroke_nl)) // (starts * model.stroke_nl)
    strokes = min(strokes, fits)
    if strokes < 1:
        return plain
    bolus = PeriodicBolus(strokes * model.stroke_nl, found.duration_ms, interval)
    given = DAY * strokes * model.stroke_nl // bolus.interval_ms
    limit = whole_strokes(rate, model.stroke_nl) + starts * strokes * model.stroke_nl
    held = replace(
        plain,
        mode=Mode.PERIODIC_BOLUS,
        steps=(FlexStep(0, rate),),
        patient_bolus=None,
        periodic=bolus,
        volume_limit_nl_per_24h=min(28_800_000, limit + chance.choice([0, 0, 10**6])),
    )
    return dosed(held, rate + given)


def random_once(chance: Random, model: PumpDescriptor, strokes: int | None = None) -> OnceBolus | None:
    """A single, priming or bridge bolus within the highest rate; where ``strokes`` is given, a bridge of these."""
    kind = BolusKind.BRIDGE if strokes else chance.choice([BolusKind.SINGLE, BolusKind.PRIMING, BolusKind.BRIDGE])
    longest = 604_800_000 if kind is BolusKind.BRIDGE else DAY
    if strokes:
        fastest = -(-strokes * model.stroke_nl * DAY // model.highest_rate_nl_per_day) + 1
        if fastest > longest:
            return None
        return OnceBolus(kind, strokes * model.stroke_nl, chance.randint(max(MINUTE, fastest), longest))
    durations = [MINUTE, 10 * MINUTE, HOUR + 1, chance.randint(MINUTE, 12 * HOUR), chance.randint(HOUR, DAY)]
    duration = chance.choice(durations)
    most = min(model.highest_rate_nl_per_day * duration // DAY - 1, 5_000_000, 400 * model.stroke_nl)
    if most < model.stroke_nl:
        return None
    return OnceBolus(kind, chance.choice([model.stroke_nl, most, chance.randint(model.stroke_nl, most)]), duration)


def decided(chance: Random, program: Program, reference: Reference, now: int) -> Program:
    """What the program says about an unfinished bridge."""
    owes = reference.bridge_owes(now)
    gives_bridge = program.once is not None and program.once.kind is BolusKind.BRIDGE
    if chance.random() < 0.1:  # perhaps not what is true
        return replace(program, bridge_left=BridgeLeft.RESTART) if gives_bridge and chance.random() < 0.5 else program
    if owes is None:
        return program
    if gives_bridge:
        left = chance.choice([BridgeLeft.RESTART, BridgeLeft.CONTINUE])
        if left is BridgeLeft.CONTINUE:
            off_by = chance.choice([0, 0, 0, 1])
            again = random_once(chance, reference.descriptor, owes + off_by)
            return replace(program, once=again, bridge_left=left) if again else program
        return replace(program, bridge_left=left)
    return replace(program, bridge_left=BridgeLeft.CANCEL)
