"""How fast the pump steps: strokes and events per second, one by one and in trains."""

from __future__ import annotations

import time
from collections.abc import Callable

from thecal.device import (
    Commit,
    Component,
    FlexStep,
    Mode,
    PatientBolus,
    Program,
    PumpDescriptor,
    RecordRefill,
    Request,
    RequestBolus,
    Role,
    Stage,
    program_hash,
)
from thecal.device.commands import Dosing
from thecal.pump import CommandReceived, PumpState, Strokes, TimePassed, manufacture, next_stroke_tick, step

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


def treated() -> PumpState:
    """A pump at tick 0: 0.3 mL/day by flex in two steps, with patient boluses, 20 mL in the reservoir."""
    fluid = (Component("morphine", 10_000_000),)
    state = manufacture(PumpDescriptor("benchmark", 500, 20_000_000, 6_000, 48_000, 24_000_000), "P", "T", 0, 0)
    program = Program(
        pump_serial="P",
        patient_token="T",
        mode=Mode.FLEX,
        steps=(FlexStep(0, 200_000), FlexStep(720, 400_000)),
        patient_bolus=PatientBolus(10_000, 600_000, HOUR_MS, 24),
        components=fluid,
        stated_daily_dose_ng=(3_000_000,),
        volume_limit_nl_per_24h=2_000_000,
        low_reservoir_nl=1_000_000,
    )
    state = _told(state, RecordRefill(20_000_000, fluid), 1)
    state = _told(state, Stage(program, program_hash(state.program)), 2)
    return _told(state, Commit(program_hash(program)), 3)


def _told(state: PumpState, command: Dosing, number: int, role: Role = Role.PHYSICIAN) -> PumpState:
    request = Request(number.to_bytes(16, "big"), state.tick_ms, command)
    return step(state, CommandReceived(request, role), state.tick_ms).state


def stroke_by_stroke(strokes: int = 20_000) -> int:
    """Go from each announced stroke to the next, as the running implant does."""
    state = treated()
    for _ in range(strokes):
        tick_ms = next_stroke_tick(state)
        if tick_ms is None:
            raise RuntimeError("the benchmark's pump ran empty")
        state = step(state, TimePassed(), tick_ms).state
    return state.strokes_total


def in_trains(days: int = 60) -> int:
    """Thirty days and more in steps of 30 days, strokes as trains, none of them iterated."""
    strokes = 0
    for _ in range(days // 30):
        transition = step(treated(), TimePassed(), 30 * DAY_MS)
        strokes += sum(effect.count for effect in transition.effects if isinstance(effect, Strokes))
    return strokes


def requests(count: int = 10_000) -> int:
    """A patient who asks every five minutes."""
    state = treated()
    for number in range(count):
        state = step(state, TimePassed(), state.tick_ms + 300_000).state
        state = _told(state, RequestBolus(), number + 4, Role.PATIENT)
    return 2 * count


def _measured(name: str, unit: str, work: Callable[[], int]) -> None:
    work()
    start = time.perf_counter()
    done = work()
    elapsed_s = time.perf_counter() - start
    print(f"{name:<34}{done / elapsed_s:>14,.0f} {unit}/s {elapsed_s / done * 1e6:>10.2f} microseconds each")


def main() -> None:
    """Print the figures."""
    _measured("step, stroke by stroke", "strokes", stroke_by_stroke)
    _measured("step over 30 days, in trains", "strokes", in_trains)
    _measured("step, time and patient requests", "events", requests)


if __name__ == "__main__":
    main()
