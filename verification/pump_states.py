"""Every state that a small pump can reach: breadth first, each step of the real code held against the invariants.

Two nodes are one when nothing that can come differs between them. Left out of the comparison, with why that is sound:
- absolute time: ticks count from now, and those further back than any window are as far back as the longest. The
  phase in the supervisor's buckets, the time of day (where a program looks at it) and the time to a delayed start stay
- log and results of commands: nothing is decided by an old entry, every command here has an id never used before, and
  64 results in 30 s, which would, need a path longer than any searched
- totals of strokes: nothing reads them but the next total and the strokes a report of the motor speaks of, which stay
Kept beside the pump: the strokes let through and the grants of the last 26 h (``pump_history``). So windows are
counted exactly on every path, and not only on the first that led to a state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thecal.device import Mode
from thecal.pump import Answered, CommandReceived, Event, PumpState, Strokes, TimePassed
from thecal.pump.strokes import Train
from thecal.pump.supervisor.guard import Guard
from thecal.pump.supervisor.limits import BUCKET_MS
from thecal.pump.whole import Pump, SupervisorDied, SupervisorTicked, Transition, step
from verification.pump_history import DAY, History, Seen, continued
from verification.pump_invariants import INVARIANTS
from verification.pump_tally import Tally
from verification.pump_worlds import WORLDS, Act, World

TRANSITIONS_PER_WORLD = 500_000
FAR_MS = 8 * DAY  # longer than every window, lockout and silence
Happened = Event | SupervisorTicked | SupervisorDied


class Node(NamedTuple):
    """A pump with its history, and the acts that led to it."""

    pump: Pump
    history: History
    path: tuple[str, ...]


class Searched(NamedTuple):
    """How much was looked at, and what was found: each failure as one line."""

    transitions: int
    states: int
    depth: int
    failures: tuple[str, ...]


def search(world: World, most_transitions: int, deepest: int = 60) -> Searched:
    """All states within the bounds. A failing step is told with its path, and nothing behind it is looked at."""
    first = Node(_pruned(world.begins), History(), ())
    for act in world.lived:
        first, _, broken = taken(first, act)
        if broken:
            return Searched(0, 0, 0, (f"{world.name}: {broken}: {', '.join(first.path)}, {act.name}",))
    first = first._replace(path=())
    met = {hash(key(first, world.flex))}
    level, transitions, depth = [first], 0, 0
    failures: list[str] = []
    while level and depth < deepest and transitions < most_transitions:
        depth += 1
        following: list[Node] = []
        for node in level:
            for act in world.acts:
                after, steps, broken = taken(node, act)
                transitions += steps
                if broken:
                    failures.append(f"{world.name}: {broken}: " + ", ".join((*node.path, act.name)))
                    continue
                identity = hash(key(after, world.flex))
                if identity not in met:
                    met.add(identity)
                    following.append(after)
            if transitions >= most_transitions:
                break
        level = following
    return Searched(transitions, len(met), depth, tuple(failures[:5]))


def run(first: int, last: int) -> Tally:
    """Search the worlds of these numbers, from 1."""
    found = [search(world, TRANSITIONS_PER_WORLD) for world in WORLDS[first - 1 : last]]
    states, deepest = sum(each.states for each in found), max(each.depth for each in found)
    return Tally(
        sum(each.transitions for each in found),
        tuple(failure for each in found for failure in each.failures),
        f"{states} states; {deepest} levels in all",
    )


def taken(node: Node, act: Act) -> tuple[Node, int, str]:
    """The node after an act, how many steps of the real code that was, and the first invariant that failed, or none."""
    pump, history, steps = node.pump, node.history, 0
    for maker in act.makers:
        happening = maker(pump)
        if happening is None:
            break
        event, now_tick_ms = happening
        seen, transition = observed(pump, history, event, now_tick_ms)
        steps += 1
        for invariant in INVARIANTS:
            if not invariant(seen):
                return node, steps, invariant.__name__
        if isinstance(event, CommandReceived):
            steps += 1
            if not i9_an_id_acts_once(transition, event, now_tick_ms):
                return node, steps, i9_an_id_acts_once.__name__
        pump, history = _pruned(seen.after), seen.history
    return Node(pump, history, (*node.path, act.name)), steps, ""


def observed(pump: Pump, history: History, event: Happened, now_tick_ms: int) -> tuple[Seen, Transition]:
    """One step of the real code, and all that an invariant may look at."""
    transition = step(pump, event, now_tick_ms)
    trains: tuple[Train, ...] = ()
    answer = None
    for effect in transition.effects:
        if isinstance(effect, Strokes):
            trains = effect.trains
        elif isinstance(effect, Answered):
            answer = effect.reply.answer
    after = transition.pump
    strokes = tuple(Strokes(trains)) if trains else ()
    then = continued(history, pump, event, after, trains, strokes, answer)
    seen = Seen(pump, event, now_tick_ms, after, trains, strokes, answer, history, then)
    return seen, transition


def i9_an_id_acts_once(done: Transition, event: CommandReceived, now_tick_ms: int) -> bool:
    """The same request again gets the same answer, makes no stroke and changes nothing that gives."""
    if done.pump.state.waiting is not None:  # the clock may have been set past its time: then it begins first
        done = Transition(step(done.pump, TimePassed(), now_tick_ms).pump, done.effects)
    again = step(done.pump, event, now_tick_ms)
    if again.effects[-1:] != done.effects[-1:] and again.pump.state.ring != done.pump.state.ring:
        return False
    return again.pump._replace(state=_quiet(again.pump.state)) == done.pump._replace(state=_quiet(done.pump.state))


def _quiet(state: PumpState) -> PumpState:
    # A request that was refused before it could be remembered, like one that the role may not send, is logged again.
    return state._replace(log=(), log_head=b"")


def _pruned(pump: Pump) -> Pump:
    state = pump.state
    return Pump(state._replace(ring=(), log=state.log[-1:]), pump.guard)


def key(node: Node, flex: bool) -> tuple[object, ...]:
    """All that can make a difference to what comes, seen from now."""
    state, guard, history = node.pump.state, node.pump.guard, node.history
    now = state.tick_ms
    since = now - DAY
    return (
        *_of_state(state, flex),
        *_of_guard(guard, now),
        tuple([tick - now for tick in history.of_program if tick > since]),
        tuple([tick - now for tick in history.of_once if tick > since]),
        tuple([(each.tick_ms - now, *each[1:]) for each in history.grants if each.tick_ms > since]),
        None if history.bolus is None else (max(history.bolus[0] - now, -FAR_MS), history.bolus[1]),
        None if history.once is None else (max(history.once[0] - now, -FAR_MS), history.once[1]),
        history.granted_since is not None,
        history.clock_was_set,
    )


def _of_state(state: PumpState, flex: bool) -> Iterator[object]:
    now, since = state.tick_ms, state.tick_ms - DAY
    yield state.carry
    yield state.reservoir[:3]
    yield _ago(state.reservoir.refilled_tick_ms, now)
    yield state.numbers.hash
    yield state.overrides
    if state.staged is not None:
        yield state.staged.program, state.staged.based_on, min(now - state.staged.tick_ms, 120_001)
    yield _ago(state.committed_tick_ms, now), _ago(state.stopped_tick_ms, now)
    if state.waiting is not None and state.waiting.program.begins_utc_ms is not None:
        held = state.waiting.program
        yield held.steps, held.once, held.patient_bolus, state.waiting.program.begins_utc_ms - state.utc_ms
    yield tuple(
        [
            (each.start_tick_ms - now, each.delayed_ms, *each[1:3], each.kind, _ago(each.ended_tick_ms, now))
            for each in state.boluses
            if max(each.last_tick_ms, each.ended_tick_ms or 0) > since
        ]
    )
    if state.once is not None:
        yield state.once._replace(start_tick_ms=state.once.start_tick_ms - now)
    yield state.bridge_left, _ago(state.next_periodic_tick_ms, now)
    yield tuple([(e.rate_nl_per_day, e.until_tick_ms - now) for e in state.earlier_basal if e.until_tick_ms > since])
    if state.fault is not None:
        yield _ago(state.fault.found_tick_ms, now), state.fault.standing
    motor = state.motor
    yield tuple([(each.role, each.tick_ms - now) for each in state.horizons if each.tick_ms >= now])
    yield motor.unconfirmed, motor.stalled_tick_ms is None, motor.in_field, motor.telemetry_locked
    yield state.strokes_total - motor.reported_total
    yield tuple(
        [
            (each.alarm, _ago(each.since_tick_ms, now), max(0, (each.silenced_until_tick_ms or 0) - now))
            for each in state.alarms
        ]
    )
    if flex or state.program.mode is Mode.FLEX:
        local_ms = state.utc_ms + state.clock.offset_min * 60_000
        yield local_ms % DAY, max(0, state.clock.reached_local_ms - local_ms)


def _of_guard(guard: Guard, now: int) -> Iterator[object]:
    moved = min(now // BUCKET_MS - guard.bucket, 98)
    for ring in (guard.every, guard.apart):
        yield tuple([count - ring[0] for count in ring]) if not moved else _moved(ring, moved)
    # The bucket of a stroke to come follows from now; a guard that is ahead of the controller says by how much.
    yield now % BUCKET_MS, guard.tick_ms - now, guard.heartbeat_tick_ms - now
    yield guard.let_through, guard.missed_in_a_row, guard.trip, guard.sounding, guard.limits
    yield max(guard.sealed_tick_ms - now, -FAR_MS), guard.bolus_strokes, guard.once_strokes
    shortest = -guard.limits.shortest_interval_ms
    yield max(guard.last_tick_ms - now, shortest), max(guard.before_last_tick_ms - now, shortest)
    yield None if guard.bolus_tick_ms is None else max(guard.bolus_tick_ms - now, -FAR_MS)


def _moved(ring: tuple[int, ...], buckets: int) -> tuple[int, ...]:
    later = ring[buckets:] + ring[-1:] * buckets
    return tuple([count - later[0] for count in later[-98:]])


def _ago(tick_ms: int | None, now: int) -> int | None:
    return None if tick_ms is None else max(tick_ms - now, -FAR_MS)
