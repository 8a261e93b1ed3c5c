"""Both layers of a pump together, and the strokes that the motor was told to make."""

from __future__ import annotations

from tests.pump.driven import DAY, MORPHINE, PUMP
from thecal.device import (
    COMMAND_LIFE_MS,
    Command,
    Commit,
    Done,
    Interrogate,
    Program,
    RecordRefill,
    Report,
    Request,
    RequestBolus,
    Role,
    Stage,
    Staged,
    program_hash,
)
from thecal.pump import Answered, CommandReceived, Event, Stroke, Strokes, TimePassed, manufacture
from thecal.pump.whole import Pump, SupervisorDied, SupervisorTicked, assembled, step


class Both:
    """A whole pump with its history."""

    def __init__(self, utc_ms: int = 20_000 * DAY) -> None:
        self.pump: Pump = assembled(manufacture(PUMP, "P1", "T1", utc_ms, 0))
        self.strokes: list[Stroke] = []
        self.sent = 0

    @property
    def now(self) -> int:
        return self.pump.state.tick_ms

    @property
    def ticks(self) -> list[int]:
        return [stroke.tick_ms for stroke in self.strokes]

    def event(self, event: Event | SupervisorTicked | SupervisorDied, tick: int | None = None) -> object:
        after = step(self.pump, event, self.now if tick is None else tick)
        self.pump = after.pump
        answer = None
        for effect in after.effects:
            if isinstance(effect, Strokes):
                self.strokes += effect
            elif isinstance(effect, Answered):
                answer = effect.reply.answer
        return answer

    def wait(self, elapsed_ms: int) -> None:
        self.event(TimePassed(), self.now + elapsed_ms)

    def send(self, command: Command, role: Role = Role.PHYSICIAN) -> object:
        self.sent += 1
        request = Request(self.sent.to_bytes(16, "big"), self.now + COMMAND_LIFE_MS, command)
        return self.event(CommandReceived(request, role))

    def press(self) -> object:
        return self.send(RequestBolus(), Role.PATIENT)

    def stage(self, wanted: Program) -> object:
        return self.send(Stage(wanted, program_hash(self.pump.state.program)))

    def commit(self, wanted: Program) -> bool:
        staged = self.stage(wanted)
        assert isinstance(staged, Staged), staged
        return isinstance(self.send(Commit(staged.staged_hash, staged.soft_limits)), Done)

    def refill(self, volume_nl: int = PUMP.reservoir_nl) -> None:
        self.send(RecordRefill(volume_nl, MORPHINE))

    def report(self) -> Report:
        report = self.send(Interrogate())
        assert isinstance(report, Report)
        return report


def running(wanted: Program, **place: int) -> Both:
    """A filled pump that runs this program from tick 0."""
    both = Both(**place)
    both.refill()
    assert both.commit(wanted)
    return both
