"""I1 to I14, each a function that says whether it holds of one step; its docstring is the invariant in words.

Windows are counted anew from the strokes let through (``pump_history``), the basal owed is integrated anew from the
program, the supervisor's verdict is asked anew stroke by stroke: never from the pump's own counts.
"""

from __future__ import annotations

from collections.abc import Callable

from thecal.device import MAY, Commit, Mode, RecordRefill, RequestBolus, StopInfusion, chained, program_hash
from thecal.device.commands import Interrogate, Query, ReadStatus
from thecal.pump import CommandReceived, MemoryFaultFound, MotorReported, PowerRestored, next_tone, sounding
from thecal.pump.controller.state import checked
from thecal.pump.controller.status import status
from thecal.pump.supervisor import Passed, examine_one
from thecal.pump.whole import SupervisorDied, SupervisorTicked
from verification.pump_expected import (
    arrived,
    giving,
    highest_rate,
    in_order,
    lasting,
    may_end,
    owed_nl_ms,
    stops,
    stroke_nl,
)
from verification.pump_history import DAY, HOUR, Seen, is_stopped, reached_by_commit, was_refused, was_staged, within

Invariant = Callable[[Seen], bool]


def i1_no_window_of_24_h_holds_more_than_the_limit(seen: Seen) -> bool:
    """From a grant until the next program, basal and bolus strokes of any 24 h are at most the program's limit.

    Without a grant the same holds for the strokes made since the program began, unless its clock was set.
    """
    began = seen.after.state.committed_tick_ms
    past, ticks = seen.past, seen.history.of_program
    for each in seen.strokes:
        old = reached_by_commit(seen) or is_stopped(seen.after) or began is None or each.tick_ms <= began
        state = seen.before.state if old else seen.after.state
        since = past.granted_since if old else seen.history.granted_since
        if state.program.mode in (Mode.STOPPED, Mode.MINIMUM_RATE) or state.committed_tick_ms is None:
            continue
        most = state.program.volume_limit_nl_per_24h // state.identity.descriptor.stroke_nl
        after_ms = each.tick_ms - DAY
        if since is None:
            if past.clock_was_set:
                continue
            after_ms = max(after_ms, state.committed_tick_ms)
        if within(ticks, after_ms, each.tick_ms) > most:
            return False
    return True


