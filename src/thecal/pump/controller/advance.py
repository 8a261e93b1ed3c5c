"""Let time pass: every stroke of any stretch of time, in closed form between breakpoints.

Breakpoints are: a new basal rate (flex step), the last stroke of a bolus, the start of a periodic bolus or of a
waiting program, the stroke that brings the reservoir to the alarm level, the stroke that leaves less than one, and
what alarms by itself. Stopping at them makes the result the same for any partition of the time.

At one ms the order is: strokes due (basal, bolus, once), end of a bolus, start of a waiting program, change of the
basal rate, start of a periodic bolus, alarms; then the event that came. A rate owes from its first ms to before the
next rate's first ms.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from thecal.pump.controller import alarms, periodic, waiting
from thecal.pump.controller.bolus_end import completed, interrupted
from thecal.pump.controller.delivering import delivers
from thecal.pump.controller.schedule import pace
from thecal.pump.controller.state import Bolus, PumpState
from thecal.pump.strokes import StrokeKind, Train


def advance(state: PumpState, now_tick_ms: int) -> tuple[PumpState, tuple[Train, ...]]:
    """The state at ``now_tick_ms`` and the strokes made after ``state.tick_ms``, up to and at ``now_tick_ms``.

    What an outage or a clock set forward has left behind at the state's own tick happens first.
    """
    trains: list[Train] = []
    state = _begun(state, alarming=False)
    while state.tick_ms < now_tick_ms:
        ends = _breakpoint(state, now_tick_ms)
        alarming = False
        if delivers(state):
            state, alarming = _segment(state, ends, trains)
        else:
            state = state._replace(tick_ms=ends)
        state = _begun(state, alarming)
    return state, tuple(trains)


def _begun(state: PumpState, alarming: bool) -> PumpState:
    """What begins at the state's tick by itself, and then the alarms, where something may have raised one."""
    after = state
    if after.waiting is not None:
        after = waiting.begun(after)
    if after.next_periodic_tick_ms is not None:
        after = periodic.begun(after)
    if not alarming and after is state:
        due_tick_ms = alarms.next_tick(after)
        if due_tick_ms is None or due_tick_ms > after.tick_ms:
            return after
    return alarms.refreshed(after)


def _breakpoint(state: PumpState, now_tick_ms: int) -> int:
    """The next tick, at latest now, at which something may begin by itself, whatever the strokes do until then."""
    ends = now_tick_ms
    starts = None if state.waiting is None else waiting.start_tick(state)
    for tick_ms in (starts, state.next_periodic_tick_ms, alarms.next_tick(state)):
        if tick_ms is not None and tick_ms < ends:
            ends = tick_ms
    return ends


class _Flow(NamedTuple):
    """Strokes from one tick on: the basal at one rate and the bolus beside it, or the bolus in its place."""

    tick_ms: int
    carry: int
    rate_nl_per_day: int
    stroke_owed: int
    bolus: Bolus | None
    bolus_made: int

    def strokes(self, tick_ms: int) -> int:
        """How many fall due after the first tick, up to and at this one."""
        basal = (self.carry + self.rate_nl_per_day * (tick_ms - self.tick_ms)) // self.stroke_owed
        return basal if self.bolus is None else basal + self.bolus.due_by(tick_ms) - self.bolus_made


def _segment(state: PumpState, ends: int, trains: list[Train]) -> tuple[PumpState, bool]:
    """From here to the next breakpoint of the strokes, at latest to ``ends``; its strokes are added to ``trains``.

    With it, whether a threshold of the reservoir was reached.
    """
    once = state.once
    bolus = state.running_bolus if once is None else once
    rate_nl_per_day = 0
    if once is None:
        rate_nl_per_day, changes_at_tick_ms = pace(state)
        if changes_at_tick_ms is not None and changes_at_tick_ms < ends:
            ends = changes_at_tick_ms
    bolus_made = 0
    if bolus is not None:
        ends = min(ends, bolus.last_tick_ms)
        bolus_made = bolus.due_by(state.tick_ms)
    flow = _Flow(state.tick_ms, state.carry, rate_nl_per_day, state.numbers.stroke_owed, bolus, bolus_made)
    left_nl = state.reservoir.volume_nl - flow.strokes(ends) * state.numbers.stroke_nl
    low_nl = state.program.low_reservoir_nl
    crosses = left_nl < state.numbers.stroke_nl or (left_nl <= low_nl and not state.low)
    if crosses:
        start = state.tick_ms + 1
        ends = start + bisect_left(range(start, ends), _strokes_to_crossing(state), key=flow.strokes)
    return _arrived(state, flow, ends, trains), crosses


def _strokes_to_crossing(state: PumpState) -> int:
    """Strokes until the next threshold of the reservoir is reached: the alarm level, or less than one stroke."""
    stroke_nl = state.numbers.stroke_nl
    volume_nl = state.reservoir.volume_nl
    above_low_nl = volume_nl - state.program.low_reservoir_nl
    until_empty = volume_nl // stroke_nl
    return until_empty if above_low_nl <= 0 else min(until_empty, -(-above_low_nl // stroke_nl))


def _arrived(before: PumpState, flow: _Flow, tick_ms: int, trains: list[Train]) -> PumpState:
    """The state after these strokes, with the end of a bolus that made its last one or met an empty reservoir."""
    from_tick_ms, carry, rate, stroke_owed, bolus, bolus_made = flow
    basal, left_over = divmod(carry + rate * (tick_ms - from_tick_ms), stroke_owed)
    if basal:
        trains.append(Train(StrokeKind.BASAL, from_tick_ms, stroke_owed, carry, rate, 1, basal))
    if bolus is None:
        return before.delivered(tick_ms, left_over, basal, 0, 0)
    # Basal and bolus may fall on the ms at which one last stroke is left: the basal stroke has it.
    left = before.reservoir.volume_nl // before.numbers.stroke_nl - basal
    made = min(bolus.due_by(tick_ms), bolus_made + left)
    given_once = before.once is not None
    if made > bolus_made:
        kind = StrokeKind.ONCE if given_once else StrokeKind.BOLUS
        origin, started = bolus.start_tick_ms + bolus.delayed_ms, bolus.start_tick_ms
        trains.append(Train(kind, origin, bolus.duration_ms, 0, bolus.strokes, bolus_made + 1, made, started))
    beside = made - bolus_made
    after = before.delivered(tick_ms, left_over, basal, 0 if given_once else beside, beside if given_once else 0)
    if made == bolus.strokes:
        return completed(after, bolus)
    return interrupted(after, made) if after.empty else after
