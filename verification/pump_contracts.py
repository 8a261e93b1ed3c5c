"""Contracts of real pure functions of the pump, for CrossHair: it looks for numbers that break one.

``pre`` is what a caller promises, ``post`` what must then hold. A contract is confirmed when every path was followed,
and otherwise not refuted within its time. Numbers of a pump model are fixed: a division by a number that may be
anything keeps a path from being closed.
"""

from __future__ import annotations

from thecal.device import Alarm, BolusKind, Component, FlexStep, Mode, PatientBolus, Program, PumpDescriptor
from thecal.pump.controller.manufacture import manufacture
from thecal.pump.controller.numbers import achievable_strokes, dose_ng, numbers_of
from thecal.pump.controller.schedule import pace_at
from thecal.pump.controller.state import AlarmIntervals, Bolus, Clock, StandingAlarm
from thecal.pump.controller.tones import next_tone, sounding, tone_count
from thecal.pump.controller.window import leaves_window_at
from thecal.pump.strokes import MS_PER_DAY, StrokeKind, Train, strokes_due
from thecal.pump.supervisor import (
    Declared,
    Passed,
    SealRefused,
    confirmed,
    examine_one,
    heartbeat,
    new_guard,
    seal,
    without_heartbeat,
)
from thecal.pump.supervisor.cut import cut, most_within, number_at
from thecal.pump.supervisor.guard import day_of, hour_of, moved
from thecal.pump.supervisor.limits import limits_of_program

STROKE, CEILING = 1_000, 24_000_000
OWED = STROKE * MS_PER_DAY
MADE = new_guard(STROKE, CEILING, 0)
DECLARED = Declared(STROKE, CEILING, 600_000, 480_000, 20_000, 600_000, 3_600_000, 0, 0, 480_000)
SEALED = MADE._replace(trip=None, limits=limits_of_program(MADE.limits, DECLARED))
RING = tuple(range(98))
PUMP = PumpDescriptor("contract", STROKE, 20_000_000, 6_000, 48_000, CEILING)
FLUID = (Component("morphine", 1_000_000),)
TWICE = Program("P", "T", Mode.FLEX, (FlexStep(0, 48_000), FlexStep(720, 96_000)), None, FLUID, (0,), 10**6, 0)
FLEX = numbers_of(PUMP, TWICE)
RUNS = manufacture(PUMP, "P", "T", 0, 0)._replace(program=TWICE, numbers=FLEX)
LONG_STALLED = (StandingAlarm(Alarm.MOTOR_STALL, 0),)
INTERVALS = AlarmIntervals()


def carry_is_less_than_a_stroke(carry: int, rate: int, elapsed: int) -> tuple[int, int]:
    """
    pre: 0 <= carry < OWED and 0 <= rate <= CEILING and 0 <= elapsed
    post: __return__[0] >= 0 and 0 <= __return__[1] < OWED
    """
    return strokes_due(carry, rate, elapsed, STROKE)


def time_may_be_cut(carry: int, first: int, second: int) -> tuple[int, int, int]:
    """
    pre: 0 <= carry < OWED and 0 <= first and 0 <= second
    post: __return__[0] + __return__[1] == __return__[2]
    """
    one, left = strokes_due(carry, 480_000, first, STROKE)
    two, _ = strokes_due(left, 480_000, second, STROKE)
    whole, _ = strokes_due(carry, 480_000, first + second, STROKE)
    return one, two, whole


def a_bolus_is_due_within_its_strokes(start: int, delayed: int, tick: int) -> tuple[int, int]:
    """
    pre: 0 <= start and 0 <= delayed
    post: 0 <= __return__[0] <= __return__[1] <= 20
    """
    bolus = Bolus(start, 600_000, 20, delayed)
    return bolus.due_by(tick), bolus.due_by(tick + 1)


