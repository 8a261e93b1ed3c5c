"""A story played on the pump and on the reference at once; every answer is compared as it comes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from random import Random

from tests.oracle.oracle import DAY, Reference
from tests.oracle.programs import FLUID, SERIAL, TOKEN, random_program
from thecal.device import (
    COMMAND_LIFE_MS,
    Alarm,
    Answer,
    BolusKind,
    Command,
    Commit,
    Done,
    Interrogate,
    LogEntry,
    LogKind,
    Mode,
    Program,
    PumpDescriptor,
    Reason,
    RecordRefill,
    Refused,
    Request,
    RequestBolus,
    Role,
    Stage,
    Staged,
    Status,
    StopInfusion,
    program_hash,
)
from thecal.pump import (
    Answered,
    CommandReceived,
    Event,
    PowerRestored,
    StrokeKind,
    Strokes,
    TimePassed,
    manufacture,
    next_stroke_tick,
    step,
    whole,
)
from thecal.pump.supervisor import TripReason

WITH_TIME = {None, Reason.LOCKOUT, Reason.LOCKOUT_AFTER_VISIT, Reason.MAXIMUM_REACHED, Reason.BOLUS_RUNNING}


class Played:
    """One pump under one story."""

    def __init__(self, descriptor: PumpDescriptor, utc_at_tick_zero_ms: int, clock_offset_min: int) -> None:
        self.state = manufacture(descriptor, SERIAL, TOKEN, utc_at_tick_zero_ms, clock_offset_min)
        self.guard = whole.assembled(self.state).guard
        self.reference = Reference(descriptor, utc_at_tick_zero_ms, clock_offset_min)
        self.told: list[str] = []
        self._head = f"{descriptor}, UTC {utc_at_tick_zero_ms}, offset {clock_offset_min} min"
        self.ticks: dict[StrokeKind, list[int]] = {kind: [] for kind in StrokeKind}
        self.grants: list[tuple[int, int]] = []  # (tick, lockout of the program that granted)
        self.limits: list[tuple[int, int]] = [(0, 0)]  # (tick, volume limit from then)
        self.log: dict[int, LogEntry] = {}
        self._ids = 0

    @property
    def now(self) -> int:
        """The pump's tick."""
        return self.state.tick_ms

    def happen(self, event: Event, tick: int) -> Answer | None:
        """Step the pump and keep what it did."""
        after = whole.step(whole.Pump(self.state, self.guard), event, tick)
        answer = None
        for effect in after.effects:
            if isinstance(effect, Strokes):
                for stroke in effect:
                    assert self.state.tick_ms < stroke.tick_ms <= tick, self.story()
                    self.ticks[stroke.kind].append(stroke.tick_ms)
            elif isinstance(effect, Answered):
                answer = effect.reply.answer
        self.state, self.guard = after.pump
        assert self.guard.trip in {None, TripReason.NOT_SEALED}, f"{self.guard}\n{self.story()}"
        self.reference.settle(tick)
        return answer

    def ask(self, command: Command, role: Role, tick: int | None = None) -> Answer:
        """Send a command with a fresh id."""
        self._ids += 1
        tick = self.now if tick is None else tick
        request = Request(self._ids.to_bytes(16, "big"), tick + COMMAND_LIFE_MS, command)
        return self.happen(CommandReceived(request, role), tick)

    # Acts

    def wait(self, tick: int) -> None:
        """Let time pass."""
        self.told.append(f"wait to {tick}")
        self.happen(TimePassed(), tick)

    def press(self, tick: int) -> Answer:
        """The patient asks; the reference must agree on yes or no and on the reason."""
        self.told.append(f"press at {tick}")
        expected = self.reference.verdict(tick)
        answer = self.ask(RequestBolus(), Role.PATIENT, tick)
        actual = answer.reason if isinstance(answer, Refused) else None
        if isinstance(answer, Refused):
            self.check_countdown(answer)
        assert actual is expected, f"press: {actual} instead of {expected}\n{self.story()}"
        if actual is None:
            assert isinstance(answer, Done), answer
            self.reference.grant(tick)
            self.grants.append((tick, self.state.program.patient_bolus.lockout_ms))
        return answer

    def commit(self, program: Program) -> None:
        """A physician programs the pump."""
        self.told.append(f"commit {program} at {self.now}")
        staged = self.ask(Stage(program, program_hash(self.state.program)), Role.PHYSICIAN)
        assert isinstance(staged, Staged), f"{staged}\n{self.story()}"
        expected = Reason.BOLUS_RUNNING if self.reference.running(self.now) else None
        answer = self.ask(Commit(staged.staged_hash), Role.PHYSICIAN)
        actual = answer.reason if isinstance(answer, Refused) else None
        assert actual is expected, f"commit: {answer}\n{self.story()}"
        if actual is None:
            self.reference.commit(program, self.now)
            self.limits.append((self.now, program.volume_limit_nl_per_24h))

    def stop(self) -> None:
        """A physician stops the pump."""
        self.told.append(f"stop at {self.now}")
        was = self.state.program.mode
        assert isinstance(self.ask(StopInfusion(), Role.PHYSICIAN), Done), self.story()
        assert self.state.program.mode is Mode.STOPPED
        if was is not Mode.STOPPED:
            self.reference.stop(self.state.program, self.now)
            self.limits.append((self.now, 0))

    def refill(self, volume_nl: int) -> None:
        """A physician tells the pump what it holds."""
        self.told.append(f"refill {volume_nl} at {self.now}")
        answer = self.ask(RecordRefill(volume_nl, FLUID), Role.PHYSICIAN)
        if self.reference.running(self.now):
            assert answer == Refused(Reason.REFILL_DURING_BOLUS), f"{answer}\n{self.story()}"
        else:
            assert isinstance(answer, Done), f"{answer}\n{self.story()}"
            self.reference.refill(volume_nl, self.now)

    def outage(self, start: int, end: int) -> None:
        """No power between two ticks."""
        self.told.append(f"no power from {start} to {end}")
        self.happen(TimePassed(), start)
        self.reference.outage(start, end)
        self.happen(PowerRestored(end - start), end)

    # Comparison

    def check_counted(self) -> None:
        """Each stroke counted was an effect."""
        assert self.state.strokes_total == sum(map(len, self.ticks.values())), self.story()

    def check_countdown(self, refusal: Refused) -> None:
        """If nothing else happens, the countdown ends when the bolus is granted, and not a millisecond later."""

        def would(later_ms: int) -> Reason | None:
            request = Request(b"what-if-I-asked-", self.now + later_ms + COMMAND_LIFE_MS, RequestBolus())
            effects = step(self.state, CommandReceived(request, Role.PATIENT), self.now + later_ms).effects
            answer = effects[-1].reply.answer
            return answer.reason if isinstance(answer, Refused) else None

        wait = refusal.retry_after_ms
        if wait is None:
            assert would(3 * DAY) not in WITH_TIME, self.story()
        else:
            assert wait > 0, self.story()
            assert would(wait - 1) is not None, self.story()
            assert would(wait) in {None, Reason.RESERVOIR_TOO_LOW, Reason.RESERVOIR_EMPTY}, self.story()

    def compare(self) -> None:
        """What the pump believes now is what the facts say."""
        reference, state, story = self.reference, self.state, self.story
        once = state.once_strokes_total
        assert state.strokes_total - state.bolus_strokes_total - once == reference.basal_made(self.now), story()
        assert state.bolus_strokes_total == reference.bolus_made(self.now), story()
        assert once == reference.once_made(self.now), story()
        self.check_counted()
        report = self.ask(Interrogate(), Role.PHYSICIAN)
        assert report.status.reservoir_nl == reference.left_nl(self.now), story()
        self.check_lookahead()
        self.check_status(report.status)
        for entry in report.log:
            assert self.log.setdefault(entry.sequence, entry) == entry, story()
        alarms = set(report.status.alarms)
        assert (Alarm.EMPTY_RESERVOIR in alarms) == (state.reservoir.volume_nl < state.identity.descriptor.stroke_nl)
        assert bool(alarms) >= (state.reservoir.volume_nl <= report.program.low_reservoir_nl), story()

    def check_lookahead(self) -> None:
        """The next stroke is where the facts have it."""
        tick, now, made = next_stroke_tick(self.state), self.now, self.reference.made
        if tick is None:
            assert not self.reference.running(now), self.story()
            assert made(now + 30 * DAY) == made(now), self.story()
        else:
            assert made(tick - 1) == made(now) < made(tick), self.story()

    def check_status(self, status: Status) -> None:
        """What is shown of the bolus is what a press would answer."""
        bolus, verdict = status.bolus, self.reference.verdict(self.now)
        if bolus is None:
            assert verdict is not None, self.story()
            return
        asked = [each for each in self.reference.given if each.kind is BolusKind.PATIENT]
        recent = sum(self.now - each.start < DAY for each in asked)
        assert bolus.blocked_by is verdict, self.story()
        assert (bolus.next_possible_in_ms == 0) == (verdict is None), self.story()
        assert (verdict is None) <= bolus.remaining <= max(0, bolus.maximum_per_24h - recent), self.story()
        running = self.reference.running(self.now)
        running = running if running is not None and running.kind is BolusKind.PATIENT else None
        delivered = self.reference.given_made(running, self.now) if running else None
        shown = None if delivered is None else delivered * self.state.identity.descriptor.stroke_nl
        assert bolus.running_delivered_nl == shown, self.story()

    def story(self) -> str:
        """How to play it again."""
        return "\n".join([self._head, *self.told])


