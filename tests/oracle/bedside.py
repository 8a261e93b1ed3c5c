"""One implant with its memory in a list, as a physician and a patient find it."""

from __future__ import annotations

from tests.oracle.powered import CutMemory
from tests.oracle.programs import FLUID, SERIAL, TOKEN
from thecal.device import (
    COMMAND_LIFE_MS,
    Commit,
    Done,
    FlexStep,
    Interrogate,
    LogKind,
    Mode,
    PatientBolus,
    Program,
    PumpDescriptor,
    Query,
    Reason,
    RecordRefill,
    Request,
    RequestBolus,
    Role,
    Stage,
    Staged,
    program_hash,
)
from thecal.implant import Implant
from thecal.pump import manufacture
from thecal.telemetry import decode_reply, decode_request, encode_request

MINUTE, HOUR = 60_000, 3_600_000
MODEL = PumpDescriptor("ORACLE", 500, 20_000_000, 6_000, 48_000, 24_000_000)
BOLUS = PatientBolus(volume_nl=20_250, duration_ms=10 * MINUTE, lockout_ms=4 * HOUR, maximum_per_24h=4)
MADE = manufacture(MODEL, SERIAL, TOKEN, utc_at_tick_zero_ms=0, clock_offset_min=0)  # tick 0 is midnight


def program(*steps: tuple[int, int], bolus: PatientBolus | None = None, limit_nl: int = 5_000_000) -> Program:
    """Simple continuous for one (minute, nL/day), flex for more, minimum rate for none."""
    mode = {0: Mode.MINIMUM_RATE, 1: Mode.SIMPLE_CONTINUOUS}.get(len(steps), Mode.FLEX)
    ends = [start for start, _ in steps[1:]] + [1_440]
    day = sum(rate * (end - start) for (start, rate), end in zip(steps, ends, strict=False)) // 1_440
    doses = [(day if steps else 6_000) * each.concentration_ng_per_ml // 10**6 for each in FLUID]
    flex = tuple(FlexStep(*step) for step in steps)
    return Program(SERIAL, TOKEN, mode, flex, bolus, FLUID, tuple(doses), limit_nl, 1_000_000)


class Bench:
    """An implant with a memory in a list, and the motor's ticks."""

    def __init__(self, prescribed: Program | None = None, filled_nl: int = 20_000_000) -> None:
        self.memory = CutMemory()
        self.implant = Implant.manufacture(MADE, self.memory)
        self.motor: list[int] = []
        self.ids = 0
        if prescribed is not None:
            assert isinstance(self.physician(RecordRefill(filled_nl, FLUID)), Done)
            assert isinstance(self.commit(prescribed), Done)

    @property
    def now(self):
        return self.implant.tick_ms

    def wait(self, ms):
        self.implant.advance(self.now + ms, self.motor.append)

    def request(self, command, not_after=None):
        """A request with a fresh id, as bytes."""
        self.ids += 1
        return encode_request(Request(self.ids.to_bytes(16, "big"), not_after or self.now + COMMAND_LIFE_MS, command))

    def send(self, role, request):
        return decode_reply(self.implant.handle(role, request)).answer

    def asking(self, request):
        """The query about a request, as bytes."""
        asked = decode_request(request)
        return self.request(Query(asked.command_id, asked.not_after_tick_ms))

    def fill_the_ring(self, less=0):
        """Commands of the physician that change nothing, until 64 are remembered (or fewer, by ``less``)."""
        for _ in range(64 - less):
            assert self.physician(Commit(b"nothing is staged, whoever asks.")).reason is Reason.NOTHING_STAGED

    def physician(self, command):
        return self.send(Role.PHYSICIAN, self.request(command))

    def press(self):
        return self.send(Role.PATIENT, self.request(RequestBolus()))

    def commit(self, prescribed):
        staged = self.physician(Stage(prescribed, program_hash(self.implant.state.program)))
        assert isinstance(staged, Staged), staged
        return self.physician(Commit(staged.staged_hash))

    def report(self):
        return self.physician(Interrogate())

    def power_returns(self, ms):
        """After ``ms`` without power (from the last moment in memory)."""
        later = self.now + ms
        self.implant = Implant.recover(self.memory.banks, self.memory, MADE, later, self.motor.append)

    def granted(self):
        return [entry for entry in self.report().log if entry.kind is LogKind.BOLUS_GRANTED]
