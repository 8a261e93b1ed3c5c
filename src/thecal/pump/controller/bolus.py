"""May the patient have the prescribed bolus now, and if not: why, and when?

The rules stand in one list and are asked in its order; the first that blocks is the reason given. Nothing is
queued. A refusal is logged, does not count, and does not restart a lockout. Limits count the pump's tick, so
neither a clock nor a loss of power shortens them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from thecal.device import Done, LogKind, PatientBolus, Reason, Refused
from thecal.pump.controller import alarms
from thecal.pump.controller.log import logged
from thecal.pump.controller.numbers import WINDOW_MS
from thecal.pump.controller.once import RUNNING
from thecal.pump.controller.state import Bolus, PumpState
from thecal.pump.controller.window import (
    granted_in_window,
    leaves_window_at,
    still_counting,
    unexpired,
    volume_used_nl,
)


class Block(NamedTuple):
    """A reason why not, and the tick from which this reason no longer holds (None: not foreseeable)."""

    reason: Reason
    until_tick_ms: int | None


_GRANTED = LogKind.BOLUS_GRANTED
Rule = Callable[[PumpState, PatientBolus, int], Block | None]


def requested(state: PumpState) -> tuple[PumpState, Done | Refused]:
    """Grant the prescribed bolus from this tick on, or refuse it by the rules below."""
    block = first_block(state, state.tick_ms)
    prescribed = state.program.patient_bolus
    if block is not None or prescribed is None:
        return refused(state, Reason.NO_PATIENT_BOLUS if block is None else block.reason)
    strokes = state.numbers.bolus_strokes
    tick_ms, duration_ms, volume_nl = state.tick_ms, prescribed.duration_ms, strokes * state.numbers.stroke_nl
    boluses = (*unexpired(state), Bolus(tick_ms, duration_ms, strokes))
    if state.earlier_basal:
        state = state._replace(earlier_basal=still_counting(state))
    return logged(state, _GRANTED, volume_nl, duration_ms, boluses=boluses), Done(tick_ms)


def refused(state: PumpState, reason: Reason) -> tuple[PumpState, Refused]:
    """Refuse and log a bolus, with the time until one could be granted."""
    return logged(state, LogKind.BOLUS_REFUSED, reason=reason), Refused(reason, next_possible_in_ms(state))


def first_block(state: PumpState, tick_ms: int) -> Block | None:
    """Why a bolus cannot be granted at ``tick_ms`` (now, or later if nothing else happens); None: it can."""
    prescribed = state.program.patient_bolus
    if prescribed is None:
        return Block(Reason.NO_PATIENT_BOLUS, None)
    for rule in _RULES:
        block = rule(state, prescribed, tick_ms)
        if block is not None:
            return block
    return None


def next_possible_in_ms(state: PumpState) -> int | None:
    """How long until a bolus could be granted: 0 now; None when not foreseeable (stopped, too little fluid).

    The reservoir is taken as it is now: what the basal uses meanwhile may still prevent it.
    """
    tick_ms = state.tick_ms
    while (block := first_block(state, tick_ms)) is not None:
        if block.until_tick_ms is None:
            return None
        tick_ms = block.until_tick_ms
    return tick_ms - state.tick_ms


def _still_running(state: PumpState, _prescribed: PatientBolus, tick_ms: int) -> Block | None:
    running = state.once or state.running_bolus
    if running is None or tick_ms >= running.last_tick_ms:
        return None
    return Block(RUNNING.get(running.kind, Reason.BOLUS_RUNNING), running.last_tick_ms)


def _alarm(state: PumpState, _prescribed: PatientBolus, _tick_ms: int) -> Block | None:
    reason = alarms.blocks_boluses(state)
    return None if reason is None else Block(reason, None)


def _history_unknown(state: PumpState, _prescribed: PatientBolus, tick_ms: int) -> Block | None:
    if state.fault is None:
        return None
    until = state.fault.found_tick_ms + WINDOW_MS
    return Block(Reason.MEMORY_FAULT, until) if tick_ms < until else None


def _lockout(state: PumpState, prescribed: PatientBolus, tick_ms: int) -> Block | None:
    lockout_ms, committed, refilled = prescribed.lockout_ms, state.committed_tick_ms, state.reservoir.refilled_tick_ms
    after_bolus = state.boluses[-1].start_tick_ms + lockout_ms if state.boluses else tick_ms
    after_visit = tick_ms
    if committed is not None or refilled is not None:
        after_visit = max(committed or 0, refilled or 0) + lockout_ms
    if tick_ms >= after_visit and tick_ms >= after_bolus:
        return None
    if after_bolus >= after_visit:
        return Block(Reason.LOCKOUT, after_bolus)
    return Block(Reason.LOCKOUT_AFTER_VISIT, after_visit)


def _maximum(state: PumpState, prescribed: PatientBolus, tick_ms: int) -> Block | None:
    boluses, maximum = state.boluses, prescribed.maximum_per_24h
    if len(boluses) < maximum or boluses[-maximum].start_tick_ms <= tick_ms - WINDOW_MS:
        return None  # the usual case, seen without counting
    granted = granted_in_window(state, tick_ms)
    if len(granted) < prescribed.maximum_per_24h:
        return None
    return Block(Reason.MAXIMUM_REACHED, granted[-prescribed.maximum_per_24h].start_tick_ms + WINDOW_MS)


def _volume_limit(state: PumpState, prescribed: PatientBolus, tick_ms: int) -> Block | None:
    strokes, stroke_nl = state.numbers.bolus_strokes, state.numbers.stroke_nl
    left_nl = state.program.volume_limit_nl_per_24h - strokes * stroke_nl
    if not state.earlier_basal:
        every = sum([bolus.strokes for bolus in state.boluses])
        if state.numbers.basal_reserve_nl + every * stroke_nl <= left_nl:
            return None  # the usual case: not even all that are remembered would be too many
    train = (strokes, prescribed.duration_ms)
    if volume_used_nl(state, tick_ms, *train) <= left_nl:
        return None
    releases = {leaves_window_at(bolus, *train) for bolus in state.boluses}
    releases |= {earlier.until_tick_ms + WINDOW_MS for earlier in state.earlier_basal}
    later = sorted(release for release in releases if release > tick_ms)
    until = next((release for release in later if volume_used_nl(state, release, *train) <= left_nl), None)
    return Block(Reason.VOLUME_LIMIT_REACHED, until)


def _reservoir(state: PumpState, prescribed: PatientBolus, _tick_ms: int) -> Block | None:
    numbers = state.numbers
    owed = numbers.highest_rate_nl_per_day * prescribed.duration_ms
    beside = -(-owed // numbers.stroke_owed)
    # the bolus, the basal beside it, one stroke of margin
    needed_nl = (numbers.bolus_strokes + beside + 1) * numbers.stroke_nl
    return Block(Reason.RESERVOIR_TOO_LOW, None) if state.reservoir.volume_nl < needed_nl else None


# What time heals comes first, so that the countdown is told whenever there is one; the reservoir comes last.
# An alarm is named before a lockout: it is what somebody must see to.
_RULES: tuple[Rule, ...] = (
    _still_running,
    _alarm,
    _history_unknown,
    _lockout,
    _maximum,
    _volume_limit,
    _reservoir,
)
