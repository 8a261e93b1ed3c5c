"""At most one effect for each id: results, marks, horizons; deadlines; and a stop that always acts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import HOUR, MINUTE, program
from tests.pump.situations import COMMANDS, command_of, in_situation, next_program, role_for
from thecal.device import (
    COMMAND_LIFE_MS,
    Done,
    Forgotten,
    Mode,
    NeverSeen,
    Query,
    Reason,
    Refused,
    Request,
    RequestBolus,
    Role,
    Settled,
    Stage,
    Staged,
    StopInfusion,
    program_hash,
)
from thecal.pump import CommandReceived
from thecal.pump.controller.situations import Situation
from thecal.pump.controller.state import RING_SIZE


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("now", Situation)
def test_the_same_id_has_one_effect_and_one_answer(now, kind):
    """Verify, for each cell: sent again, at once or later than its deadline, it gets its answer and does nothing."""
    pump = in_situation(now)
    role = role_for(kind)
    request = Request(b"once" * 4, pump.state.tick_ms + 30_000, command_of(kind, pump))
    first = pump.event(CommandReceived(request, role))
    state = pump.state
    assert pump.event(CommandReceived(request, role)) == first
    assert pump.state == state
    pump.wait(HOUR)
    state = pump.state
    assert pump.event(CommandReceived(request, role)) == first
    assert pump.state == state


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_late_command_is_refused_and_stays_refused(kind):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    role = role_for(kind)
    before = pump.state
    late = Request(b"late" * 4, pump.state.tick_ms - 1, command_of(kind, pump))
    answer = pump.event(CommandReceived(late, role))
    assert (answer.reason, pump.state.program, pump.state.boluses) == (Reason.TOO_LATE, before.program, before.boluses)
    on_time = Request(b"late" * 4, pump.state.tick_ms, late.command)
    assert pump.event(CommandReceived(on_time, role)).reason is Reason.TOO_LATE


def test_a_query_settles_what_became_of_a_command():
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    stage, stop, press = b"a" * 16, b"b" * 16, b"c" * 16
    pump.send(Stage(program((0, 480_000)), program_hash(pump.state.program)), command_id=stage)
    assert pump.send(Query(stage, pump.due())) == Settled(Done(5 * HOUR))
    pump.wait(MINUTE)
    pump.send(RequestBolus(), Role.PATIENT, command_id=press)
    pump.send(StopInfusion(), command_id=stop)
    pump.wait(MINUTE)
    assert pump.send(Query(stop, pump.due())) == Settled(Done(5 * HOUR + MINUTE))
    assert pump.send(Query(press, pump.due()), Role.PATIENT) == Settled(Done(5 * HOUR + MINUTE))
    again = b"d" * 16
    refused = pump.send(RequestBolus(), Role.PATIENT, command_id=again)
    assert pump.send(Query(again, pump.due()), Role.PATIENT) == Settled(refused)


def test_an_id_that_a_query_marked_never_acts():
    """Verify: never seen is final, also when the command arrives in time after all (scenario F07)."""
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    lost = b"lost" * 4
    assert pump.send(Query(lost, pump.due()), Role.PATIENT) == Settled(NeverSeen())
    assert pump.send(RequestBolus(), Role.PATIENT, command_id=lost) == Refused(Reason.TOO_LATE)
    assert pump.state.running_bolus is None
    assert pump.send(Query(lost, pump.due()), Role.PATIENT) == Settled(NeverSeen())


def test_64_results_are_kept_for_each_role_and_neither_pushes_out_the_other():
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    first, due = b"first   physician"[:16], pump.due()
    pump.send(StopInfusion(), command_id=first)
    for number in range(200):
        pump.send(Query(number.to_bytes(16, "little"), pump.due()), Role.PATIENT)
    assert pump.send(Query(first, due)) == Settled(Done(5 * HOUR))
    for _ in range(RING_SIZE - 2):
        assert pump.send(StopInfusion()) == Done(5 * HOUR)
    pump.wait(COMMAND_LIFE_MS + 1)
    pump.send(StopInfusion())  # in place of the staging before it
    assert pump.send(Query(first, due)) == Settled(Done(5 * HOUR))
    pump.send(StopInfusion())
    assert pump.send(Query(first, due)) == Settled(Forgotten())
    assert [len(each.results) for each in pump.state.ring] == [RING_SIZE, RING_SIZE]


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_deadline_further_ahead_than_30_s_is_refused_whatever_is_asked(kind):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    role = role_for(kind)
    before = pump.state
    for number, far in enumerate((pump.due() + 1, 2**53)):
        request = Request(number.to_bytes(16, "little"), far, command_of(kind, pump))
        assert pump.event(CommandReceived(request, role)).reason is Reason.DEADLINE_TOO_FAR
        assert pump.event(CommandReceived(request, role)).reason is Reason.DEADLINE_TOO_FAR
    assert (pump.state.program, pump.state.staged, pump.state.boluses) == (
        before.program,
        before.staged,
        before.boluses,
    )


@pytest.mark.parametrize("kind", [kind for kind in COMMANDS if kind is not StopInfusion])
def test_one_command_too_many_in_30_s_has_no_effect_whatever_is_asked(kind):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    role = role_for(kind)
    for number in range(RING_SIZE):
        pump.send(Query(number.to_bytes(16, "little"), pump.due()), role)
    before = pump.state
    request = Request(b"many" * 4, pump.due(), command_of(kind, pump))
    assert pump.event(CommandReceived(request, role)).reason is Reason.BUSY
    same = before._replace(horizons=pump.state.horizons)
    if kind is RequestBolus:  # a refused bolus is logged
        same = same._replace(log=pump.state.log, log_head=pump.state.log_head)
    assert pump.state == same
    pump.wait(COMMAND_LIFE_MS)
    assert pump.event(CommandReceived(request, role)).reason is Reason.BUSY
    pump.wait(1)
    assert pump.event(CommandReceived(request, role)).reason is Reason.TOO_LATE
    assert pump.send(command_of(kind, pump), role) != Refused(Reason.BUSY)


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.EMERGENCY])
def test_a_stop_acts_however_many_commands_came_before_it(role):
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    for number in range(RING_SIZE + 5):
        pump.send(Query(number.to_bytes(16, "little"), pump.due()), role)
    assert isinstance(pump.send(StopInfusion(), role), Done)
    assert pump.state.program.mode is Mode.STOPPED


def test_after_a_stop_that_could_not_be_remembered_no_program_starts_until_no_copy_of_it_can_come():
    """Verify: the commit is refused for that long, a copy of the stop changes nothing, then the commit is taken."""
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    for number in range(RING_SIZE):
        pump.send(Query(number.to_bytes(16, "little"), pump.due()), Role.EMERGENCY)
    stop = Request(b"stop" * 4, pump.due(), StopInfusion())
    pump.event(CommandReceived(stop, Role.EMERGENCY))
    stopped = pump.state
    assert isinstance(pump.event(CommandReceived(stop, Role.EMERGENCY)), Done)
    assert pump.state == stopped
    staged = pump.stage(next_program(pump))
    assert isinstance(staged, Staged)
    pump.wait(COMMAND_LIFE_MS)
    assert pump.commit_staged(staged) == Refused(Reason.BUSY)
    pump.wait(1)
    assert isinstance(pump.commit_staged(staged), Done)
    assert pump.event(CommandReceived(stop, Role.EMERGENCY)) == Refused(Reason.TOO_LATE)
    assert pump.state.program.mode is Mode.SIMPLE_CONTINUOUS


def test_a_query_that_cannot_be_marked_promises_nothing_until_the_command_is_too_late():
    """Verify, for a stop that is still on its way: it acts when it comes, so it was not said to be never seen."""
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    for number in range(RING_SIZE):
        pump.send(Query(number.to_bytes(16, "little"), pump.due()))
    stop = Request(b"stop" * 4, pump.due(), StopInfusion())
    ask = Query(stop.command_id, stop.not_after_tick_ms)
    assert pump.send(ask) == Refused(Reason.BUSY)
    pump.event(CommandReceived(stop, Role.PHYSICIAN))
    assert pump.state.program.mode is Mode.STOPPED
    pump.wait(COMMAND_LIFE_MS + 1)
    assert pump.send(ask) == Settled(Forgotten())


ACTS = st.sampled_from(
    ["stop", "stop", "copy", "copy", "start", "start", "fill", "ask", "crowd", "crowd", "wait", "long"]
)


BY = st.sampled_from([Role.EMERGENCY, Role.EMERGENCY, Role.EMERGENCY, Role.PHYSICIAN])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ACTS, BY, st.sampled_from([0, 0, 0, 1, 2, 7])), min_size=40, max_size=80))
def test_every_stop_acts_when_it_comes_and_none_acts_twice(story):
    """Verify, with rings of four results that are often full, copies, queries and programs that start again in between:
    - a stop that comes in time for the first time, not settled by a query before, leaves the pump stopped
    - a copy of a stop that was answered never stops a pump that has been started since
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("thecal.pump.controller.ring.RING_SIZE", 4)
        pump = in_situation(Situation.SIMPLE_CONTINUOUS)
        sent, answered, settled = [], set(), set()
        for act, role, number in story:
            if act == "stop":
                sent.append((Request(len(sent).to_bytes(16, "little"), pump.due() - number, StopInfusion()), role))
            if act in ("stop", "copy") and sent:
                request, by = sent[-1 - (number % len(sent) if act == "copy" else 0)]
                before = pump.state.program.mode
                pump.event(CommandReceived(request, by))
                key = (request.command_id, by)
                if key in answered or key in settled:
                    assert pump.state.program.mode is before
                elif pump.state.tick_ms <= request.not_after_tick_ms:
                    assert pump.state.program.mode is Mode.STOPPED
                answered.add(key)
            elif act == "ask":
                request = Request((1_000 + len(sent)).to_bytes(16, "little"), pump.due(), StopInfusion())
                if isinstance(pump.send(Query(request.command_id, request.not_after_tick_ms), role), Settled):
                    settled.add((request.command_id, role))
                sent.append((request, role))
            elif act == "start" and isinstance(staged := pump.stage(next_program(pump)), Staged):
                pump.commit_staged(staged)
            elif act == "crowd":
                for place in range(4):
                    pump.send(Query(f"crowd {len(sent):04d}{number}{place}    ".encode()[:16], pump.due()), role)
            elif act == "fill":
                pump.refill()
            elif act in ("wait", "long"):
                pump.wait(COMMAND_LIFE_MS + number if act == "long" else 1_000 * number)


def test_a_patient_cannot_mark_a_physicians_command():
    pump = in_situation(Situation.SIMPLE_CONTINUOUS)
    stop = b"stop" * 4
    assert pump.send(Query(stop, pump.due()), Role.PATIENT) == Settled(NeverSeen())
    assert isinstance(pump.send(StopInfusion(), command_id=stop), Done)
