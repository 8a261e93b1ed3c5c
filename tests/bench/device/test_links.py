"""The link of a device with its real protection, under everything that can be done to frames: each command has at most
one effect, and what became of it is told by the pump or unknown, never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.device.benches import HOUR_MS, infusing, program
from thecal.bench.device import Delay, Drop, Duplicate, Flip, Reorder, Truncate, Untouched, Way
from thecal.device import Alarm, LogKind, Mode, NeverSeen, Reason, Refused, Role, Status, bounds
from thecal.device.commands import ReadStatus, Request
from thecal.telemetry import Applied, NoAnswer, NotApplied, NotSent, Unknown, UnresolvedCommand, encode_request

MINUTE_MS = 60_000


@pytest.fixture
def bench():
    made, _ = infusing()
    made.advance(2 * HOUR_MS)
    return made


def boluses(bench):
    return sum(entry.kind is LogKind.BOLUS_GRANTED for entry in bench.believes.log)


# A bolus is asked for in two exchanges: the pump's time is read, then the request sent.


@pytest.mark.parametrize(
    ("way", "fault", "given", "settles"),
    [
        (Way.REQUEST, Drop(), 0, NotApplied(NeverSeen())),
        (Way.REQUEST, Flip(100), 0, NotApplied(NeverSeen())),
        (Way.REQUEST, Truncate(10), 0, NotApplied(NeverSeen())),
        (Way.REQUEST, Truncate(0), 0, NotApplied(NeverSeen())),
        (Way.REPLY, Drop(), 1, Applied),
        (Way.REPLY, Flip(100), 1, Applied),
        (Way.REPLY, Truncate(10), 1, Applied),
        (Way.REPLY, Reorder(), 1, Applied),
    ],
)
def test_a_frame_that_does_not_come_through_leaves_the_outcome_unknown_until_the_pump_says(
    bench, way, fault, given, settles
):
    patient = bench.attach(Role.PATIENT)
    patient.disturb(way, Untouched(), fault)
    assert isinstance(patient.request_bolus(), Unknown)
    assert boluses(bench) == given
    with pytest.raises(UnresolvedCommand):
        patient.request_bolus()
    settled = patient.settle()
    assert isinstance(settled, Applied) if settles is Applied else settled == settles
    assert boluses(bench) == given
    assert patient.pending is None


@pytest.mark.parametrize("way", Way)
def test_a_doubled_frame_has_one_effect(bench, way):
    patient = bench.attach(Role.PATIENT)
    patient.disturb(way, Untouched(), Duplicate())
    assert isinstance(patient.request_bolus(), Applied)
    assert boluses(bench) == 1
    assert patient.channel.refused_at_pump + patient.channel.refused_at_programmer == 1


def test_a_request_that_comes_within_its_time_acts_and_one_that_comes_later_does_not(bench):
    early, late = bench.attach(Role.PATIENT), bench.attach(Role.PATIENT)
    late.disturb(Way.REQUEST, Untouched(), Delay(30_001))
    assert isinstance(late.request_bolus(), Unknown)
    bench.advance(MINUTE_MS)
    assert boluses(bench) == 0
    assert late.settle().why.reason is Reason.TOO_LATE
    early.disturb(Way.REQUEST, Untouched(), Delay(20_000))
    assert isinstance(early.request_bolus(), Unknown)
    bench.advance(20_000)
    assert boluses(bench) == 1
    assert isinstance(early.settle(), Applied)


def test_a_programmer_with_patience_waits_for_a_late_answer_while_the_pump_goes_on(bench):
    patient = bench.attach(Role.PATIENT)
    patient.patience_ms = 15_000
    patient.disturb(Way.REPLY, Untouched(), Delay(10_000))
    before_ms = bench.at_ms
    assert isinstance(patient.request_bolus(), Applied)
    assert bench.at_ms == before_ms + 10_000
    patient.disturb(Way.REPLY, Drop())
    assert isinstance(patient.read_status(), NoAnswer)
    assert bench.at_ms == before_ms + 10_000 + 15_000


def test_a_query_that_overtakes_its_command_buries_it(bench):
    patient = bench.attach(Role.PATIENT)
    patient.disturb(Way.REQUEST, Untouched(), Reorder())
    assert isinstance(patient.request_bolus(), Unknown)
    assert patient.settle() == NotApplied(NeverSeen())  # the request arrives right after the query about it
    assert boluses(bench) == 0
    assert isinstance(patient.request_bolus(), Applied)
    assert boluses(bench) == 1


def test_every_frame_ever_recorded_may_be_sent_again_without_any_effect(bench):
    patient = bench.attach(Role.PATIENT)
    assert isinstance(patient.request_bolus(), Applied)
    bench.advance(2 * HOUR_MS)  # the lockout is over: another bolus would be granted
    before = bench.believes.state
    for frame in patient.recorded:
        patient.replay(frame)
    after = bench.believes.state
    assert boluses(bench) == 1
    assert after.ring == before.ring
    assert len(patient.recorded) == 4


def test_frames_of_one_client_mean_nothing_on_the_link_of_another(bench):
    one, other = bench.attach(Role.PATIENT), bench.attach(Role.PATIENT)
    one.disturb(Way.REQUEST, Untouched(), Drop())
    assert isinstance(one.request_bolus(), Unknown)
    other.replay(one.recorded[-1])
    assert other.channel.refused_at_pump == 1
    assert boluses(bench) == 0
    one.replay(one.recorded[-1])  # its own frame, kept back by an attacker, in time
    assert boluses(bench) == 1
    assert isinstance(one.settle(), Applied)


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_bytes_without_keys_reach_the_pump(data):
    client = INTRUDED.attach(Role.PHYSICIAN, f"intruder {data.hex()[:60]} {len(INTRUDED.clients)}")
    before = INTRUDED.believes.state._replace(alarms=(), log=(), log_head=b"", log_before=b"")
    client.inject(data)
    client.inject(data, Way.REPLY)
    after = INTRUDED.believes.state._replace(alarms=(), log=(), log_head=b"", log_before=b"")
    assert after == before
    assert client.channel.refused_at_pump == 1


INTRUDED, _ = infusing()


def test_what_a_pump_cannot_read_from_one_with_keys_has_no_answer_and_no_effect(bench):
    physician, before = bench.clients[0], bench.believes.state
    assert physician.exchange(b"nonsense") is None
    assert bench.believes.state == before
    assert physician.channel.refused_at_pump == 0  # the frame was sound


def test_a_pump_that_cannot_be_interrogated_is_not_programmed(bench):
    physician = bench.clients[0]
    physician.disturb(Way.REQUEST, Drop())
    assert physician.program(program(bench)) == NotApplied(NotSent())
    assert bench.attach(Role.PATIENT).program(program(bench)) == NotApplied(Refused(Reason.NOT_ALLOWED))


def test_five_bad_frames_within_ten_minutes_are_told_to_the_pump_as_abuse(bench):
    client = bench.attach(Role.PATIENT)
    for _ in range(4):
        client.inject(b"knock")
    bench.advance(10 * MINUTE_MS)
    client.inject(b"knock")
    assert Alarm.LINK_ABUSE not in bench.believes.alarms
    for _ in range(4):
        client.inject(b"knock")
    assert Alarm.LINK_ABUSE in bench.believes.alarms
    assert isinstance(client.read_status(), Status)


def test_several_programmers_of_each_role_speak_to_one_pump_at_once(bench):
    clients = [bench.attach(role) for role in Role for _ in range(2)]
    assert all(isinstance(client.read_status(), Status) for client in clients)
    by_role = {role: [client for client in clients if client.role is role] for role in Role}
    assert isinstance(by_role[Role.PATIENT][0].request_bolus(), Applied)
    answer = by_role[Role.PATIENT][1].request_bolus()
    assert answer.why.reason is Reason.BOLUS_RUNNING
    refused = by_role[Role.SERVICE][0].stop()
    assert refused == NotApplied(Refused(Reason.NOT_ALLOWED))
    assert by_role[Role.EMERGENCY][0].request_bolus() == NotApplied(Refused(Reason.NOT_ALLOWED))
    assert isinstance(by_role[Role.EMERGENCY][1].stop(), Applied)
    assert bench.believes.program.mode is Mode.STOPPED
    assert len({client.name for client in bench.clients}) == len(bench.clients)


def test_of_two_physicians_who_stage_over_the_same_program_one_commits(bench):
    one, other = bench.attach(Role.PHYSICIAN), bench.attach(Role.PHYSICIAN)
    found = one.interrogate()
    first = one.stage(program(bench, 480_000), found.program_hash)
    second = other.stage(program(bench, 120_000), found.program_hash)
    assert isinstance(one.commit(first.staged_hash), NotApplied)  # the second staging took its place
    assert isinstance(other.commit(second.staged_hash), Applied)
    assert bench.believes.program.steps[0].rate_nl_per_day == 120_000


def test_the_same_seed_gives_the_same_frames_and_another_others():
    def frames(seed):
        made, physician = infusing(seed=seed)
        made.advance(HOUR_MS)
        physician.read_status()
        return [frame.data for frame in physician.recorded]

    assert frames("one") == frames("one")
    assert not set(frames("one")) & set(frames("two"))


def test_what_is_said_is_not_to_be_read_in_the_air(bench):
    physician = bench.clients[0]
    physician.interrogate()
    assert not any(b"morphine" in frame.data for frame in physician.recorded)
    request = encode_request(Request(bytes(16), bounds.TICK.high, ReadStatus()))
    assert physician.exchange(request) is not None
    assert not any(request in frame.data for frame in physician.recorded)


faults = st.one_of(
    st.just(Untouched()),
    st.just(Drop()),
    st.just(Duplicate()),
    st.just(Reorder()),
    st.builds(Delay, st.integers(1, 60_000)),
    st.builds(Flip, st.integers(0, 400)),
    st.builds(Truncate, st.integers(0, 60)),
)


@given(st.lists(st.tuples(st.sampled_from(Way), faults), max_size=14), st.integers(0, 20_000))
@settings(max_examples=80, deadline=None)
def test_over_any_bad_link_each_request_has_at_most_one_effect_and_every_outcome_settles(disturbed, patience_ms):
    """Verify for any faults on any frames of a patient who asks, and asks again when the first is settled:
    - as many boluses were granted as the patient was told
    - once the link is quiet, what is unknown settles
    """
    made, _ = infusing()
    made.advance(2 * HOUR_MS)
    patient = made.attach(Role.PATIENT)
    patient.patience_ms = patience_ms
    for way, fault in disturbed:
        patient.disturb(way, fault)
    told = 0
    for _ in range(3):
        outcome = patient.request_bolus() if patient.pending is None else patient.settle()
        told += isinstance(outcome, Applied)
        made.advance(90 * MINUTE_MS)
    for way in Way:
        patient.channel.air.calm(way)
    if patient.pending is not None:
        outcome = patient.settle()
        assert isinstance(outcome, Applied | NotApplied)
        told += isinstance(outcome, Applied)
    assert boluses(made) == told
    assert made.believes.delivered_nl == made.left_tip_nl
