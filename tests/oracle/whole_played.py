"""Stories of a whole pump, both layers, with everything a program may hold and every setting of the clock."""

from __future__ import annotations

from random import Random

from tests.oracle.calendar import DAY
from tests.oracle.oracle import Reference
from tests.oracle.played import Played, moment
from tests.oracle.prescriptions import HOUR, MINUTE, random_prescription
from tests.oracle.programs import FLUID
from thecal.device import (
    Alarm,
    BolusKind,
    CancelBolus,
    Commit,
    Interrogate,
    LogKind,
    Mode,
    Program,
    PumpDescriptor,
    Reason,
    RecordRefill,
    Refused,
    Report,
    Role,
    SetClock,
    Stage,
    Staged,
    StopInfusion,
    head_of,
    program_hash,
)
from thecal.pump import next_stroke_tick

ON_TOP = {BolusKind.PATIENT, BolusKind.PERIODIC}


class WholePlayed(Played):
    """One pump, controller and supervisor, and the facts it is held against."""

    reference: Reference
    outcomes: dict[str, int]

    def __init__(self, descriptor: PumpDescriptor, utc_at_tick_zero_ms: int, clock_offset_min: int) -> None:
        super().__init__(descriptor, utc_at_tick_zero_ms, clock_offset_min)
        self.outcomes = {}
        self.committed = 0

    def counted(self, what: str, answer: object) -> None:
        """Keep how often each answer came."""
        name = answer.reason.name if isinstance(answer, Refused) else type(answer).__name__
        self.outcomes[f"{what}: {name}"] = self.outcomes.get(f"{what}: {name}", 0) + 1

    def expect(self, what: str, answer: object, reason: Reason | None) -> None:
        """The answer is this refusal, or none."""
        self.counted(what, answer)
        actual = answer.reason if isinstance(answer, Refused) else None
        assert actual is reason, f"{what}: {answer} instead of {reason}\n{self.story()}"

    # Acts

    def commit(self, program: Program) -> None:
        """A physician programs the pump, or is refused for what the facts say."""
        self.told.append(f"commit {program} at {self.now}")
        reference, now = self.reference, self.now
        staged = self.ask(Stage(program, program_hash(self.state.program)), Role.PHYSICIAN)
        undecided = reference.undecided(program, now)
        self.expect("stage", staged, undecided)
        if undecided is not None:
            return
        assert isinstance(staged, Staged)
        running = reference.running(now)
        on_top = running is not None and running.kind in ON_TOP
        answer = self.ask(Commit(staged.staged_hash, staged.soft_limits), Role.PHYSICIAN)
        self.expect("commit", answer, Reason.BOLUS_RUNNING if on_top else None)
        if not on_top:
            self.committed += 1
            reference.commit(program, now)
            if reference.waiting is None:
                self.limits.append((now, program.volume_limit_nl_per_24h))

    def stop(self) -> None:
        """A physician stops the pump."""
        self.told.append(f"stop at {self.now}")
        was = self.state.program.mode
        self.expect("stop", self.ask(StopInfusion(), Role.PHYSICIAN), None)
        assert self.state.program.mode is Mode.STOPPED
        self.reference.waiting = None
        if was is not Mode.STOPPED:
            self.reference.stop(self.state.program, self.now)
            self.limits.append((self.now, 0))

    def refill(self, volume_nl: int) -> None:
        """A physician tells the pump what it holds."""
        self.told.append(f"refill {volume_nl} at {self.now}")
        running = self.reference.running(self.now)
        answer = self.ask(RecordRefill(volume_nl, FLUID), Role.PHYSICIAN)
        self.expect("refill", answer, Reason.REFILL_DURING_BOLUS if running else None)
        if not running:
            self.reference.refill(volume_nl, self.now)

    def cancel(self) -> None:
        """A physician cancels whatever bolus runs; a bridge must be decided upon."""
        self.told.append(f"cancel at {self.now}")
        running = self.reference.running(self.now)
        bridge = running is not None and running.kind is BolusKind.BRIDGE
        expected = Reason.NO_BOLUS_RUNNING if running is None else Reason.BRIDGE_UNDECIDED if bridge else None
        answer = self.ask(CancelBolus(), Role.PHYSICIAN)
        self.expect("cancel", answer, expected)
        if expected is None:
            self.reference.cancel(self.now)

    def set_clock(self, utc_ms: int, offset_min: int) -> None:
        """A physician sets the clock; not while a bolus runs."""
        self.told.append(f"clock set to {utc_ms}, offset {offset_min} min, at {self.now}")
        running = self.reference.running(self.now)
        answer = self.ask(SetClock(utc_ms, offset_min), Role.PHYSICIAN)
        far = self.reference.would_hold(self.now) - utc_ms - offset_min * MINUTE > DAY
        expected = Reason.CLOCK_DURING_BOLUS if running else Reason.PROGRAM_OUT_OF_RANGE if far else None
        self.expect("clock", answer, expected)
        if expected is None:
            self.reference.set_clock(utc_ms, offset_min, self.now)
            self.wait(self.now)

    # Comparison

    def compare(self) -> None:
        """Counts and fill as before; and what the pump shows of once boluses, bridges and what waits."""
        super().compare()
        reference, story = self.reference, self.story
        report = self.ask(Interrogate(), Role.PHYSICIAN)
        assert isinstance(report, Report)
        status, running = report.status, reference.running(self.now)
        stroke_nl = reference.descriptor.stroke_nl
        assert report.once_strokes_total == reference.once_made(self.now), story()
        if running is not None and running.once:
            assert status.once is not None, story()
            made = reference.given_made(running, self.now)
            shown = (status.once.kind, status.once.delivered_nl, status.once.ends_in_ms)
            assert shown == (running.kind, made * stroke_nl, running.end - self.now), story()
        else:
            assert status.once is None, story()
        left = None if reference.bridge_left is None else reference.bridge_left * stroke_nl
        assert status.bridge_left_nl == left, story()
        waiting = None if reference.waiting is None else program_hash(reference.waiting)
        assert (status.waiting.program_hash if status.waiting else None) == waiting, story()
        if reference.program is not None and running is None:
            assert status.rate_nl_per_day == reference.rate(self.now), story()
        assert (Alarm.PROGRAM_NOT_STARTED in status.alarms) == reference.alarmed, story()

    def check_countdown(self, refusal: Refused) -> None:
        """As it is promised when nothing else happens: no other program, and no bolus that comes by itself."""
        program = self.reference.program
        if self.reference.waiting is None and (program is None or program.periodic is None):
            super().check_countdown(refusal)

    def check_lookahead(self) -> None:
        """The next stroke is where the facts have it."""
        tick, now = next_stroke_tick(self.state), self.now
        made = self.reference.made(now)
        if tick is None:
            assert self.reference.later(now + 30 * DAY).made(now + 30 * DAY) == made, self.story()
        else:
            later = self.reference.later(tick)
            assert later.made(tick - 1) == made < later.made(tick), f"next stroke at {tick}\n{self.story()}"