def i1_no_window_passes_the_highest_rate(seen: Seen) -> bool:
    """In any 1 h and any 24 h at most ceil(highest rate x time / stroke) + 1 strokes are made, of all kinds."""
    limits = seen.before.state.identity.descriptor
    for each in seen.strokes:
        for span in (HOUR, DAY):
            most = -(-limits.highest_rate_nl_per_day * span // (limits.stroke_nl * DAY)) + 1
            ticks = seen.history
            made = within(ticks.of_program, each.tick_ms - span, each.tick_ms)
            if made + within(ticks.of_once, each.tick_ms - span, each.tick_ms) > most:
                return False
    return True


def i2_volume_is_conserved_and_unsigned(seen: Seen) -> bool:
    """Believed volume + strokes recorded = what it was before, exactly, and no count is ever below nothing.

    A refill sets it anew; a report of the motor gives back what was missing and takes what was extra, within the fill.
    """
    before, after = seen.before.state, seen.after.state
    if checked(after) is not after or min(after.strokes_total, after.bolus_strokes_total, after.once_strokes_total) < 0:
        return False
    if isinstance(seen.command, RecordRefill) and after.reservoir.refilled_tick_ms == after.tick_ms:
        return after.reservoir.volume_nl <= after.identity.descriptor.reservoir_nl
    left_nl = before.reservoir.volume_nl - (after.strokes_total - before.strokes_total) * stroke_nl(seen)
    if isinstance(seen.event, MotorReported):
        left_nl = max(0, min(left_nl, before.reservoir.filled_nl))
    return after.reservoir.volume_nl == left_nl


def i3_no_stroke_unless_the_pump_delivers(seen: Seen) -> bool:
    """No stroke while stopped, empty, in telemetry mode, under an alarm that stops strokes, or past a shut gate."""
    state = seen.before.state
    held = is_stopped(seen.before) or state.empty or state.motor.telemetry_locked or stops(state)
    if seen.before.guard.trip is not None:
        return not seen.strokes
    return not (held and seen.strokes and state.waiting is None)


def i4_basal_is_the_integral_of_the_rate(seen: Seen) -> bool:
    """Basal strokes x stroke + new carry = old carry + integral of the programmed rate, exactly; carry < stroke.

    Where a bolus given once, an end of fluid, a held clock or another program comes between it is at most that.
    """
    before, after = seen.before.state, seen.after.state
    if isinstance(seen.event, SupervisorTicked | SupervisorDied):
        return before is after
    owed_stroke = stroke_nl(seen) * DAY
    if not 0 <= after.carry < owed_stroke:
        return False
    basal = sum(train.last - train.first + 1 for train in seen.trains if train.bolus_tick_ms is None)
    until = seen.now_tick_ms - (seen.event.outage_ms if isinstance(seen.event, PowerRestored) else 0)
    given = basal * owed_stroke + after.carry - before.carry
    holds = before.reservoir.volume_nl // stroke_nl(seen) > len(seen.strokes) or before.empty
    plain = before.once is None and before.waiting is None and not before.clock.reached_local_ms
    if plain and holds and seen.after.guard.trip is None and not isinstance(seen.event, MemoryFaultFound):
        return given == owed_nl_ms(before, until)
    return given <= highest_rate(seen) * (until - before.tick_ms)


def i5_at_most_one_bolus_and_never_more_than_prescribed(seen: Seen) -> bool:
    """At most one bolus runs, it never has more strokes than it was granted for, and none outlives a stop."""
    state, history = seen.after.state, seen.history
    if state.once is not None and state.running_bolus is not None:
        return False
    if (is_stopped(seen.after) or stops(state)) and (state.once is not None or state.running_bolus is not None):
        return False
    granted = {each.start_tick_ms: each.strokes for each in (*seen.before.state.boluses, *state.boluses)}
    if history.bolus is not None and history.bolus != seen.past.bolus and history.bolus[1] > granted[history.bolus[0]]:
        return False
    most = max(seen.before.state.numbers.once_strokes, state.numbers.once_strokes)
    return history.once is None or history.once == seen.past.once or history.once[1] <= most


def i6_grants_are_a_lockout_apart(seen: Seen) -> bool:
    """Two patient boluses begin at least the lockout apart, and no 24 h sees more of them than the maximum."""
    grants = seen.history.grants
    if len(grants) == len(seen.past.grants) or not isinstance(seen.command, RequestBolus):
        return True
    last = grants[-1]
    recent = sum(each.tick_ms > last.tick_ms - DAY for each in grants)
    return recent <= last.maximum_per_24h and all(
        last.tick_ms - each.tick_ms >= last.lockout_ms for each in grants[:-1]
    )


def i7_a_program_begins_only_by_its_hash(seen: Seen) -> bool:
    """What is staged has no effect; another program runs only by a commit of its hash, a stop, a fault or its time."""
    before, after = seen.before.state, seen.after.state
    if was_staged(seen):
        return after._replace(staged=None, ring=()) == arrived(seen)._replace(staged=None, ring=())
    if after.program is before.program:
        return True
    if is_stopped(seen.after) and not isinstance(seen.command, Commit):
        return isinstance(seen.command, StopInfusion) or isinstance(seen.event, MemoryFaultFound)
    if before.waiting is not None and after.program is before.waiting.program:
        return True
    command, staged = seen.command, before.staged
    return (
        isinstance(command, Commit)
        and staged is not None
        and after.program is staged.program
        and command.staged_hash == program_hash(after.program)
    )


def i8_every_change_is_in_the_log(seen: Seen) -> bool:
    """Sequences rise by one, each entry is chained to the one before, and nothing lasting changes without one."""
    before, after = seen.before.state, seen.after.state
    new = after.log[-1].sequence - before.log[-1].sequence
    head = before.log_head
    for place, entry in enumerate(after.log[len(after.log) - new :] if new else ()):
        if entry.sequence != before.log[-1].sequence + 1 + place:
            return False
        head = chained(head, entry)
    return head == after.log_head and (new > 0 or lasting(before) == lasting(after))


def i10_a_role_reaches_only_its_own(seen: Seen) -> bool:
    """A command that the role's list does not hold is refused and changes nothing."""
    if not isinstance(seen.event, CommandReceived) or type(seen.command) in MAY[seen.event.role]:
        return True
    return was_refused(seen) and seen.after.state == arrived(seen)


def i11_what_is_made_is_counted_first(seen: Seen) -> bool:
    """Strokes counted = strokes let through, less those reported missing, and those made unasked: never fewer."""
    counted = seen.after.state.strokes_total - seen.before.state.strokes_total
    if isinstance(seen.event, MotorReported):
        through = seen.before.state.strokes_total - seen.before.state.motor.reported_total
        return counted == len(seen.strokes) - min(seen.event.missing, through) + seen.event.extra
    return counted == len(seen.strokes)


def i12_the_supervisor_says_the_same_of_each_stroke_alone(seen: Seen) -> bool:
    """Asked stroke by stroke, with its own memory and nothing else, it passes and counts the same."""
    guard = seen.before.guard
    if seen.before.state.waiting is not None and seen.after.state.waiting is None:
        return True  # another program may be sealed between two strokes of this step
    for tick_ms, kind, identity in in_order(seen.trains):
        verdict = examine_one(guard, tick_ms, kind, identity)
        if not isinstance(verdict, Passed):
            return False
        guard = verdict.guard
    if seen.after.state.committed_tick_ms != seen.before.state.committed_tick_ms:
        return True  # sealed anew in between
    return (guard.every, guard.bolus_tick_ms, guard.bolus_strokes, guard.once_strokes) == (
        seen.after.guard.every,
        seen.after.guard.bolus_tick_ms,
        seen.after.guard.bolus_strokes,
        seen.after.guard.once_strokes,
    )


def i12_the_supervisor_trips_only_for_cause(seen: Seen) -> bool:
    """A controller that does what its program says never trips it: a silence, a motor unasked, or death do."""
    if seen.after.guard.trip is None or seen.before.guard.trip is not None:
        return True
    behind = seen.before.state.tick_ms < seen.before.guard.tick_ms
    cause = isinstance(seen.event, SupervisorTicked | SupervisorDied) or behind
    return cause or (isinstance(seen.event, MotorReported) and seen.event.extra > 0)


def i13_no_message_delays_a_stroke(seen: Seen) -> bool:
    """A refused command, and a reading, leave the next stroke where it was."""
    reads = isinstance(seen.command, ReadStatus | Interrogate | Query)
    if not isinstance(seen.event, CommandReceived) or not (reads or was_refused(seen)):
        return True
    without = arrived(seen)
    if without.motor.telemetry_locked and reads:
        return True  # a reading ends telemetry mode
    return giving(seen.after.state) == giving(without)


def i14_a_standing_alarm_is_heard_and_shown(seen: Seen) -> bool:
    """Every standing alarm is in the status, a tone of it will come, and it ends only by what its row names."""
    state = seen.after.state
    shown = tuple(each.alarm for each in state.alarms)
    if state.alarms != seen.before.state.alarms and status(state).alarms != shown:
        return False
    if shown and next_tone(state.alarms, state.intervals, state.tick_ms) is None:
        return False
    unsilenced = any((each.silenced_until_tick_ms or 0) <= state.tick_ms for each in state.alarms)
    if unsilenced and sounding(state.alarms, state.tick_ms) is None:
        return False
    gone = {each.alarm for each in seen.before.state.alarms} - set(shown)
    return all(may_end(seen, alarm) for alarm in gone)


INVARIANTS: tuple[Invariant, ...] = (
    i1_no_window_of_24_h_holds_more_than_the_limit,
    i1_no_window_passes_the_highest_rate,
    i2_volume_is_conserved_and_unsigned,
    i3_no_stroke_unless_the_pump_delivers,
    i4_basal_is_the_integral_of_the_rate,
    i5_at_most_one_bolus_and_never_more_than_prescribed,
    i6_grants_are_a_lockout_apart,
    i7_a_program_begins_only_by_its_hash,
    i8_every_change_is_in_the_log,
    i10_a_role_reaches_only_its_own,
    i11_what_is_made_is_counted_first,
    i12_the_supervisor_says_the_same_of_each_stroke_alone,
    i12_the_supervisor_trips_only_for_cause,
    i13_no_message_delays_a_stroke,
    i14_a_standing_alarm_is_heard_and_shown,
)
