"""Any program that fits a pump as it last described itself, from a source of chance."""

from __future__ import annotations

from random import Random

from thecal.device import (
    BolusKind,
    BridgeLeft,
    Component,
    FlexStep,
    Mode,
    OnceBolus,
    PatientBolus,
    PeriodicBolus,
    Program,
    Report,
)

MINUTE, HOUR = 60_000, 3_600_000
MOST_STROKES = 400  # a day: a simulated day shall not be all strokes


def any_program(chance: Random, found: object, components: tuple[Component, ...]) -> tuple[Program, bytes] | None:
    """A program and the hash it is based on; None where the pump was not read. The pump may still refuse it."""
    if not isinstance(found, Report):
        return None
    pump, unit = found.descriptor, found.descriptor.stroke_nl
    rates = [rate for rate in (unit * n for n in (50, 120, MOST_STROKES)) if rate >= pump.lowest_rate_nl_per_day]
    rates = [rate for rate in rates if rate <= pump.highest_rate_nl_per_day] or [pump.lowest_rate_nl_per_day]
    mode = chance.choice((Mode.SIMPLE_CONTINUOUS, Mode.SIMPLE_CONTINUOUS, Mode.FLEX, Mode.PERIODIC_BOLUS))
    starts = [0] if mode is not Mode.FLEX else [0, *sorted(chance.sample(range(1, 1_440), chance.randint(1, 4)))]
    steps = tuple(FlexStep(start, chance.choice(rates)) for start in starts)
    day_nl_min = sum(
        step.rate_nl_per_day * (end - step.start_min) for step, end in zip(steps, [*starts[1:], 1_440], strict=True)
    )
    bolus = periodic = None
    beside_nl = 0
    if mode is Mode.PERIODIC_BOLUS:
        interval_ms = chance.choice((3 * HOUR, 6 * HOUR, 24 * HOUR))
        periodic = PeriodicBolus(unit * chance.randint(1, 20), 10 * MINUTE, interval_ms)
        beside_nl = periodic.volume_nl * (24 * HOUR // interval_ms)
    elif chance.random() < 0.8:
        bolus = PatientBolus(unit * chance.randint(2, 20), 10 * MINUTE, chance.choice((HOUR, 3 * HOUR)), 6)
        beside_nl = bolus.volume_nl * chance.randint(1, 6)
    highest_nl = max(step.rate_nl_per_day for step in steps)
    daily_nl = day_nl_min // 1_440 + (beside_nl if periodic is not None else 0)
    once, left = _once(chance, found, unit)
    return Program(
        pump_serial=found.pump_serial,
        patient_token=found.patient_token,
        mode=mode,
        steps=steps,
        patient_bolus=bolus,
        components=components,
        stated_daily_dose_ng=tuple(daily_nl * each.concentration_ng_per_ml // 1_000_000 for each in components),
        volume_limit_nl_per_24h=min(28_800_000, (-(-highest_nl // unit) + 1) * unit + beside_nl),
        low_reservoir_nl=pump.reservoir_nl // 20,
        periodic=periodic,
        once=once,
        bridge_left=left,
        begins_utc_ms=found.status.utc_ms + chance.randint(MINUTE, 20 * HOUR) if chance.random() < 0.15 else None,
    ), found.program_hash


def _once(chance: Random, found: Report, unit: int) -> tuple[OnceBolus | None, BridgeLeft | None]:
    """A bolus given once, sometimes; and what becomes of a bridge that is not finished."""
    running = found.status.once
    left_nl = found.status.bridge_left_nl
    if running is not None and running.kind is BolusKind.BRIDGE:
        left_nl = running.volume_nl - running.delivered_nl
    if left_nl:
        decision = chance.choice(list(BridgeLeft))
        if decision is BridgeLeft.CANCEL:
            return None, decision
        volume_nl = left_nl if decision is BridgeLeft.CONTINUE else 20 * unit
        return OnceBolus(BolusKind.BRIDGE, volume_nl, 12 * HOUR), decision
    if chance.random() < 0.7:
        return None, None
    kind = chance.choice((BolusKind.SINGLE, BolusKind.PRIMING, BolusKind.BRIDGE))
    return OnceBolus(kind, unit * chance.randint(1, 30), chance.choice((30 * MINUTE, 8 * HOUR))), None