def check_whole_log(played: WholePlayed) -> None:
    """Each bolus has its begin and its end in the log with what it gave, and the chain of hashes holds."""
    report = played.ask(Interrogate(), Role.PHYSICIAN)
    assert isinstance(report, Report)
    assert head_of(report.log_before, report.log) == report.status.log_head, played.story()
    entries = [played.log[sequence] for sequence in sorted(played.log)]
    assert [entry.tick_ms for entry in entries] == sorted(entry.tick_ms for entry in entries), played.story()
    if [entry.sequence for entry in entries] != list(range(1, len(entries) + 1)):
        return  # more was written than the log holds
    reference, stroke_nl = played.reference, played.reference.descriptor.stroke_nl
    ended = [
        (each.end, reference.given_made(each, played.now) * stroke_nl, each.cut is None)
        for each in reference.given
        if each.end <= played.now and each.kind is not BolusKind.BRIDGE
    ]
    told = [
        (entry.tick_ms, entry.volume_nl, entry.kind is LogKind.BOLUS_COMPLETED)
        for entry in entries
        if entry.kind in {LogKind.BOLUS_COMPLETED, LogKind.BOLUS_CANCELLED} and entry.bolus is not BolusKind.BRIDGE
    ]
    assert sorted(told) == sorted(ended), played.story()
    kinds = [each.kind for each in reference.given]
    counts = {
        LogKind.BOLUS_GRANTED: kinds.count(BolusKind.PATIENT),
        LogKind.BOLUS_STARTED: len(kinds) - kinds.count(BolusKind.PATIENT),
        LogKind.PROGRAM_COMMITTED: played.committed,
        LogKind.PROGRAM_STARTED: len(reference.delayed),
        LogKind.PROGRAM_NOT_STARTED: reference.not_started,
    }
    for kind, count in counts.items():
        found = sum(entry.kind is kind for entry in entries)
        assert found == count, f"{kind}: {found} instead of {count}\n{played.story()}"


