"""Let time pass: every stroke of any stretch of time, in closed form between breakpoints.

Breakpoints are: a new basal rate (flex step), the last stroke of a bolus, the stroke that brings the reservoir
to the alarm level, and the stroke that leaves less than one. Stopping at them makes the result the same for
any partition of the time. At one ms the order is: basal stroke, bolus stroke, end of the bolus, low reservoir,
empty reservoir. A rate owes from its first ms to before the next rate's first ms.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from thecal.device import Mode
from thecal.pump.controller.alarms import new_alarms_logged
from thecal.pump.controller.bolus_end import cancelled, completed
from thecal.pump.controller.schedule import pace
from thecal.pump.controller.state import Bolus, PumpState
from thecal.pump.strokes import NL_MS_PER_NL, StrokeKind, Train


def advance(state: PumpState, now_tick_ms: int) -> tuple[PumpState, tuple[Train, ...]]:
    """The state at ``now_tick_ms`` and the strokes made after ``state.tick_ms``, up to and at ``now_tick_ms``."""
    trains: list[Train] = []
    while state.tick_ms < now_tick_ms:
        if not delivers(state):
            state = state._replace(tick_ms=now_tick_ms)
            break
        state, made = _segment(state, now_tick_ms)
        trains += made
    return state, tuple(trains)


def delivers(state: PumpState) -> bool:
    """Whether strokes are made at all: not when stopped, not when empty (then nothing is owed either)."""
    return state.program.mode is not Mode.STOPPED and not state.empty


class _Flow(NamedTuple):
    """Strokes of basal and bolus from one tick on, at one basal rate."""

    tick_ms: int
    carry: int
    rate_nl_per_day: int
    quantum: int
    bolus: Bolus | None
    bolus_made: int

    def basal(self, tick_ms: int) -> int:
        return (self.carry + self.rate_nl_per_day * (tick_ms - self.tick_ms)) // self.quantum

    def of_bolus(self, tick_ms: int) -> int:
        return 0 if self.bolus is None else self.bolus.due_by(tick_ms) - self.bolus_made

    def strokes(self, tick_ms: int) -> int:
        return self.basal(tick_ms) + self.of_bolus(tick_ms)

    def trains(self, basal: int, bolus: int) -> list[Train]:
        made = []
        if basal:
            made.append(Train(StrokeKind.BASAL, self.tick_ms, self.quantum, self.carry, self.rate_nl_per_day, 1, basal))
        if bolus and self.bolus is not None:
            origin = self.bolus.start_tick_ms + self.bolus.delayed_ms
            first, last = self.bolus_made + 1, self.bolus_made + bolus
            made.append(Train(StrokeKind.BOLUS, origin, self.bolus.duration_ms, 0, self.bolus.strokes, first, last))
        return made


def _segment(state: PumpState, now_tick_ms: int) -> tuple[PumpState, list[Train]]:
    """From here to the next breakpoint, or to now."""
    rate_nl_per_day, changes_at_tick_ms = pace(state)
    bolus = state.running_bolus
    ends = now_tick_ms
    if changes_at_tick_ms is not None and changes_at_tick_ms < ends:
        ends = changes_at_tick_ms
    if bolus is not None and bolus.last_tick_ms < ends:
        ends = bolus.last_tick_ms
    flow = _Flow(
        state.tick_ms,
        state.carry,
        rate_nl_per_day,
        state.identity.descriptor.stroke_nl * NL_MS_PER_NL,
        bolus,
        0 if bolus is None else bolus.due_by(state.tick_ms),
    )
    crossing = _strokes_to_crossing(state)
    if flow.strokes(ends) < crossing:
        return _arrived(state, flow, ends)
    start = state.tick_ms + 1
    ends = start + bisect_left(range(start, ends), crossing, key=flow.strokes)
    after, made = _arrived(state, flow, ends)
    bolus_made = flow.bolus_made + after.bolus_strokes_total - state.bolus_strokes_total
    after = new_alarms_logged(state, after)
    return (cancelled(after, bolus_made) if after.empty else after), made


def _strokes_to_crossing(state: PumpState) -> int:
    """Strokes until the next threshold of the reservoir is reached: the alarm level, or less than one stroke."""
    stroke_nl = state.identity.descriptor.stroke_nl
    volume_nl = state.reservoir.volume_nl
    until_empty = volume_nl // stroke_nl
    if state.low:
        return until_empty
    return min(until_empty, -(-(volume_nl - state.program.low_reservoir_nl) // stroke_nl))


def _arrived(before: PumpState, flow: _Flow, tick_ms: int) -> tuple[PumpState, list[Train]]:
    stroke_nl = before.identity.descriptor.stroke_nl
    basal = flow.basal(tick_ms)
    # Basal and bolus may fall on the ms at which one last stroke is left: the basal stroke has it.
    bolus = min(flow.of_bolus(tick_ms), before.reservoir.volume_nl // stroke_nl - basal)
    made = basal + bolus
    left_nl = before.reservoir.volume_nl - made * stroke_nl
    after = before._replace(
        tick_ms=tick_ms,
        carry=flow.carry + flow.rate_nl_per_day * (tick_ms - flow.tick_ms) - basal * flow.quantum,
        strokes_total=before.strokes_total + made,
        bolus_strokes_total=before.bolus_strokes_total + bolus,
        reservoir=before.reservoir._replace(volume_nl=left_nl) if made else before.reservoir,
    )
    if flow.bolus is not None and flow.bolus_made + bolus == flow.bolus.strokes:
        after = completed(after, flow.bolus)
    return after, flow.trains(basal, bolus)
