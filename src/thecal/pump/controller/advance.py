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
from thecal.pump.controller.schedule import pace_at
from thecal.pump.controller.state import Bolus, PumpState
from thecal.pump.strokes import BASAL, BOLUS, ONCE, Train, new


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
            state, alarming = _segments(state, ends, trains)
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


def _segments(state: PumpState, ends: int, trains: list[Train]) -> tuple[PumpState, bool]:
    """From here to where more than the basal rate changes, at latest to ``ends``; its strokes go to ``trains``.

    That is the last stroke of a bolus, or a threshold of the reservoir; with it, whether it was one. One train for
    each rate on the way, but one new state at the end: nothing else can happen at a change of the rate.
    """
    numbers, once = state.numbers, state.once
    bolus = state.running_bolus if once is None else once
    if bolus is not None and bolus.last_tick_ms < ends:
        ends = bolus.last_tick_ms
    low_nl, stroke_nl, stroke_owed = state.program.low_reservoir_nl, numbers.stroke_nl, numbers.stroke_owed
    spare_nl = state.reservoir.volume_nl - stroke_nl
    if not state.low:
        spare_nl = min(spare_nl, spare_nl + stroke_nl - low_nl - 1)
    tick_ms, carry = state.tick_ms, state.carry
    began = before = 0 if bolus is None else bolus.due_by(tick_ms)
    basal = 0
    while True:
        rate, changes_at_tick_ms = pace_at(state, tick_ms) if once is None else (0, None)
        until = ends if changes_at_tick_ms is None or changes_at_tick_ms > ends else changes_at_tick_ms
        strokes, left_over = divmod(carry + rate * (until - tick_ms), stroke_owed)
        due = before if bolus is None else bolus.due_by(until)
        if (basal + strokes + due - began) * stroke_nl > spare_nl:
            here = _counted(state, tick_ms, carry, basal, before - began)
            return _to_threshold(here, _Flow(tick_ms, carry, rate, stroke_owed, bolus, before), until, trains), True
        if strokes:
            trains.append(new(Train, (BASAL, tick_ms, stroke_owed, carry, rate, 1, strokes, None)))
        if bolus is not None and due > before:
            trains.append(_of_bolus(bolus, before + 1, due, once is not None))
        basal, before, carry, tick_ms = basal + strokes, due, left_over, until
        if until == ends:
            after = _counted(state, tick_ms, carry, basal, before - began)
            return completed(after, bolus) if bolus is not None and due == bolus.strokes else after, False


def _counted(state: PumpState, tick_ms: int, carry: int, basal: int, beside: int) -> PumpState:
    """The state after these strokes; ``beside`` are those of the bolus that runs."""
    once = state.once is not None
    return state.delivered(tick_ms, carry, basal, 0 if once else beside, beside if once else 0)


def _of_bolus(bolus: Bolus, first: int, last: int, once: bool) -> Train:
    origin_tick_ms = bolus.start_tick_ms + bolus.delayed_ms
    kind = ONCE if once else BOLUS
    parts = (kind, origin_tick_ms, bolus.duration_ms, 0, bolus.strokes, first, last, bolus.start_tick_ms)
    return new(Train, parts)


def _to_threshold(state: PumpState, flow: _Flow, ends: int, trains: list[Train]) -> PumpState:
    """From here to the stroke at which the reservoir reaches its next threshold, which it does before ``ends``."""
    start = state.tick_ms + 1
    tick_ms = start + bisect_left(range(start, ends), _strokes_to_crossing(state), key=flow.strokes)
    return _arrived(state, flow, tick_ms, trains)


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
        trains.append(Train(BASAL, from_tick_ms, stroke_owed, carry, rate, 1, basal))
    if bolus is None:
        return before.delivered(tick_ms, left_over, basal, 0, 0)
    # Basal and bolus may fall on the ms at which one last stroke is left: the basal stroke has it.
    left = before.reservoir.volume_nl // before.numbers.stroke_nl - basal
    made = min(bolus.due_by(tick_ms), bolus_made + left)
    if made > bolus_made:
        trains.append(_of_bolus(bolus, bolus_made + 1, made, before.once is not None))
    after = _counted(before, tick_ms, left_over, basal, made - bolus_made)
    if made == bolus.strokes:
        return completed(after, bolus)
    return interrupted(after, made) if after.empty else after
