"""The whole pump: the controller decides strokes, the supervisor lets them through or not.

What the supervisor refuses is not made: the controller is brought to the tick of that stroke, told how many of the
strokes it counted were never made and that the supervisor tripped, and then takes the event. So under-delivery is all
that a disagreement can cost, and it is on the books.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from thecal.device import Commit, Mode
from thecal.pump.controller.events import (
    CommandReceived,
    Effect,
    Event,
    MotorReported,
    PowerRestored,
    SupervisorTripped,
    TimePassed,
)
from thecal.pump.controller.numbers import owed_per_day
from thecal.pump.controller.state import PumpState
from thecal.pump.controller.step import step as controlled
from thecal.pump.controller.waiting import start_tick
from thecal.pump.strokes import MS_PER_DAY, StrokeKind, Strokes, Train
from thecal.pump.supervisor import (
    Declared,
    Guard,
    SealRefused,
    Tripped,
    confirmed,
    died,
    examine,
    heartbeat,
    new_guard,
    seal,
    without_heartbeat,
)

NOTHING = Strokes(())


class Pump(NamedTuple):
    """Both layers. Each is written to the memory apart, and neither reads the other."""

    state: PumpState
    guard: Guard


@dataclass(frozen=True, slots=True)
class SupervisorTicked:
    """Time passed for the supervisor while the controller gave no sign of life."""


@dataclass(frozen=True, slots=True)
class SupervisorDied:
    """The supervisor stopped running: its gate is shut without it."""


class Transition(NamedTuple):
    """The next pump and the effects to carry out, in order. The pump is written before any effect."""

    pump: Pump
    effects: tuple[Effect, ...]


def assembled(state: PumpState) -> Pump:
    """A controller with a supervisor to which nothing has been sealed yet."""
    descriptor = state.identity.descriptor
    return Pump(state, new_guard(descriptor.stroke_nl, descriptor.highest_rate_nl_per_day, state.tick_ms))


def step(pump: Pump, event: Event | SupervisorTicked | SupervisorDied, now_tick_ms: int) -> Transition:
    """Apply one event at ``now_tick_ms``, after all strokes due by then that the supervisor lets through.

    Pure. Effects: at most one Strokes, then at most one Answered. Raises ValueError as the controller does.
    """
    if isinstance(event, SupervisorTicked):
        return Transition(pump._replace(guard=without_heartbeat(pump.guard, now_tick_ms)), ())
    if isinstance(event, SupervisorDied):
        return Transition(pump._replace(guard=died(pump.guard)), ())
    powered_until = now_tick_ms - event.outage_ms if isinstance(event, PowerRestored) else now_tick_ms
    starts = start_tick(pump.state)
    if starts is not None and pump.state.tick_ms <= starts < powered_until:  # another program is sealed there
        before = _step(pump, TimePassed(), starts)
        after = step(before.pump, event, now_tick_ms)
        return Transition(after.pump, joined(before.effects, after.effects))
    return _step(pump, event, now_tick_ms)


def declared(state: PumpState) -> Declared:
    """What a commit hands to the supervisor: the plain numbers of the program that runs."""
    program, descriptor = state.program, state.identity.descriptor
    bolus, once = program.patient_bolus, program.once
    repeats = (0, 0, 0)
    if bolus is not None:
        repeats = (bolus.volume_nl, bolus.duration_ms, bolus.lockout_ms)
    elif program.periodic is not None:
        repeats = (program.periodic.volume_nl, program.periodic.duration_ms, program.periodic.interval_ms)
    stroke_nl = descriptor.stroke_nl
    given_once = state.numbers.once_strokes * stroke_nl
    return Declared(
        stroke_nl,
        descriptor.highest_rate_nl_per_day,
        # At minimum rate no limit is prescribed: the rate itself is the limit, in whole strokes.
        max(program.volume_limit_nl_per_24h, state.numbers.basal_reserve_nl)
        if program.mode is Mode.MINIMUM_RATE
        else program.volume_limit_nl_per_24h,
        state.numbers.highest_rate_nl_per_day,
        *repeats,
        given_once,
        0 if once is None or given_once == 0 else once.duration_ms,
        owed_per_day(descriptor, program) // MS_PER_DAY,
    )


def _step(pump: Pump, event: Event, now_tick_ms: int) -> Transition:
    state, effects = controlled(pump.state, event, now_tick_ms)
    strokes = effects[0] if effects and isinstance(effects[0], Strokes) else NOTHING
    verdict = examine(pump.guard, strokes)
    if isinstance(verdict, Tripped):
        return _tripped(pump, verdict, strokes, event, now_tick_ms)
    guard = heartbeat(verdict.guard, now_tick_ms)
    if isinstance(event, MotorReported):
        guard = confirmed(guard, event.missing, event.extra, state.motor.stalled_tick_ms is not None)
        if guard.trip is not None and pump.guard.trip is None:
            state = controlled(state, SupervisorTripped(guard.trip.value), now_tick_ms).state
    if _takes_effect(pump.state, state, event):
        sealed = seal(guard, declared(state), now_tick_ms)
        if isinstance(sealed, SealRefused):
            return _not_vouched(pump, event, now_tick_ms, sealed)
        guard = sealed
    return Transition(Pump(state, guard), effects)


def _takes_effect(before: PumpState, after: PumpState, event: Event) -> bool:
    """Whether a program has begun: committed now, or its delayed start came. A stop begins none."""
    if after.numbers is before.numbers:
        return False
    commits = isinstance(event, CommandReceived) and isinstance(event.request.command, Commit)
    return commits or after.program.mode is not Mode.STOPPED


def _not_vouched(pump: Pump, event: Event, now_tick_ms: int, refused: SealRefused) -> Transition:
    """A commit is refused as if the pump itself had; a delayed start ends in a trip, for nobody is there to be told."""
    if isinstance(event, CommandReceived) and event.vouched:
        return _step(pump, event._replace(vouched=False), now_tick_ms)
    state, effects = controlled(pump.state, event, now_tick_ms)
    state = controlled(state, SupervisorTripped(refused.why), now_tick_ms).state
    return Transition(Pump(state, heartbeat(pump.guard, now_tick_ms)), effects)


def _tripped(pump: Pump, verdict: Tripped, strokes: Strokes, event: Event, now_tick_ms: int) -> Transition:
    at_tick_ms = verdict.refused_tick_ms
    made, refused = _split(strokes, verdict.passed_strokes, at_tick_ms)
    never = (refused.total(), refused[StrokeKind.BOLUS], refused[StrokeKind.ONCE])
    state = controlled(pump.state, TimePassed(), at_tick_ms).state
    state = controlled(state, SupervisorTripped(verdict.reason.value, *never), at_tick_ms).state
    rest = _step(Pump(state, verdict.guard), event, now_tick_ms)
    return Transition(rest.pump, joined((made,) if made.trains else (), rest.effects))


def _split(strokes: Strokes, passed: int, until_tick_ms: int) -> tuple[Strokes, Counter[StrokeKind]]:
    """The first ``passed`` strokes in the order in which they are made, and the kinds of those after, up to a tick."""
    kinds = list(StrokeKind)
    order = sorted(
        (train.tick(k), kinds.index(train.kind), place)
        for place, train in enumerate(strokes.trains)
        for k in range(train.first, train.last + 1)
        if train.tick(k) <= until_tick_ms
    )
    made = Counter(place for _tick_ms, _kind, place in order[:passed])
    refused = Counter(kinds[kind] for _tick_ms, kind, _place in order[passed:])
    kept = [train._replace(last=train.first + made[place] - 1) for place, train in enumerate(strokes.trains)]
    return Strokes(tuple(train for train in kept if train.number)), refused


def joined(first: tuple[Effect, ...], second: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """The effects of two steps as those of one: their strokes together, then the answer."""
    trains: tuple[Train, ...] = ()
    others: list[Effect] = []
    for effect in (*first, *second):
        if isinstance(effect, Strokes):
            trains += effect.trains
        else:
            others.append(effect)
    return ((Strokes(trains),) if trains else ()) + tuple(others)