def check_strokes(played: Played, chance: Random, samples: int | None) -> None:
    """Each stroke (or a sample of them) falls on the first millisecond at which it is owed."""
    for kind, count in (
        (StrokeKind.BASAL, played.reference.basal_made),
        (StrokeKind.BOLUS, played.reference.bolus_made),
        (StrokeKind.ONCE, played.reference.once_made),
    ):
        ticks = played.ticks[kind]
        assert ticks == sorted(ticks)
        order = range(len(ticks))
        chosen = order if samples is None or samples >= len(ticks) else chance.sample(order, samples)
        for index in chosen:
            due = count(ticks[index] - 1), count(ticks[index])
            assert due[0] <= index < due[1], f"{kind} {index} at {ticks[index]}: {due}\n{played.story()}"


def check_lockout(played: Played) -> None:
    """Between two grants lies at least the lockout of the program that granted the second."""
    for (earlier, _), (later, lockout) in zip(played.grants, played.grants[1:], strict=False):
        assert later - earlier >= lockout, played.story()


def check_windows(played: Played) -> None:
    """No 24 h hold more than the limit: in a window inside one program, and in any from a grant to the next commit."""
    stroke_nl = played.state.identity.descriptor.stroke_nl
    ticks = sorted(played.ticks[StrokeKind.BASAL] + played.ticks[StrokeKind.BOLUS])
    limits = sorted(played.limits + played.reference.delayed)
    starts = [tick for tick, _ in limits]
    for index, end in enumerate(ticks):
        if index + 1 < len(ticks) and ticks[index + 1] == end:
            continue
        since, limit = limits[bisect_left(starts, end) - 1]
        granted = bisect_left(played.grants, (end, 0)) > bisect_left(played.grants, (since, 0))
        if end - since < DAY and not granted:
            continue
        held = (index + 1 - bisect_right(ticks, end - DAY)) * stroke_nl
        assert held <= limit, f"{held} nL in the 24 h to {end}, limit {limit}\n{played.story()}"