def a_bolus_is_whole_at_its_end(start: int, delayed: int) -> tuple[int, int]:
    """
    pre: 0 <= start and 0 <= delayed
    post: __return__ == (0, 20)
    """
    bolus = Bolus(start, 600_000, 20, delayed)
    return bolus.due_by(start + delayed), bolus.due_by(bolus.last_tick_ms)


def a_stroke_is_counted_from_its_tick_on(origin: int, phase: int, k: int) -> tuple[int, int]:
    """
    pre: 0 <= phase < OWED and 1 <= k
    post: __return__[0] >= k > __return__[1]
    """
    train = Train(StrokeKind.BASAL, origin, OWED, phase, 480_000, k, k)
    tick = train.tick(k)
    return number_at(train, tick), number_at(train, tick - 1)


def a_cut_loses_no_stroke(last: int, tick: int) -> int:
    """
    pre: 1 <= last
    post: __return__ == last
    """
    earlier, later = cut([Train(StrokeKind.BASAL, 0, OWED, 0, 480_000, 1, last)], tick)
    return sum(train.last - train.first + 1 for train in (*earlier, *later))


def most_within_a_span_is_not_more_than_all(last: int, span: int) -> int:
    """
    pre: 1 <= last and 0 <= span
    post: 0 <= __return__ <= last
    """
    return most_within(Train(StrokeKind.BASAL, 0, OWED, 0, 480_000, 1, last), span)


def time_only_takes_strokes_out_of_a_window(buckets: int) -> tuple[int, int, int]:
    """
    pre: 0 <= buckets <= 300
    post: __return__ == (98, max(0, 97 - buckets), max(0, 5 - buckets))
    """
    later = moved(RING, buckets)
    return len(later), day_of(later), hour_of(later)


def time_backwards_trips(tick: int, now: int) -> bool:
    """
    pre: tick >= 0
    post: __return__ == (now < tick)
    """
    return heartbeat(SEALED._replace(tick_ms=tick), now).trip is not None


def silence_stops_after_90_s(beat: int, now: int) -> tuple[bool, bool]:
    """
    pre: 0 <= beat <= now
    post: __return__ == (now - beat >= 90_000, now - beat >= 180_000)
    """
    after = without_heartbeat(SEALED._replace(tick_ms=beat, heartbeat_tick_ms=beat), now)
    return after.trip is not None, after.sounding


def what_nobody_asked_for_trips(let_through: int, missing: int, extra: int, known: bool) -> bool:
    """
    pre: let_through >= 0 and missing >= 0 and extra >= 1
    post: __return__
    """
    return confirmed(SEALED._replace(let_through=let_through), missing, extra, known).trip is not None


def a_missed_row_trips_only_untold(row: int, missing: int, known: bool) -> bool:
    """
    pre: row >= 0 and missing >= 0
    post: __return__ == (not known and row + missing >= 12)
    """
    return confirmed(SEALED._replace(missed_in_a_row=row), missing, 0, known).trip is not None


def no_seal_takes_more_basal_than_the_limit(highest: int, daily: int, limit: int) -> bool:
    """
    pre: highest >= 0 and daily >= 0 and limit >= 0
    post: __return__ == (daily <= limit and daily <= highest <= CEILING)
    """
    declared = Declared(STROKE, CEILING, limit, highest, 0, 0, 0, 0, 0, daily)
    return not isinstance(seal(MADE, declared, 0), SealRefused)


def three_strokes_never_crowd(before_last: int, tick: int) -> bool:
    """
    pre: 0 <= before_last <= tick <= 899_999
    post: __return__ == (tick - before_last >= 3_600)
    """
    guard = SEALED._replace(before_last_tick_ms=before_last, last_tick_ms=before_last)
    return isinstance(examine_one(guard, tick, StrokeKind.BASAL, None), Passed)


def a_bolus_has_its_strokes_and_no_more(made: int) -> bool:
    """
    pre: 0 <= made
    post: __return__ == (made < 20)
    """
    guard = SEALED._replace(bolus_tick_ms=1_000, bolus_strokes=made)
    return isinstance(examine_one(guard, 10_000, StrokeKind.BOLUS, 1_000), Passed)