ACTS = {"wait": 9, "press": 12, "commit": 4, "stop": 1, "refill": 2, "outage": 4, "cancel": 1.5, "clock": 2}


def play_whole(chance: Random, descriptor: PumpDescriptor, acts: int, top_strokes_per_day: int) -> WholePlayed:
    """A random story of that many acts, each after a time that often ends at the border of some rule."""
    played = WholePlayed(descriptor, chance.randrange(1_700_000_000_000, 1_800_000_000_000), chance.randint(-840, 840))
    played.refill(chance.choice([0, descriptor.stroke_nl, *4 * [descriptor.reservoir_nl]]))
    played.commit(random_prescription(chance, played.reference, 0, top_strokes_per_day))
    for _ in range(acts):
        act = chance.choices(list(ACTS), list(ACTS.values()))[0]
        tick = moment_of_whole(chance, played)
        if act == "press":
            played.press(tick)
        elif act == "outage":
            running = played.reference.running(played.now)
            longest = chance.choice([1, 30_000, 600_000, 7_200_000, running.duration if running else 1, 30 * HOUR])
            played.outage(tick, tick + chance.choice([longest, chance.randint(0, longest)]))
        else:
            played.wait(tick)
        if act == "commit":
            played.commit(random_prescription(chance, played.reference, played.now, top_strokes_per_day))
        elif act == "stop":
            played.stop()
        elif act == "cancel":
            played.cancel()
        elif act == "clock":
            by = chance.choice([MINUTE, HOUR, chance.randint(0, 3 * DAY)]) * chance.choice([-1, 1])
            played.set_clock(played.reference.utc_at_zero + played.now + by, chance.choice([0, 60, -840, 840]))
        elif act == "refill":
            few = chance.randint(0, top_strokes_per_day) * descriptor.stroke_nl + chance.randint(
                0, descriptor.stroke_nl
            )
            played.refill(min(chance.choice([few, descriptor.reservoir_nl]), descriptor.reservoir_nl))
        played.compare()
    return played


def moment_of_whole(chance: Random, played: WholePlayed) -> int:
    """A tick from now on: where a rule begins or ceases to hold, or anywhere."""
    reference, now = played.reference, played.now
    running, reach = reference.running(now), 30 * HOUR
    if running is not None and chance.random() < 0.5:
        return chance.choice(
            [running.end - 1, running.end, running.end + 1, chance.randint(now, max(now, running.end))]
        )
    own = [each for each in reference.moments() if each is not None and now < each <= now + reach]
    if own and chance.random() < 0.4:
        return max(now, min(own) + chance.choice([-1, 0, 1]))
    return moment(chance, played, reach)
