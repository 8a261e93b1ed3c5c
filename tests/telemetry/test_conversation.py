"""The programmer's end against a small honest pump and a link that loses what it likes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings

from tests.strategies import messages
from thecal.device import (
    Alarm,
    AlarmTest,
    CancelBolus,
    ClearAlarm,
    Commit,
    Done,
    Forgotten,
    Lasting,
    Mode,
    NeverSeen,
    Program,
    Query,
    ReadStatus,
    Reason,
    Refused,
    Reply,
    Request,
    Role,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    Settled,
    SilenceAlarm,
    Stage,
    Staged,
    Status,
    StopInfusion,
    program_hash,
)
from thecal.telemetry import (
    Applied,
    Forget,
    Malformed,
    NoAnswer,
    NoLongerKnown,
    NotApplied,
    NothingPending,
    NotSent,
    PendingCommand,
    Remember,
    Send,
    Session,
    Unknown,
    UnresolvedCommand,
    answer,
    carry_out,
    change,
    commit,
    decode_request,
    encode_reply,
    encode_request,
    interrogate,
    let_go,
    read_status,
    record_refill,
    request_bolus,
    settle,
    stage,
    stop_infusion,
)

PROGRAM = Program("SN-1", "P-1", Mode.STOPPED, (), None, (), (), 0, 0)
STATUS = Status(0, 0, Mode.STOPPED, 0, 0, 0, 0, (), (), None)
DOSING = {
    "stage": lambda session: stage(session, PROGRAM, b"h" * 32),
    "commit": lambda session: commit(session, b"h" * 32),
    "stop infusion": stop_infusion,
    "record refill": lambda session: record_refill(session, 20_000_000, ()),
    "request bolus": request_bolus,
    "cancel bolus": lambda session: change(session, CancelBolus()),
    "set clock": lambda session: change(session, SetClock(0, 60)),
    "silence alarm": lambda session: change(session, SilenceAlarm(Alarm.LOW_RESERVOIR, 60_000)),
    "clear alarm": lambda session: change(session, ClearAlarm(Alarm.CLOCK_UNCERTAIN)),
    "test alarm": lambda session: change(session, AlarmTest(critical=True)),
    "set alarm tones": lambda session: change(session, SetAlarmIntervals(600_000, 3_600_000)),
    "set library": lambda session: change(session, SetLibrary(None)),
}


@dataclass
class HonestPump:
    """Applies each command once and remembers it. ``refuses`` makes it refuse every dosing command.

    ``forgets`` makes it answer every query about the past as forgotten.
    """

    refuses: bool = False
    forgets: bool = False
    tick_ms: int = 1_000
    results: dict[bytes, Done | Refused | NeverSeen] = field(default_factory=dict)
    effects: list[Request] = field(default_factory=list)
    asked_due: list[int] = field(default_factory=list)

    def hear(self, data: bytes) -> bytes:
        self.tick_ms += 10
        request = decode_request(data)
        return encode_reply(Reply(request.command_id, self.tick_ms, b"a" * 32, self._answer(request)))

    def _answer(self, request: Request) -> Status | Settled | Staged | Done | Refused | NeverSeen:
        match request.command:
            case ReadStatus():
                return STATUS
            case Query() if self.forgets:
                return Settled(Forgotten())
            case Query(command_id, due_tick_ms):
                self.asked_due.append(due_tick_ms)
                return Settled(self.results.setdefault(command_id, NeverSeen()))
        if request.not_after_tick_ms < self.tick_ms or self.refuses:
            self.results[request.command_id] = Refused(Reason.LOCKOUT)
            return Refused(Reason.LOCKOUT)
        self.effects.append(request)
        self.results[request.command_id] = Done(self.tick_ms)
        if isinstance(request.command, Stage):
            return Staged(program_hash(PROGRAM), PROGRAM, 0, (), None, None, 0, 120_000)
        return Done(self.tick_ms)


@dataclass
class Link:
    """Carries each exchange as the plan says: "ok", "request lost", "reply lost", "noise" or "foreign"."""

    pump: HonestPump
    plan: list[str]
    sent: list[bytes] = field(default_factory=list)

    def exchange(self, data: bytes) -> bytes | None:
        self.sent.append(data)
        fate = self.plan.pop(0) if self.plan else "ok"
        if fate == "request lost":
            return None
        reply = self.pump.hear(data)
        return {
            "ok": reply,
            "reply lost": None,
            "noise": b"\xff\x00",
            "foreign": encode_reply(Reply(b"x" * 16, 2**40, b"a" * 32, Done(5))),
        }[fate]


class Store:
    def __init__(self) -> None:
        self.kept: PendingCommand | None = None
        self.remembered: list[PendingCommand] = []

    def remember(self, pending: PendingCommand) -> None:
        self.kept = pending
        self.remembered.append(pending)

    def forget(self, pending: PendingCommand) -> None:
        assert self.kept in (pending, None)
        self.kept = None


def lost(kind: str, *fates: str, forgets: bool = True) -> tuple[Link, Store, Session, Unknown]:
    """A command of this kind whose answer was lost, at a pump that will have forgotten it when it is asked."""
    link, store, session = Link(HonestPump(forgets=forgets), ["ok", "reply lost", *fates]), Store(), Session(new_ids())
    outcome = carry_out(DOSING[kind](session), link.exchange, store)
    assert isinstance(outcome, Unknown)
    return link, store, session, outcome


def new_ids():
    return (number.to_bytes(16, "big") for number in itertools.count(1)).__next__


FATES = ("ok", "request lost", "reply lost", "noise", "foreign")


@pytest.mark.parametrize("kind", DOSING)
@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize("fates", list(itertools.product(FATES, FATES, FATES)))
def test_whatever_the_link_loses_the_outcome_told_is_the_truth(kind, refuses, fates):
    """For every command, loss of any of the first three exchanges: one effect at most, and no guess about it."""
    link, store, session = Link(HonestPump(refuses), list(fates)), Store(), Session(new_ids())
    outcome = carry_out(DOSING[kind](session), link.exchange, store)
    if isinstance(outcome, Unknown):
        assert store.kept == session.pending == outcome.pending
        outcome = carry_out(settle(session), link.exchange, store)
    if isinstance(outcome, Unknown):
        outcome = carry_out(settle(session), link.exchange, store)  # the plan is used up: this one arrives
    assert store.kept is None
    assert session.pending is None
    assert len(link.pump.effects) == (0 if isinstance(outcome, NotApplied) else 1)
    if isinstance(outcome, NotApplied):
        assert refuses or not isinstance(outcome.why, Refused)


@pytest.mark.parametrize("kind", DOSING)
def test_a_dosing_command_is_written_down_before_it_is_sent_and_sent_once(kind):
    session, pump = Session(new_ids()), HonestPump()
    conversation = DOSING[kind](session)
    asked_time = next(conversation)
    assert isinstance(decode_request(asked_time.data).command, ReadStatus)
    remember = conversation.send(pump.hear(asked_time.data))
    assert isinstance(remember, Remember)
    assert session.pending == remember.pending
    assert (remember.pending.kind, remember.pending.tick_ms) == (kind, 1_010)
    send = conversation.send(None)
    assert send == Send(remember.pending.request)
    assert decode_request(send.data).not_after_tick_ms == 1_010 + 30_000
    assert conversation.send(pump.hear(send.data)) == Forget(remember.pending)
    with pytest.raises(StopIteration):
        conversation.send(None)
    assert session.pending is None


@pytest.mark.parametrize("kind", [kind for kind in DOSING if kind != "stop infusion"])
def test_no_dosing_command_while_an_earlier_one_is_unresolved(kind):
    link, store, session = Link(HonestPump(), ["ok", "reply lost"]), Store(), Session(new_ids())
    outcome = carry_out(request_bolus(session), link.exchange, store)
    assert isinstance(outcome, Unknown)
    sent = len(link.sent)
    with pytest.raises(UnresolvedCommand, match="command to request bolus is not known"):
        carry_out(DOSING[kind](session), link.exchange, store)
    assert len(link.sent) == sent
    next_visit = Session(new_ids(), PendingCommand.unpacked(store.kept.packed()))
    with pytest.raises(UnresolvedCommand):
        carry_out(DOSING[kind](next_visit), link.exchange, store)


def test_a_stop_settles_what_is_unresolved_and_then_stops():
    link, store, session = Link(HonestPump(), ["ok", "reply lost"]), Store(), Session(new_ids())
    carry_out(request_bolus(session), link.exchange, store)
    assert isinstance(carry_out(stop_infusion(session), link.exchange, store), Applied)
    assert isinstance(link.pump.effects[-1].command, StopInfusion)


def test_a_stop_that_cannot_settle_says_that_nothing_was_sent():
    link, store, session = Link(HonestPump(), ["ok", "reply lost", "request lost"]), Store(), Session(new_ids())
    carry_out(request_bolus(session), link.exchange, store)
    assert carry_out(stop_infusion(session), link.exchange, store) == NotApplied(NotSent())
    assert session.pending is not None


def test_a_conversation_broken_off_after_sending_leaves_the_command_unresolved():
    session, pump = Session(new_ids()), HonestPump()
    conversation = request_bolus(session)
    conversation.send(pump.hear(next(conversation).data))
    conversation.send(None)
    conversation.close()
    with pytest.raises(UnresolvedCommand):
        next(request_bolus(session))


def test_a_settled_command_that_never_arrived_can_never_act_later():
    link, store, session = Link(HonestPump(), ["ok", "request lost"]), Store(), Session(new_ids())
    unknown = carry_out(request_bolus(session), link.exchange, store)
    assert isinstance(unknown, Unknown)
    assert carry_out(settle(session), link.exchange, store) == NotApplied(NeverSeen())
    assert link.pump.results[unknown.pending.command_id] == NeverSeen()
    with pytest.raises(NothingPending):
        next(settle(session))


@pytest.mark.parametrize("kind", DOSING)
def test_a_query_tells_the_deadline_of_the_command_it_asks_about(kind):
    link, store, session, unknown = lost(kind, forgets=False)
    carry_out(settle(session), link.exchange, store)
    assert link.pump.asked_due == [decode_request(unknown.pending.request).not_after_tick_ms]


@pytest.mark.parametrize("kind", DOSING)
def test_a_command_that_the_pump_has_forgotten_stays_unresolved_until_somebody_lets_it_go(kind):
    """Verify: forgotten is neither applied nor not; it still blocks, and asking again changes nothing."""
    link, store, session, unknown = lost(kind)
    for _ in range(2):
        assert carry_out(settle(session), link.exchange, store) == NoLongerKnown(unknown.pending)
        assert store.kept == session.pending == unknown.pending
    with pytest.raises(UnresolvedCommand):
        carry_out(commit(session, b"h" * 32), link.exchange, store)
    carry_out(let_go(session, NoLongerKnown(unknown.pending)), link.exchange, store)
    assert store.kept is session.pending is None
    with pytest.raises(NothingPending):
        carry_out(let_go(session, NoLongerKnown(unknown.pending)), link.exchange, store)


def test_a_stop_does_not_wait_for_what_the_pump_has_forgotten():
    link, store, session, _ = lost("record refill")
    assert isinstance(carry_out(stop_infusion(session), link.exchange, store), Applied)
    assert isinstance(link.pump.effects[-1].command, StopInfusion)
    assert store.kept is session.pending is None


def test_readings_go_on_while_a_command_is_unresolved_and_carry_the_tick_forward():
    link, store, session = Link(HonestPump(), ["ok", "reply lost"]), Store(), Session(new_ids())
    carry_out(commit(session, b"h" * 32), link.exchange, store)
    assert carry_out(read_status(session), link.exchange, store) == STATUS
    assert session.latest_tick_ms == link.pump.tick_ms
    assert session.pending is not None


@pytest.mark.parametrize("fate", [fate for fate in FATES if fate != "ok"])
@pytest.mark.parametrize("reading", [interrogate, read_status])
def test_a_reading_without_its_own_reply_is_no_answer(fate, reading):
    session = Session(new_ids())
    assert carry_out(reading(session), Link(HonestPump(), [fate]).exchange, Store()) == NoAnswer()
    assert session.latest_tick_ms is None


@settings(max_examples=40, deadline=None)
@given(messages.requests.filter(lambda one: isinstance(one.command, Lasting)), messages.ticks)
def test_a_pending_command_survives_being_stored(request_sent, tick_ms):
    pending = PendingCommand.of(request_sent, encode_request(request_sent), tick_ms)
    assert PendingCommand.unpacked(pending.packed()) == pending


def test_a_stored_command_that_contradicts_itself_is_refused():
    data = encode_request(Request(b"i" * 16, 5, Commit(b"h" * 32)))
    with pytest.raises(Malformed, match="not the one its request spells"):
        PendingCommand(b"i" * 16, "request bolus", data, 5)


ALLOWED = {
    Role.PHYSICIAN: "Interrogate ReadStatus Query Stage Commit StopInfusion RecordRefill CancelBolus SetClock "
    "SilenceAlarm ClearAlarm AlarmTest SetAlarmIntervals SetLibrary",
    Role.PATIENT: "ReadStatus Query RequestBolus SilenceAlarm",
    Role.SERVICE: "Interrogate ReadStatus Query ClearAlarm",
    Role.EMERGENCY: "ReadStatus Query StopInfusion",
}


@pytest.mark.parametrize("role", Role)
@settings(max_examples=60, deadline=None)
@given(messages.requests)
def test_the_pump_end_lets_each_role_reach_only_its_own_commands(role, request_sent):
    allowed = type(request_sent.command).__name__ in ALLOWED[role].split()
    applied = []

    def apply(request, role):
        applied.append((request, role))
        return Reply(request.command_id, 7, b"a" * 32, Done(7))

    reply = answer(encode_request(request_sent), role, apply, 7, b"a" * 32)
    assert applied == ([(request_sent, role)] if allowed else [])
    expected = Done(7) if allowed else Refused(Reason.NOT_ALLOWED)
    assert reply == encode_reply(Reply(request_sent.command_id, 7, b"a" * 32, expected))


def test_a_malformed_request_reaches_nothing():
    with pytest.raises(Malformed):
        answer(b"\xa0", Role.PHYSICIAN, None, 7, b"a" * 32)
