"""What really happened to a pump, kept beside it: not one number is taken from the pump's own counts."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from thecal.device import Answer, Commit, Done, Mode, Refused, RequestBolus, SetClock, Staged
from thecal.pump import CommandReceived, Event, Stroke, StrokeKind
from thecal.pump.strokes import Train
from thecal.pump.whole import Pump, SupervisorDied, SupervisorTicked

DAY, HOUR = 86_400_000, 3_600_000
KEPT_MS = DAY + 2 * HOUR


class Granted(NamedTuple):
    """A patient bolus that was granted: when, and what its program says of it."""

    tick_ms: int
    lockout_ms: int
    maximum_per_24h: int


class History(NamedTuple):
    """What was let through and granted in the last 26 h. Ticks in ms, ascending.

    ``of_program`` are basal, patient and periodic strokes, ``of_once`` those of boluses given once.
    ``bolus`` is the last bolus by the tick of its grant, and the strokes made of it, ``once`` the same.
    ``granted_since`` is the first grant of the program that runs; ``clock_was_set`` since the program began.
    """

    of_program: tuple[int, ...] = ()
    of_once: tuple[int, ...] = ()
    grants: tuple[Granted, ...] = ()
    bolus: tuple[int, int] | None = None
    once: tuple[int, int] | None = None
    granted_since: int | None = None
    clock_was_set: bool = False


class Seen(NamedTuple):
    """One step: the pump and its history before and after, what happened, what was made and answered."""

    before: Pump
    event: Event | SupervisorTicked | SupervisorDied
    now_tick_ms: int
    after: Pump
    trains: tuple[Train, ...]
    strokes: tuple[Stroke, ...]
    answer: Answer | None
    past: History
    history: History

    @property
    def command(self) -> object:
        """The command that came, None for anything else."""
        return self.event.request.command if isinstance(self.event, CommandReceived) else None


def continued(
    past: History,
    before: Pump,
    event: object,
    after: Pump,
    trains: tuple[Train, ...],
    strokes: tuple[Stroke, ...],
    answer: object,
) -> History:
    """The history after one step."""
    state = after.state
    since = state.tick_ms - KEPT_MS
    of_program = [each.tick_ms for each in strokes if each.kind is not StrokeKind.ONCE]
    of_once = [each.tick_ms for each in strokes if each.kind is StrokeKind.ONCE]
    bolus, once = past.bolus, past.once
    for train in trains:
        if train.kind is StrokeKind.BOLUS:
            bolus = _counted(bolus, train)
        elif train.kind is StrokeKind.ONCE:
            once = _counted(once, train)
    grants, granted_since, clock_was_set = past.grants, past.granted_since, past.clock_was_set
    began = state.committed_tick_ms != before.state.committed_tick_ms or state.program is not before.state.program
    if began:
        granted_since, clock_was_set = None, False
    if isinstance(event, CommandReceived) and isinstance(answer, Done):
        command = event.request.command
        prescribed = before.state.program.patient_bolus if not began else state.program.patient_bolus
        if isinstance(command, RequestBolus) and prescribed is not None:
            grants = (*grants, Granted(state.tick_ms, prescribed.lockout_ms, prescribed.maximum_per_24h))
            granted_since = state.tick_ms if granted_since is None else granted_since
        clock_was_set = clock_was_set or isinstance(command, SetClock)
    return History(
        _since(past.of_program, since) + tuple(of_program),
        _since(past.of_once, since) + tuple(of_once),
        tuple(each for each in grants if each.tick_ms > since),
        bolus,
        once,
        granted_since,
        clock_was_set,
    )


def within(ticks: tuple[int, ...], after_ms: int, until_ms: int) -> int:
    """How many ticks lie after the first and not after the second."""
    return bisect_right(ticks, until_ms) - bisect_right(ticks, after_ms)


def reached_by_commit(seen: Seen) -> bool:
    """Whether this step is a commit that was done."""
    return isinstance(seen.command, Commit) and isinstance(seen.answer, Done)


def was_refused(seen: Seen) -> bool:
    """Whether a command came and was refused."""
    return isinstance(seen.answer, Refused)


def was_staged(seen: Seen) -> bool:
    """Whether a program was staged by this step."""
    return isinstance(seen.answer, Staged)


def is_stopped(pump: Pump) -> bool:
    """Whether the program is a stopped one."""
    return pump.state.program.mode is Mode.STOPPED


def _since(ticks: tuple[int, ...], since_ms: int) -> tuple[int, ...]:
    return ticks[bisect_right(ticks, since_ms) :]


def _counted(so_far: tuple[int, int] | None, train: Train) -> tuple[int, int]:
    identity = -1 if train.bolus_tick_ms is None else train.bolus_tick_ms
    made = so_far[1] if so_far is not None and so_far[0] == identity else 0
    return identity, made + train.last - train.first + 1
