"""The published failures of other pumps that apply to the core, each as one sentence about this one.

Those that concern the clock, the supervisor and the newer boluses are in test_scars.py.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.oracle.bedside import BOLUS, HOUR, MINUTE, Bench, program
from tests.oracle.oracle import DAY
from tests.oracle.powered import PowerLost
from tests.oracle.programs import FLUID
from thecal.device import (
    COMMAND_LIFE_MS,
    Alarm,
    Commit,
    Done,
    Forgotten,
    LogKind,
    Mode,
    NeverSeen,
    Reason,
    RecordRefill,
    Refused,
    RequestBolus,
    Role,
    Settled,
    Stage,
    StopInfusion,
)


@pytest.fixture
def treated():
    """A pump four hours and a little after it was programmed with a bolus: the patient may ask."""
    bench = Bench(program((0, 240_000), bolus=BOLUS))
    bench.wait(4 * HOUR)
    return bench


def test_f01_a_bolus_whose_answer_was_lost_is_not_given_twice_whether_repeated_or_asked_anew(treated):
    lost = treated.request(RequestBolus())
    treated.memory.fuse = 1  # after the record, before the answer
    with pytest.raises(PowerLost):
        treated.implant.handle(Role.PATIENT, lost)
    treated.memory.fuse = None
    treated.power_returns(0)
    granted_at = treated.now
    assert treated.send(Role.PATIENT, lost) == Done(granted_at)
    assert treated.press().reason is Reason.BOLUS_RUNNING
    treated.wait(HOUR)
    assert treated.send(Role.PATIENT, lost) == Done(granted_at)
    assert treated.press() == Refused(Reason.LOCKOUT, 3 * HOUR)
    assert treated.implant.state.bolus_strokes_total == 40
    assert len(treated.granted()) == 1


def test_f03_a_dose_whose_programmer_died_is_in_the_pumps_own_log_also_after_a_loss_of_power(treated):
    treated.press()
    treated.wait(HOUR)
    treated.power_returns(HOUR)
    told = [(e.kind, e.tick_ms, e.volume_nl) for e in treated.report().log if e.volume_nl == 20_000]
    start = 4 * HOUR
    assert told == [(LogKind.BOLUS_GRANTED, start, 20_000), (LogKind.BOLUS_COMPLETED, start + 10 * MINUTE, 20_000)]


@pytest.mark.parametrize("dark", [False, True])
def test_f08_a_bolus_request_that_arrives_a_millisecond_after_its_deadline_gives_nothing_ever(treated, dark):
    stuck = treated.request(RequestBolus(), not_after=treated.now + 30_000)
    treated.power_returns(30_001) if dark else treated.wait(30_001)
    assert treated.send(Role.PATIENT, stuck).reason is Reason.TOO_LATE
    treated.wait(DAY)
    assert treated.send(Role.PATIENT, stuck).reason is Reason.TOO_LATE
    assert treated.implant.state.bolus_strokes_total == 0
    treated.wait(4 * HOUR)
    assert isinstance(treated.press(), Done)


def test_f08_a_bolus_request_that_arrives_at_its_deadline_is_still_in_time(treated):
    just = treated.request(RequestBolus(), not_after=treated.now + 30_000)
    treated.wait(30_000)
    assert isinstance(treated.send(Role.PATIENT, just), Done)


def test_f09_a_redelivered_command_has_one_effect_also_when_the_power_went_between(treated):
    once = treated.request(RequestBolus())
    assert treated.send(Role.PATIENT, once) == treated.send(Role.PATIENT, once)
    for _ in range(5):
        treated.power_returns(1_000)
        assert treated.send(Role.PATIENT, once) == Done(4 * HOUR)
    treated.wait(5 * HOUR)  # the lockout is over: only the id stands between the copy and a second bolus
    assert treated.send(Role.PATIENT, once) == Done(4 * HOUR)
    treated.wait(HOUR)
    assert treated.implant.state.bolus_strokes_total == 40


def test_f09_a_redelivered_commit_does_not_bring_an_older_program_back():
    bench = Bench(program((0, 240_000)))
    staged = bench.physician(Stage(program((0, 480_000)), bench.report().program_hash))
    commit = bench.request(Commit(staged.staged_hash))
    first = bench.send(Role.PHYSICIAN, commit)
    assert isinstance(bench.commit(program((0, 48_000))), Done)
    assert bench.send(Role.PHYSICIAN, commit) == first
    assert bench.report().program == program((0, 48_000))


def test_f09_a_refill_told_twice_by_the_same_message_does_not_fill_twice():
    bench = Bench(program((0, 2_400_000)))
    told = bench.request(RecordRefill(20_000_000, FLUID))
    bench.send(Role.PHYSICIAN, told)
    bench.wait(DAY)
    bench.send(Role.PHYSICIAN, told)
    assert bench.report().status.reservoir_nl == 20_000_000 - 2_400_000


def test_f09_an_id_asked_about_before_it_arrived_never_acts(treated):
    late = treated.request(RequestBolus())
    asked = treated.asking(late)
    assert treated.send(Role.PATIENT, asked) == Settled(NeverSeen())
    treated.power_returns(0)
    assert treated.send(Role.PATIENT, late) == Refused(Reason.TOO_LATE)
    assert treated.send(Role.PATIENT, asked) == Settled(NeverSeen())
    assert treated.granted() == []


def test_f09_a_refill_whose_deadline_is_years_ahead_cannot_wait_for_a_second_effect():
    """Were it accepted, 64 later commands would push its result out, and the same bytes would act once more."""
    bench = Bench(program((0, 2_400_000)))
    told = bench.request(RecordRefill(20_000_000, FLUID), not_after=2**53)
    assert bench.send(Role.PHYSICIAN, told) == Refused(Reason.DEADLINE_TOO_FAR)
    bench.wait(HOUR)
    bench.fill_the_ring()
    bench.wait(DAY)
    bench.fill_the_ring()
    assert bench.send(Role.PHYSICIAN, told) == Refused(Reason.DEADLINE_TOO_FAR)
    assert bench.report().status.reservoir_nl == 20_000_000 - 2_500_000


def test_f09_a_deadline_may_be_thirty_seconds_ahead_and_not_a_millisecond_more():
    bench = Bench(program((0, 240_000)))
    at_most = bench.request(StopInfusion(), not_after=bench.now + COMMAND_LIFE_MS)
    beyond = bench.request(StopInfusion(), not_after=bench.now + COMMAND_LIFE_MS + 1)
    assert bench.send(Role.PHYSICIAN, beyond) == Refused(Reason.DEADLINE_TOO_FAR)
    assert bench.report().status.mode is Mode.SIMPLE_CONTINUOUS
    assert bench.send(Role.PHYSICIAN, at_most) == Done(0)


def test_f09_a_result_stays_as_long_as_its_command_could_come_again_and_the_65th_is_refused():
    """Verify: 64 results younger than 30 s are all kept; one more has no effect; one ms later there is room."""
    bench = Bench(program((0, 2_400_000)))
    bench.wait(HOUR)
    told = bench.request(RecordRefill(20_000_000, FLUID))
    assert bench.send(Role.PHYSICIAN, told) == Done(HOUR)
    bench.fill_the_ring(less=1)
    bench.wait(COMMAND_LIFE_MS)
    assert bench.physician(RecordRefill(7_000_000, FLUID)) == Refused(Reason.BUSY)
    assert bench.send(Role.PHYSICIAN, told) == Done(HOUR)
    bench.wait(1)
    assert bench.physician(StopInfusion()) == Done(bench.now)
    assert bench.send(Role.PHYSICIAN, told) == Refused(Reason.TOO_LATE)
    assert bench.report().status.reservoir_nl > 19_000_000


def test_f09_a_command_refused_as_one_too_many_never_acts_later_also_when_there_is_room_again():
    bench = Bench(program((0, 2_400_000)))
    bench.wait(HOUR)
    bench.fill_the_ring()
    bench.wait(COMMAND_LIFE_MS - 1)
    told = bench.request(RecordRefill(7_000_000, FLUID))
    assert bench.send(Role.PHYSICIAN, told) == Refused(Reason.BUSY)
    for _ in range(3):
        bench.wait(2)
        bench.power_returns(0)
        assert bench.send(Role.PHYSICIAN, told) == Refused(Reason.BUSY)
    assert bench.physician(RecordRefill(20_000_000, FLUID)) == Done(bench.now)  # asked anew, it is another command
    bench.wait(COMMAND_LIFE_MS)
    assert bench.send(Role.PHYSICIAN, told) == Refused(Reason.TOO_LATE)
    assert bench.report().status.reservoir_nl > 19_000_000


def test_f09_a_patient_who_asks_without_end_cannot_keep_the_physician_from_stopping():
    bench = Bench(program((0, 240_000), bolus=BOLUS))
    bench.wait(4 * HOUR)
    answers = [bench.press() for _ in range(200)]
    assert isinstance(answers[0], Done)
    assert {answer.reason for answer in answers[1:64]} == {Reason.BOLUS_RUNNING}
    assert {answer.reason for answer in answers[64:]} == {Reason.BUSY}
    assert bench.physician(StopInfusion()) == Done(4 * HOUR)


def test_f09_a_question_too_old_for_the_pumps_list_is_answered_as_forgotten_and_never_as_never_seen():
    """Verify: after a result was pushed out, a query says what is true, for old commands and for young ones."""
    bench = Bench(program((0, 2_400_000)))
    bench.wait(HOUR)
    told = bench.request(RecordRefill(20_000_000, FLUID))
    bench.send(Role.PHYSICIAN, told)
    asked = bench.asking(told)
    bench.fill_the_ring(less=1)
    bench.wait(COMMAND_LIFE_MS + 1)
    assert bench.send(Role.PHYSICIAN, asked) == Settled(Done(HOUR))
    bench.physician(StopInfusion())
    assert bench.send(Role.PHYSICIAN, asked) == Settled(Forgotten())
    assert bench.send(Role.PATIENT, asked) == Settled(NeverSeen())  # the patient's list has forgotten nothing
    never_came = bench.request(StopInfusion())
    assert bench.send(Role.PHYSICIAN, bench.asking(never_came)) == Settled(NeverSeen())
    assert bench.send(Role.PHYSICIAN, never_came) == Refused(Reason.TOO_LATE)


def test_f09_a_question_asked_while_the_list_is_full_promises_nothing_and_the_command_acts_once_at_most():
    bench = Bench(program((0, 2_400_000)))
    bench.wait(HOUR)
    bench.fill_the_ring()
    bench.wait(COMMAND_LIFE_MS)
    late = bench.request(RecordRefill(7_000_000, FLUID))
    asked = bench.asking(late)
    assert bench.send(Role.PHYSICIAN, asked) == Refused(Reason.BUSY)
    assert bench.report().status.reservoir_nl > 19_000_000
    bench.wait(1)
    first = bench.send(Role.PHYSICIAN, late)
    assert bench.send(Role.PHYSICIAN, asked) == Settled(first)
    told = len(bench.report().log)
    bench.wait(COMMAND_LIFE_MS)
    assert bench.send(Role.PHYSICIAN, late) in (first, Refused(Reason.TOO_LATE))
    assert len(bench.report().log) == told


def test_f09_nobody_is_told_never_seen_of_a_command_that_may_still_come_in_time():
    bench = Bench(program((0, 240_000)))
    far = bench.request(StopInfusion(), not_after=bench.now + COMMAND_LIFE_MS + 1)
    assert bench.send(Role.PHYSICIAN, bench.asking(far)) == Refused(Reason.DEADLINE_TOO_FAR)


def test_f09_a_command_from_before_the_memory_was_lost_does_not_act_a_second_time():
    """The list of results is lost with the memory: what could be in it is not carried out and not denied."""
    bench = Bench(program((0, 2_400_000)))
    bench.wait(HOUR)
    told = bench.request(RecordRefill(20_000_000, FLUID))
    bench.send(Role.PHYSICIAN, told)
    bench.memory.banks = (b"", b"")
    bench.memory.set_aside = lambda: None
    bench.power_returns(1_000)
    assert bench.send(Role.PHYSICIAN, told) == Refused(Reason.MEMORY_FAULT)
    assert bench.send(Role.PHYSICIAN, bench.asking(told)) == Settled(Forgotten())
    assert bench.report().status.reservoir_nl == 0
    bench.wait(1)
    assert bench.physician(RecordRefill(20_000_000, FLUID)) == Done(bench.now)


def test_f10_a_double_tap_gives_one_bolus(treated):
    assert isinstance(treated.press(), Done)
    assert treated.press().reason is Reason.BOLUS_RUNNING
    treated.wait(HOUR)
    assert treated.implant.state.bolus_strokes_total == 40


def test_f14_what_the_pump_says_it_does_is_what_its_motor_does(treated):
    """After a loss of power it says that it infuses and it does; stopped is said only of a stopped pump."""
    for act, infuses in (
        (lambda: treated.power_returns(HOUR), True),
        (lambda: treated.physician(StopInfusion()), False),
    ):
        act()
        for _ in range(2):
            status = treated.report().status
            assert (status.mode is not Mode.STOPPED) == (status.rate_nl_per_day > 0) == infuses
            before = len(treated.motor)
            treated.wait(HOUR)
            assert (len(treated.motor) > before) == infuses
            treated.power_returns(MINUTE)


@pytest.mark.parametrize("every_ms", [30_000, 59_999, 60_001])
def test_f15_a_rate_changed_every_minute_still_delivers_its_integral(every_ms):
    """At 48 uL/day a stroke takes 15 min: were the phase lost at each change, nothing would ever be given."""
    rates = [48_000, 61_111, 240_001]
    bench = Bench(program((0, rates[0])))
    owed = Fraction(0)
    for turn in range(1, 240):
        before = bench.implant.state.program.steps[0].rate_nl_per_day
        bench.wait(every_ms)
        owed += Fraction(before * every_ms, DAY * 500)
        assert isinstance(bench.commit(program((0, rates[turn % 3]))), Done)
        assert len(bench.motor) == int(owed)
    assert len(bench.motor) > 15


def test_f25_time_volume_and_sequence_only_rise_whatever_the_clock_says_after_a_loss_of_power(treated):
    def counters():
        report = treated.report()
        return treated.now, report.strokes_total, report.bolus_strokes_total, report.log[-1].sequence

    treated.press()
    seen = [counters()]
    for earlier in (0, -1, -HOUR, -4 * HOUR - 1):
        treated.wait(MINUTE)
        treated.power_returns(earlier)
        seen.append(counters())
    assert seen == sorted(seen)
    with pytest.raises(ValueError, match="never goes back"):
        treated.implant.advance(treated.now - 1, treated.motor.append)


def test_f27_an_empty_reservoir_stops_the_strokes_alarms_and_gives_no_virtual_dose():
    bench = Bench(program((0, 2_400_000), bolus=BOLUS), filled_nl=1_000_499)
    bench.wait(DAY)
    status = bench.report().status
    assert len(bench.motor) == bench.implant.state.strokes_total == 2_000
    assert (status.reservoir_nl, status.bolus.blocked_by) == (499, Reason.RESERVOIR_EMPTY)
    assert Alarm.EMPTY_RESERVOIR in status.alarms
    assert Alarm.EMPTY_RESERVOIR.critical
    assert bench.press().reason is Reason.RESERVOIR_EMPTY
    bench.physician(RecordRefill(20_000_000, FLUID))
    bench.wait(HOUR)
    assert len(bench.motor) == 2_000 + 200  # what was missed while empty is not made up for
    assert bench.report().status.alarms == ()


@pytest.mark.parametrize("ended_by", ["stop", "outage", "fault"])
def test_f34_an_interrupted_bolus_is_recorded_with_what_was_given_never_less_than_nothing(treated, ended_by):
    """Interrupted by an empty reservoir it cannot be: no bolus is granted that the reservoir cannot give."""
    treated.press()
    treated.wait(3 * MINUTE + 1)  # the last record tells the time, not a stroke
    if ended_by == "stop":
        treated.physician(StopInfusion())
    elif ended_by == "outage":
        treated.power_returns(10 * MINUTE + 1)
    else:
        treated.memory.spoil_the_end()
        treated.memory.set_aside = lambda: None
        treated.power_returns(0)
    treated.wait(HOUR)
    cancelled = [entry.volume_nl for entry in treated.report().log if entry.kind is LogKind.BOLUS_CANCELLED]
    assert cancelled == [6_000]
    assert treated.implant.state.bolus_strokes_total * 500 == 6_000


def test_f35_the_lockout_counts_from_the_accepted_start_whatever_was_refused_since(treated):
    assert isinstance(treated.press(), Done)
    start = treated.now
    while treated.now < start + 4 * HOUR - 1:
        refusal = treated.press()
        assert isinstance(refusal, Refused)
        treated.send(Role.PATIENT, treated.request(RequestBolus(), not_after=1))  # late: refused for another reason
        treated.physician(RequestBolus())  # a role that may not
        treated.wait(min(7 * MINUTE, start + 4 * HOUR - 1 - treated.now))
    assert treated.press() == Refused(Reason.LOCKOUT, 1)
    treated.wait(1)
    assert isinstance(treated.press(), Done)


@pytest.mark.parametrize("wait_ms", [0, MINUTE, HOUR, 3 * DAY])
def test_f44_after_any_loss_of_power_the_committed_program_runs_on_and_no_other(wait_ms):
    bench = Bench(program((0, 240_000), (361, 777_777), (1_200, 48_000), bolus=BOLUS))
    bench.wait(5 * HOUR)
    before = bench.report()
    bench.power_returns(wait_ms)
    assert bench.report().program == before.program
    assert bench.report().program_hash == before.program_hash


@pytest.mark.parametrize("image", [b"", b"THECAL", b"\x00" * 5_000])
def test_f44_a_pump_whose_memory_is_gone_stands_still_with_a_critical_alarm_and_has_no_default_dose(image):
    bench = Bench(program((0, 240_000), bolus=BOLUS))
    bench.wait(5 * HOUR)
    bench.memory.banks = (image, image)
    bench.memory.set_aside = lambda: None
    bench.power_returns(MINUTE)
    made = len(bench.motor)
    bench.wait(DAY)
    status = bench.report().status
    assert len(bench.motor) == made
    assert (status.mode, status.rate_nl_per_day) == (Mode.STOPPED, 0)
    assert Alarm.MEMORY_FAULT in status.alarms
    assert Alarm.MEMORY_FAULT.critical
    assert isinstance(bench.press(), Refused)


@pytest.mark.parametrize("before_ms", [1_000, 1, 0])
def test_f49_a_program_committed_just_before_a_flex_step_gives_each_slot_once_and_exactly(before_ms):
    """Committed 1 s, 1 ms and 0 ms before midnight: the old slot counts to the commit, the new one from midnight."""
    bench = Bench(program((0, 240_000), (720, 4_800_000)))
    bench.wait(DAY - before_ms)
    bench.commit(program((0, 960_000), (720, 48_000)))
    bench.wait(before_ms + DAY)
    first = 240_000 * 12 * HOUR + 4_800_000 * (12 * HOUR - before_ms)
    second = 48_000 * before_ms + 960_000 * 12 * HOUR + 48_000 * 12 * HOUR
    assert len(bench.motor) == (first + second) // (500 * DAY)
    midnight_rate = [tick for tick in bench.motor if DAY < tick <= DAY + HOUR]
    assert len(midnight_rate) in {79, 80, 81}
