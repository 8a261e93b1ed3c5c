"""At most one effect, judged by a reference that forgets nothing: stories of copies, questions and lost memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.bedside import MADE
from tests.oracle.programs import FLUID
from thecal.device import (
    COMMAND_LIFE_MS,
    Commit,
    Done,
    Forgotten,
    NeverSeen,
    Query,
    Reason,
    RecordRefill,
    Refused,
    Request,
    Role,
    Settled,
)
from thecal.pump import Answered, CommandReceived, MemoryFaultFound, PumpState, TimePassed, step

WAITS = (0, 1, 100, 10_000, COMMAND_LIFE_MS - 1, COMMAND_LIFE_MS, COMMAND_LIFE_MS + 1)
AHEAD = (-1, 0, 1, 100, 15_000, COMMAND_LIFE_MS - 1, COMMAND_LIFE_MS, COMMAND_LIFE_MS, COMMAND_LIFE_MS)
TOO_FAR = (COMMAND_LIFE_MS + 1, 2 * COMMAND_LIFE_MS, 2**52)


@dataclass
class Once:
    """A pump, every request ever made, and what each of them really did."""

    state: PumpState = MADE
    made: list[Request] = field(default_factory=list)
    acted: dict[bytes, int] = field(default_factory=dict)
    final: dict[bytes, str] = field(default_factory=dict)  # told that it did not act, or never will
    far: set[bytes] = field(default_factory=set)  # refused as due too far ahead: that is the one refusal not final
    told: list[str] = field(default_factory=list)

    def make(self, ahead_ms: int, command: RecordRefill | Commit) -> Request:
        number = len(self.made) + 1
        self.made.append(Request(number.to_bytes(16, "big"), max(0, self.state.tick_ms + ahead_ms), command))
        return self.made[-1]

    def happen(self, event):
        before = self.state.log[-1].sequence
        after = step(self.state, event, self.state.tick_ms)
        self.state = after.state
        answers = [effect.reply.answer for effect in after.effects if isinstance(effect, Answered)]
        return (answers or [None])[0], self.state.log[-1].sequence - before

    def wait(self, ms: int) -> None:
        self.told.append(f"wait {ms}")
        self.state = step(self.state, TimePassed(), self.state.tick_ms + ms).state

    def send(self, request: Request) -> None:
        now = self.state.tick_ms
        if request.not_after_tick_ms > now + COMMAND_LIFE_MS:
            self.far.add(request.command_id)
        answer, effects = self.happen(CommandReceived(request, Role.PHYSICIAN))
        self.told.append(f"{now}: {request} answered {answer}")
        if effects:
            assert isinstance(answer, Done), self.story()
            assert request.command_id not in self.acted, self.story()
            assert request.command_id not in self.final, self.story()
            self.acted[request.command_id] = now
        if isinstance(answer, Done):
            assert self.acted[request.command_id] == answer.at_tick_ms, self.story()
        elif request.command_id not in self.far:
            self.final[request.command_id] = f"refused at {now}"

    def ask(self, request: Request) -> None:
        now, known = self.state.tick_ms, request.command_id in self.acted
        query = Query(request.command_id, request.not_after_tick_ms)
        answer, effects = self.happen(CommandReceived(Request(b"the question....", 2**53, query), Role.PHYSICIAN))
        self.told.append(f"{now}: asked about {request}, answered {answer}")
        assert not effects, self.story()
        match answer:
            case Settled(Done(at_tick_ms)):
                assert self.acted[request.command_id] == at_tick_ms, self.story()
            case Settled(Refused() | NeverSeen()):
                assert not known, self.story()
            case Settled(Forgotten()):
                pass
            case Refused(Reason.BUSY):  # nothing is promised before the deadline: it might be a stop, which always acts
                assert now <= request.not_after_tick_ms, self.story()
                return
            case _:
                assert answer == Refused(Reason.DEADLINE_TOO_FAR), self.story()
                assert request.not_after_tick_ms > now + COMMAND_LIFE_MS, self.story()
        if request.not_after_tick_ms <= now + COMMAND_LIFE_MS and request.command_id not in self.far:
            self.final[request.command_id] = f"{answer} at {now}"

    def lose_the_memory(self) -> None:
        self.told.append("memory lost")
        self.state = self.state._replace(ring=(), horizons=())
        self.happen(MemoryFaultFound())

    def story(self) -> str:
        return "\n".join(self.told)


def tell(chance: Random, acts: int) -> Once:
    """A random story. A copy or a question is mostly about one of the latest requests."""
    once = Once()
    for _ in range(acts):
        act = chance.choices(["send", "make", "copy", "ask", "wait", "lose"], [8, 3, 6, 6, 5, 0.1])[0]
        if act in {"send", "make"} or not once.made:
            command = chance.choice(
                [RecordRefill(len(once.made), FLUID), RecordRefill(len(once.made), FLUID), Commit(b"h" * 32)]
            )
            request = once.make(chance.choice(TOO_FAR if chance.random() < 0.05 else AHEAD), command)
            if act == "send":
                once.send(request)
        elif act == "copy":
            once.send(chance.choice(once.made[-chance.choice([1, 3, 6, 40]) :]))
        elif act == "ask":
            once.ask(chance.choice(once.made[-chance.choice([1, 3, 6, 40]) :]))
        elif act == "wait":
            once.wait(chance.choice(WAITS))
        else:
            once.lose_the_memory()
    return once


@pytest.fixture(autouse=True, scope="module")
def short_rings():
    """Four results instead of 64, so that a short story pushes many out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("thecal.pump.controller.ring.RING_SIZE", 4)
        yield


def test_no_copy_acts_twice_and_no_answer_about_a_command_is_false():
    """Verify, in many stories:
    - a command acts once at most, and never after it was refused or a query was answered about it (except one that was
      first sent with a deadline too far ahead: it may act once when its deadline is near, see docs/models/pump.md)
    - a query answers done only of what acted, and refused or never seen only of what did not
    - all kinds of answers really occur
    """
    told = ""
    for seed in range(150):
        once = tell(Random(seed), 120)
        told += once.story()
        assert len(once.acted) > 2
    for answer in ("Forgotten()", "NeverSeen()", "TOO_LATE", "DEADLINE_TOO_FAR", "BUSY", "MEMORY_FAULT", "Done("):
        assert told.count(answer) > 20, answer


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=True))
def test_no_copy_acts_twice_in_stories_of_chance(chance):
    tell(chance, 80)
