"""The implant with its memory under any rule after any other (more: ``verification.pump_stateful``)."""

import pytest
from verification.pump_stateful import LivingPump, played

from tests.pump.driven import DAY, HOUR, MINUTE, PUMP, SECOND, program, treated
from thecal.bench.pump_memory import BenchMemory
from thecal.device import Commit, LogKind, RecordRefill, Request, Role, Stage, program_hash
from thecal.implant import Implant
from thecal.pump import SupervisorTripped, manufacture
from thecal.pump.whole import SupervisorTicked
from thecal.telemetry import decode_reply, encode_request

EXAMPLES, STEPS = 30, 50


def infusing(wanted):
    """An implant that was filled and runs this program from tick 0."""
    implant = Implant.manufacture(manufacture(PUMP, "P1", "T1", 20_000 * DAY, 0), BenchMemory())

    def tell(number, command):
        request = Request(number.to_bytes(16, "big"), implant.tick_ms + 30 * SECOND, command)
        return decode_reply(implant.handle(Role.PHYSICIAN, encode_request(request))).answer

    tell(1, RecordRefill(20_000_000, wanted.components))
    staged = tell(2, Stage(wanted, program_hash(implant.state.program)))
    tell(3, Commit(staged.staged_hash))
    return implant


def hangs(implant, silent_ms, actuate=lambda _tick_ms: True):
    """The supervisor's clock runs ahead of a controller that hangs, wakes and catches up; why it then trips, if so."""
    at_ms = implant.tick_ms + silent_ms
    implant.happens(SupervisorTicked(), at_ms)
    implant.advance(at_ms, actuate)
    return implant.guard.trip


def test_whatever_happens_to_it_what_is_seen_from_outside_is_right():
    assert played(1, EXAMPLES, STEPS) > EXAMPLES * STEPS // 2


def test_the_same_seed_plays_the_same_rules():
    assert played(3, 3, 20) == played(3, 3, 20)


def test_a_stroke_that_nobody_counted_is_seen():
    class Forgetful(LivingPump):
        def _actuate(self, tick_ms):
            self.outside.made.append(tick_ms)
            return super()._actuate(tick_ms)

    pump = Forgetful()
    pump.it_begins_with_a_program(1)
    pump.begun = True
    pump.nothing_is_seen_that_must_not_be()
    pump.time_passes(30 * HOUR)
    with pytest.raises(AssertionError, match=r"counted and not made|ceiling|strokes in 24 h"):
        pump.nothing_is_seen_that_must_not_be()


def test_a_controller_that_hangs_for_less_than_90_s_catches_up():
    implant = infusing(program((0, 1_440_000)))
    assert hangs(implant, 89 * SECOND) is None


def test_a_stroke_missed_while_it_catches_up_is_no_time_that_ran_backwards():
    implant = infusing(program((0, 1_440_000)))
    turns = iter((False,))
    assert hangs(implant, 89 * SECOND, lambda _tick_ms: next(turns, True)) is None


def test_a_delayed_start_while_it_catches_up_is_no_time_that_ran_backwards():
    implant = infusing(program((0, 240_000), begins_utc_ms=20_000 * DAY + MINUTE))
    assert hangs(implant, 89 * SECOND) is None


def test_each_delayed_program_that_does_not_start_is_in_the_log():
    pump = treated(program((0, 240_000)))
    pump.event(SupervisorTripped("a trial"))  # nothing delayed starts while it stands
    for times in (1, 2):
        pump.commit(program((0, 480_000), begins_utc_ms=pump.state.utc_ms + HOUR))
        pump.wait(2 * HOUR)
        assert pump.state.waiting is None
        assert pump.logged().count(LogKind.PROGRAM_NOT_STARTED) == times