def check_log(played: Played) -> None:
    """Each fact has its one line, numbered without gaps, in order of time, with the volume really given."""
    entries = [played.log[sequence] for sequence in sorted(played.log)]
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1)), played.story()
    assert [entry.tick_ms for entry in entries] == sorted(entry.tick_ms for entry in entries), played.story()
    stroke_nl, reference = played.state.identity.descriptor.stroke_nl, played.reference
    ended = {
        (each.end, reference.given_made(each, played.now) * stroke_nl, each.cut is None)
        for each in reference.given
        if each.end <= played.now
    }
    completed, cancelled = LogKind.BOLUS_COMPLETED, LogKind.BOLUS_CANCELLED
    told = [(e.tick_ms, e.volume_nl, e.kind is completed) for e in entries if e.kind in {completed, cancelled}]
    assert sorted(told) == sorted(ended), played.story()
    powers = sum(line.startswith("no power") for line in played.told)
    counts = {LogKind.BOLUS_GRANTED: len(reference.given), LogKind.POWER_RESTORED: powers}
    for kind, count in counts.items():
        assert sum(entry.kind is kind for entry in entries) == count, played.story()


def play(chance: Random, descriptor: PumpDescriptor, acts: int, top_strokes_per_day: int, reach_ms: int) -> Played:
    """A random story of that many acts, with time running to the moments at which rules begin or cease to hold.

    No wait and no outage is longer than ``reach_ms``.
    """
    played = Played(descriptor, chance.randrange(1_700_000_000_000, 1_800_000_000_000), chance.randint(-840, 840))
    played.refill(chance.choice([0, descriptor.stroke_nl, *3 * [descriptor.reservoir_nl]]))
    played.commit(random_program(chance, descriptor, top_strokes_per_day))
    for _ in range(acts):
        act = chance.choices(["wait", "press", "commit", "stop", "refill", "outage"], [8, 16, 3, 0.7, 2, 3])[0]
        tick = moment(chance, played, reach_ms)
        running = played.reference.running(played.now)
        if running is not None and chance.random() < 0.4:
            tick = chance.randint(played.now, running.end)
            played.outage(tick, tick + chance.choice([0, running.duration, chance.randint(0, running.duration)]))
            played.compare()
            continue
        if act == "press":
            played.press(tick)
        elif act == "outage":
            longest = chance.choice([1, 30_000, 600_000, 7_200_000, 40 * 3_600_000])
            played.outage(tick, tick + chance.randint(0, min(longest, reach_ms)))
        else:
            played.wait(tick)
        if act == "commit":
            played.commit(random_program(chance, descriptor, top_strokes_per_day))
        elif act == "stop":
            played.stop()
        elif act == "refill":
            few = chance.randint(0, top_strokes_per_day) * descriptor.stroke_nl + chance.randint(
                0, descriptor.stroke_nl
            )
            played.refill(min(chance.choice([few, descriptor.reservoir_nl]), descriptor.reservoir_nl))
        played.compare()
    return played


def moment(chance: Random, played: Played, reach_ms: int) -> int:
    """A tick from now on: near a border of some rule, or anywhere."""
    reference, now = played.reference, played.now
    bolus = played.state.program.patient_bolus
    borders = [now, now + chance.randint(0, 600_000), now + chance.randint(0, 8 * 3_600_000)]
    if bolus is not None:
        borders += [visit + bolus.lockout_ms for visit in reference.visits[-1:]]
        for given in reference.given[-6:]:
            borders += [given.start + bolus.lockout_ms, given.start + DAY, given.end, given.end + DAY]
        borders += [commit + DAY for commit in reference.commits[-3:]]
    return max(
        now,
        chance.choice([border for border in borders if now <= border <= now + reach_ms]) + chance.choice([-1, 0, 0, 1]),
    )