def a_lockout_stands_between_boluses(last: int, granted: int) -> bool:
    """
    pre: 0 < last < granted <= 40_000_000
    post: __return__ == (granted - last >= 3_600_000)
    """
    guard = SEALED._replace(bolus_tick_ms=last, bolus_strokes=20)
    return isinstance(examine_one(guard, granted + 30_000, StrokeKind.BOLUS, granted), Passed)


def what_is_given_rounds_down(volume: int) -> tuple[int, int]:
    """
    pre: 1 <= volume <= 5_000_000
    post: __return__[0] * STROKE <= volume < (__return__[0] + 1) * STROKE and 0 <= __return__[1] <= volume * 20_000
    """
    bolus = PatientBolus(volume, 600_000, 3_600_000, 4)
    return achievable_strokes(bolus, STROKE), dose_ng(volume, Component("morphine", 10_000_000))


def a_grant_counts_for_a_day_at_least(start: int, delayed: int, ended: int) -> int:
    """
    pre: 0 <= start <= ended and 0 <= delayed
    post: __return__ >= start + MS_PER_DAY
    """
    bolus = Bolus(start, 600_000, 20, delayed, ended, BolusKind.PATIENT)
    return leaves_window_at(bolus, 20, 600_000)


def a_rate_holds_until_a_later_tick(tick: int, utc: int) -> tuple[int, int | None]:
    """
    pre: 0 <= tick <= 2**53 and 0 <= utc <= 2**53
    post: __return__[0] in (48_000, 96_000) and tick < __return__[1] <= tick + MS_PER_DAY
    """
    return pace_at(RUNS._replace(clock=Clock(utc, 0)), tick)


def a_critical_tone_repeats(tick: int) -> tuple[int, int]:
    """
    pre: 0 <= tick
    post: tick <= __return__[0] < tick + 600_000 and __return__[1] == 1
    """
    tone = next_tone(LONG_STALLED, INTERVALS, tick)
    assert tone is not None
    return tone.tick_ms, tone_count(LONG_STALLED, INTERVALS, tick, tick + 600_000).critical


def a_silenced_alarm_is_quiet_until_then(until: int, tick: int) -> bool:
    """
    pre: 0 <= until and 0 <= tick
    post: __return__ == (tick >= until)
    """
    return sounding((StandingAlarm(Alarm.LOW_RESERVOIR, 0, until),), tick) is not None


def three_strokes_may_crowd_a_little(before_last: int, tick: int) -> bool:
    """
    pre: 0 <= before_last <= tick <= 899_999
    post: __return__ == (tick - before_last >= 3_599)
    """
    return three_strokes_never_crowd(before_last, tick)


CONTROL = three_strokes_may_crowd_a_little  # wrong by 1 ms: a checker that does not refute it has looked at nothing
CONTRACTS = (
    carry_is_less_than_a_stroke,
    time_may_be_cut,
    a_bolus_is_due_within_its_strokes,
    a_bolus_is_whole_at_its_end,
    a_stroke_is_counted_from_its_tick_on,
    a_cut_loses_no_stroke,
    most_within_a_span_is_not_more_than_all,
    time_only_takes_strokes_out_of_a_window,
    time_backwards_trips,
    silence_stops_after_90_s,
    what_nobody_asked_for_trips,
    a_missed_row_trips_only_untold,
    no_seal_takes_more_basal_than_the_limit,
    three_strokes_never_crowd,
    a_bolus_has_its_strokes_and_no_more,
    a_lockout_stands_between_boluses,
    what_is_given_rounds_down,
    a_grant_counts_for_a_day_at_least,
    a_rate_holds_until_a_later_tick,
    a_critical_tone_repeats,
    a_silenced_alarm_is_quiet_until_then,
)
