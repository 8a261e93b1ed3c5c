"""The implant with its memory, driven by any rule after any other: every command of every role, every fact, time,
losses of power at any byte. After each rule all that can be seen from outside is counted anew.

``run(first_seed, last_seed)`` counts rules. A failure is told with the shortest story that Hypothesis found for it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from thecal.bench.device.memory import FragileMemory, PowerFailed
from thecal.device import (
    COMMAND_LIFE_MS,
    MAY,
    Alarm,
    Commit,
    Component,
    Done,
    PumpDescriptor,
    Reason,
    RecordRefill,
    Refused,
    Request,
    RequestBolus,
    Role,
    Settled,
    Stage,
    Staged,
    StopInfusion,
)
from thecal.device.commands import (
    AlarmTest,
    CancelBolus,
    ClearAlarm,
    Command,
    Interrogate,
    Lasting,
    Query,
    ReadStatus,
    SetAlarmIntervals,
    SetClock,
    SetLibrary,
    SilenceAlarm,
)
from thecal.implant import Implant, Recorded, replay
from thecal.pump import (
    BatteryRead,
    ClockUncertain,
    FieldEntered,
    FieldLeft,
    LinkAbused,
    LowBatteryReset,
    MemoryCorrected,
    MemoryFaultFound,
    MotorReported,
    SelfTest,
    SelfTested,
    SupervisorTripped,
    UpdatesFailed,
    manufacture,
    next_stroke_tick,
)
from thecal.pump.whole import Pump, SupervisorDied, SupervisorTicked
from thecal.telemetry import decode_reply, decode_request, encode_request
from verification.pump_outside import Outside
from verification.pump_tally import Tally
from verification.pump_written import any_program

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
PUMP = PumpDescriptor("test pump", 500, 20_000_000, 6_000, 24_000, 24_000_000)
FLUID = (Component("morphine", 1_000_000),)
EXAMPLES, STEPS = 140, 50
WAITS = (0, 1, SECOND, MINUTE, 11 * MINUTE, HOUR, HOUR, 5 * HOUR, 30 * HOUR)
FACTS: tuple[Recorded, ...] = (
    MemoryFaultFound(),
    MemoryCorrected(),
    MotorReported(1, 0),
    MotorReported(3, 0, of_bolus=1),
    MotorReported(0, 1),
    BatteryRead(90),
    LowBatteryReset(),
    SelfTested(None),
    SelfTested(SelfTest.CLOCK),
    FieldEntered(),
    FieldLeft(),
    LinkAbused(),
    UpdatesFailed(),
    ClockUncertain(),
    SupervisorTripped("a trial"),
)
CHANCE = st.integers(0, 2**32 - 1)


class LivingPump(RuleBasedStateMachine):
    """One implant, its memory and its motor."""

    rules = 0  # of all stories of this class

    def __init__(self) -> None:
        super().__init__()
        self.memory = FragileMemory()
        self.new = manufacture(PUMP, "P1", "T1", 20_000 * DAY, 0)
        self.implant = Implant.manufacture(self.new, self.memory)
        self.outside = Outside(self.implant)
        self.now_ms = 0
        self.sent = 0
        self.misses = 0
        self.begun = False
        self.wakes = False
        self.acted: list[tuple[Role, bytes, object]] = []
        self.staged: Staged | None = None
        self._tell(Role.PHYSICIAN, RecordRefill(20_000_000, FLUID))

    # what carries a rule out

    def _actuate(self, tick_ms: int) -> bool:
        if self.misses:
            self.misses -= 1
            return False
        self.outside.made.append(tick_ms)
        return True

    def _do(self, act: Callable[[], object]) -> object:
        """Do it; when the power fails in between, the pump comes back a little later."""
        try:
            return act()
        except PowerFailed:
            self._recover(MINUTE)
            return None

    def _recover(self, outage_ms: int) -> None:
        self.now_ms = max(self.now_ms, self.implant.tick_ms) + outage_ms
        while True:
            self.outside.losses += 1
            try:
                banks = self.memory.banks
                self.implant = Implant.recover(banks, self.memory, self.new, self.now_ms, self._actuate)
            except PowerFailed:
                continue
            break
        self.outside.implant = self.implant
        self.now_ms = self.implant.tick_ms
        self.wakes = True

    def _awake(self) -> None:
        """After an outage a pump starts and writes down what fell into it with its next step: this is that step."""
        while self.wakes:
            self.wakes = False
            self._wait(1)

    def _wait(self, for_ms: int) -> None:
        self.now_ms = max(self.now_ms, self.implant.tick_ms) + for_ms
        self._do(lambda: self.implant.advance(self.now_ms, self._actuate))

    def _tell(self, role: Role, command: Command) -> object:
        """One authenticated request, and its answer; None: the power failed."""
        self.sent += 1
        self._awake()
        tick_ms = self.implant.tick_ms
        request = Request(self.sent.to_bytes(16, "big"), tick_ms + COMMAND_LIFE_MS, command)
        data = encode_request(request)
        before, due = self.implant.state, next_stroke_tick(self.implant.state)
        data_back = self._do(lambda: self.implant.handle(role, data))
        if not isinstance(data_back, bytes):
            return None
        answer = decode_reply(data_back).answer
        after = self.implant.state
        if type(command) not in MAY[role]:
            assert answer == Refused(Reason.NOT_ALLOWED)
            assert after == before
        if isinstance(answer, Refused):
            assert next_stroke_tick(after) == due, "a refused command moved a stroke"
        if isinstance(command, Stage) and isinstance(answer, Staged):
            assert (after.program, after.numbers) == (before.program, before.numbers), "staging had an effect"
        if isinstance(command, StopInfusion) and isinstance(answer, Done):
            assert after.once is None
            assert after.running_bolus is None
        if isinstance(command, Lasting) and type(command) in MAY[role]:
            self.acted = [*self.acted[-20:], (role, data, answer)]
        return answer

    # people

    @rule(for_ms=st.sampled_from(WAITS))
    def time_passes(self, for_ms: int) -> None:
        self._wait(for_ms)

    @rule(source=CHANCE)
    def a_program_is_staged(self, source: int) -> None:
        found = self._tell(Role.PHYSICIAN, Interrogate())
        wanted = any_program(Random(source), found, FLUID)
        if wanted is not None:
            staged = self._tell(Role.PHYSICIAN, Stage(*wanted))
            self.staged = staged if isinstance(staged, Staged) else self.staged

    @precondition(lambda self: self.staged is not None)
    @rule(right=st.sampled_from((True, True, True, False)))
    def a_program_is_committed(self, right: bool) -> None:
        staged = self.staged
        assert staged is not None
        wanted = Commit(staged.staged_hash if right else bytes(32), staged.soft_limits)
        self._awake()
        before = self.implant.state.program
        answer = self._tell(Role.PHYSICIAN, wanted)
        if answer is not None and not isinstance(answer, Done):
            assert self.implant.state.program == before

    @rule(source=CHANCE)
    def a_program_is_written(self, source: int) -> None:
        self.a_program_is_staged(source)
        if self.staged is not None:
            self._tell(Role.PHYSICIAN, Commit(self.staged.staged_hash, self.staged.soft_limits))

    @initialize(source=CHANCE)
    def it_begins_with_a_program(self, source: int) -> None:
        self.all_is_put_right(source, 0)

    @rule(source=CHANCE, for_ms=st.sampled_from(WAITS))
    def all_is_put_right(self, source: int, for_ms: int) -> None:
        """A physician comes, whatever was wrong: memory, fluid and program are as they should be."""
        self.memory.cut_after(None)
        self.misses = 0
        self._tell(Role.SERVICE, ClearAlarm(Alarm.UPDATES_BLOCKED))
        self._tell(Role.PHYSICIAN, CancelBolus())
        self._tell(Role.PHYSICIAN, RecordRefill(20_000_000, FLUID))
        self.a_program_is_written(source)
        self._wait(for_ms)

    @rule(times=st.integers(1, 3), hours=st.integers(0, 8))
    def the_patient_asks(self, times: int, hours: int) -> None:
        for _ in range(hours):
            self._wait(HOUR)
            self._tell(Role.PATIENT, RequestBolus())
        for _ in range(times):
            self._tell(Role.PATIENT, RequestBolus())

    @rule(volume_nl=st.sampled_from((0, 400, 30_000, 500_000, 20_000_000, 20_000_000)))
    def a_refill_is_told(self, volume_nl: int) -> None:
        self._tell(Role.PHYSICIAN, RecordRefill(volume_nl, FLUID))

    @rule(role=st.sampled_from(Role), source=CHANCE)
    def anybody_says_anything(self, role: Role, source: int) -> None:
        chance, alarm, state = Random(source), Random(source).choice(list(Alarm)), self.implant.state
        command = chance.choice(
            (
                *(Interrogate(), ReadStatus(), StopInfusion(), CancelBolus(), RequestBolus(), SetLibrary(None)),
                *(SilenceAlarm(alarm, HOUR), ClearAlarm(alarm), AlarmTest(critical=True)),
                SetAlarmIntervals(chance.choice((10 * MINUTE, HOUR)), HOUR),
                SetClock(max(0, state.utc_ms + chance.randint(-3 * DAY, 3 * DAY)), chance.choice((0, 60, -300))),
                Stage(state.program, bytes(32)),
                Query(chance.randbytes(16), state.tick_ms + chance.randint(0, COMMAND_LIFE_MS)),
            )
        )
        self._tell(role, command)

    # the same again

    @precondition(lambda self: self.acted)
    @rule(back=st.integers(0, 20))
    def a_request_comes_again(self, back: int) -> None:
        role, data, answer = self.acted[-1 - back % len(self.acted)]
        self._awake()
        state = self.implant.state
        again = self._do(lambda: self.implant.handle(role, data))
        if isinstance(again, bytes):
            now = decode_reply(again).answer
            forgotten = isinstance(now, Refused) and now.reason in (Reason.TOO_LATE, Reason.MEMORY_FAULT, Reason.BUSY)
            assert now == answer or forgotten, "a repeated request got another answer"
            after = self.implant.state
            assert after._replace(log=state.log, log_before=state.log_before, log_head=state.log_head) == state

    @precondition(lambda self: self.acted)
    @rule(back=st.integers(0, 20))
    def somebody_asks_what_became_of_it(self, back: int) -> None:
        role, data, answer = self.acted[-1 - back % len(self.acted)]
        command_id = decode_request(data).command_id
        if Query not in MAY[role]:
            return
        settled = self._tell(role, Query(command_id, self.implant.tick_ms))
        if isinstance(settled, Settled) and isinstance(settled.outcome, Done):
            assert isinstance(answer, Done | Staged), "what was refused is called done"
        if isinstance(settled, Settled) and isinstance(settled.outcome, Refused):
            assert settled.outcome == answer

    # facts, motor, supervisor, power

    @rule(fact=st.sampled_from(FACTS))
    def a_fact_befalls_it(self, fact: Recorded) -> None:
        before = self.implant.state.strokes_total
        self.outside.motor_was_told = isinstance(fact, MotorReported)
        self._do(lambda: self.implant.happens(fact))
        if isinstance(fact, MotorReported):
            self.outside.told_otherwise += self.implant.state.strokes_total - before

    @rule(strokes=st.integers(1, 5))
    def the_motor_will_miss(self, strokes: int) -> None:
        self.misses += strokes

    # A report of the motor, or a start, while the controller catches up is a known defect: tests/pump/test_stateful.py
    @precondition(lambda self: not (self.misses or self.implant.state.motor.unconfirmed or self.implant.state.waiting))
    @rule(silent_ms=st.sampled_from((1, 60 * SECOND, 89 * SECOND, 90 * SECOND, 200 * SECOND)))
    def the_controller_is_silent(self, silent_ms: int) -> None:
        tick_ms = self.implant.tick_ms + silent_ms
        self._do(lambda: self.implant.happens(SupervisorTicked(), tick_ms))
        self._wait(silent_ms)

    @precondition(lambda self: self.sent > 150)
    @rule()
    def the_supervisor_dies(self) -> None:
        self._do(lambda: self.implant.happens(SupervisorDied()))

    @rule(count=st.integers(1, 2_500))
    def the_power_will_fail_at_a_byte(self, count: int) -> None:
        self.memory.cut_after(count)

    @rule(outage_ms=st.sampled_from((0, 1, MINUTE, MINUTE, 11 * MINUTE, 5 * HOUR, 3 * DAY)))
    def the_power_fails_now(self, outage_ms: int) -> None:
        self._do(lambda: self._recover(outage_ms))

    @rule()
    def the_memory_is_read(self) -> None:
        read = replay(self.memory.banks)
        assert read.damage is None
        assert not read.corrected
        assert read.pump == Pump(self.implant.state, self.implant.guard), "the memory holds another pump"

    @invariant()
    def nothing_is_seen_that_must_not_be(self) -> None:
        type(self).rules += self.begun  # it is asked once after each rule, and once before the first
        self.begun = True
        self.outside.look()


def played(seeded: int, examples: int = EXAMPLES, steps: int = STEPS) -> int:
    """Play so many stories of this seed. Returns how many rules they had. Raises AssertionError with a story."""
    machine: Any = seed(seeded)(type("Living", (LivingPump,), {"rules": 0}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )
    return int(machine.rules)


def run(first_seed: int, last_seed: int) -> Tally:
    """Play the stories of these seeds, both included; ``done`` counts rules."""
    rules, failures = 0, []
    for each in range(first_seed, last_seed + 1):
        try:
            rules += played(each)
        except Exception as wrong:  # noqa: BLE001 - whatever a story raises is a failure to be told
            found = wrong.exceptions if isinstance(wrong, ExceptionGroup) else (wrong,)
            failures += [f"seed {each}: {one!r}: {' | '.join(getattr(one, '__notes__', ()))}" for one in found]
    return Tally(rules, tuple(failures))
