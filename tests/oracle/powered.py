"""The same stories through the implant, whose power is cut at any boundary of a record, write or stroke."""

from __future__ import annotations

from contextlib import suppress
from random import Random

from tests.oracle.oracle import DAY
from tests.oracle.played import Played, moment
from tests.oracle.programs import FLUID, SERIAL, TOKEN, random_program
from thecal.device import (
    COMMAND_LIFE_MS,
    Answer,
    Command,
    Commit,
    Done,
    NeverSeen,
    PumpDescriptor,
    Query,
    Reason,
    RecordRefill,
    Refused,
    Request,
    RequestBolus,
    Role,
    Stage,
    Staged,
    StopInfusion,
    program_hash,
)
from thecal.implant import Implant, replay
from thecal.pump import CommandReceived, Event, PowerRestored, StrokeKind, manufacture
from thecal.telemetry import decode_reply, encode_request


class PowerLost(Exception):
    """The power went; nothing after this moment happened."""


class CutMemory:
    """Two banks of bytes, and a fuse that burns one boundary at a time."""

    def __init__(self) -> None:
        self.banks = (b"", b"")
        self.written = 0
        self.fuse: int | None = None

    def boundary(self) -> None:
        """A moment between two things that happen; the power may go here."""
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                raise PowerLost

    def erase(self, bank: int) -> None:
        """Empty a bank."""
        self.boundary()
        self._put(bank, b"")
        self.boundary()

    def write(self, bank: int, data: bytes) -> None:
        """Add one record, or an image to an empty bank."""
        self.boundary()
        self.written += self.banks[bank] != b""
        self._put(bank, self.banks[bank] + data)
        self.boundary()

    def _put(self, bank: int, stands: bytes) -> None:
        self.banks = (stands, self.banks[1]) if bank == 0 else (self.banks[0], stands)

    def spoil_the_end(self) -> None:
        """Damage the last byte of the bank that counts."""
        bank = replay(self.banks).bank
        stands = self.banks[bank]
        self._put(bank, stands[:-1] + bytes([stands[-1] ^ 1]))

    def set_aside(self) -> None:
        """Cuts at boundaries never damage the image."""
        raise AssertionError("an undamaged image was set aside")


class Powered(Played):
    """A story on an implant."""

    def __init__(self, descriptor: PumpDescriptor, utc_at_tick_zero_ms: int, clock_offset_min: int) -> None:
        super().__init__(descriptor, utc_at_tick_zero_ms, clock_offset_min)
        self.memory = CutMemory()
        self.made_as = manufacture(descriptor, SERIAL, TOKEN, utc_at_tick_zero_ms, clock_offset_min)
        self.implant = Implant.manufacture(self.made_as, self.memory)
        self.cuts = 0

    def actuate(self, tick: int) -> None:
        """The motor turns; kinds are not told apart here."""
        self.ticks[StrokeKind.BASAL].append(tick)
        self.memory.boundary()

    def happen(self, event: Event, tick: int) -> Answer | None:
        """The event through the implant, with power all the time except for an outage."""
        answer = None
        if isinstance(event, PowerRestored):
            self.recover(tick)
        else:
            self.implant.advance(tick, self.actuate)
        if isinstance(event, CommandReceived):
            answer = decode_reply(self.implant.handle(event.role, encode_request(event.request))).answer
        self.state = self.implant.state
        self.reference.settle(tick)
        return answer

    def recover(self, tick: int) -> None:
        """Power returns; ``cuts`` counts how often it went."""
        self.cuts += 1
        self.implant = Implant.recover(self.memory.banks, self.memory, self.made_as, tick, self.actuate)
        self.state = self.implant.state

    def check_counted(self) -> None:
        """Never a stroke that is not counted; at most one counted and not made for each cut."""
        missing = self.state.strokes_total - sum(map(len, self.ticks.values()))
        assert 0 <= missing <= self.cuts, f"{missing} strokes missing after {self.cuts} cuts\n{self.story()}"

    # Acts with a cut

    def wait_cut(self, chance: Random, tick: int, dark_ms: int) -> None:
        """Let time pass; the power goes at some boundary on the way, and perhaps again while it returns."""
        self.memory.fuse = min(chance.randint(0, 30), chance.randint(0, 3_000))
        try:
            self.implant.advance(tick, self.actuate)
        except PowerLost:
            last = replay(self.memory.banks).state.tick_ms
            self.told.append(f"power cut on the way to {tick}, memory at {last}")
            assert self.now <= last <= tick, self.story()
            self.dark(chance, last, tick + dark_ms)
        self.memory.fuse = None
        self.state = self.implant.state
        self.reference.settle(self.now)

    def dark(self, chance: Random, start: int, end: int) -> None:
        """No power from ``start`` to ``end``; the recovery itself may be cut."""
        again = [chance.choice([0, 1, 5_000]) for _ in range(chance.choice([0, 0, 1, 3]))]
        for later_ms in again:
            told, self.memory.fuse = replay(self.memory.banks).state.log_head, chance.randint(0, 6)
            with suppress(PowerLost):
                self.recover(end)
            if replay(self.memory.banks).state.log_head != told:
                # the return of power was written down: what follows is another outage
                self.without_power(start, end)
                start = end
            end += later_ms
        self.memory.fuse = None
        self.recover(end)
        self.without_power(start, end)

    def without_power(self, start: int, end: int) -> None:
        """Tell the reference, and whoever reads the story."""
        self.told.append(f"no power from {start} to {end}")
        self.reference.outage(start, end)

    def command_cut(self, chance: Random, command: Command, role: Role, dark_ms: int) -> None:
        """Send a command while the power goes; ask afterwards what became of it, and send it again."""
        now, memory = self.now, self.memory
        expected = self.expected(command)
        self._ids += 1
        request = encode_request(Request(self._ids.to_bytes(16, "big"), now + COMMAND_LIFE_MS, command))
        before, memory.fuse = memory.written, chance.choice([0, 1, 2, 3])
        try:
            self.implant.handle(role, request)
            lost = False
        except PowerLost:
            lost = True
        memory.fuse = None
        taken = memory.written > before
        self.told.append(f"{type(command).__name__} at {now}, power cut {lost}, taken {taken}")
        if taken and expected is None:
            self.fact(command, now)
        if lost:
            self.dark(chance, now, now + dark_ms)
        self.state = self.implant.state
        self.reference.settle(self.now)
        strokes, grants = self.state.strokes_total, len(self.state.boluses)
        outcome = self.ask(Query(self._ids.to_bytes(16, "big"), now + COMMAND_LIFE_MS), role).outcome
        again = decode_reply(self.implant.handle(role, request)).answer
        if not taken:
            assert outcome == NeverSeen(), self.story()
            assert again == Refused(Reason.TOO_LATE), self.story()
        elif expected is None:
            assert outcome == again == Done(now), f"{outcome}, {again}\n{self.story()}"
        else:
            assert outcome.reason is again.reason is expected, f"{outcome}, {again}\n{self.story()}"
        assert (self.implant.state.strokes_total, len(self.implant.state.boluses)) == (strokes, grants), self.story()
        self.state = self.implant.state

    def expected(self, command: Command) -> Reason | None:
        """Why the command must be refused now, or None."""
        running = self.reference.running(self.now) is not None
        match command:
            case RequestBolus():
                return self.reference.verdict(self.now)
            case Commit():
                return Reason.BOLUS_RUNNING if running else None
            case RecordRefill():
                return Reason.REFILL_DURING_BOLUS if running else None
            case _:
                return None

    def fact(self, command: Command, tick: int) -> None:
        """The command took effect: tell the reference."""
        match command:
            case RequestBolus():
                self.reference.grant(tick)
                self.grants.append((tick, self.state.program.patient_bolus.lockout_ms))
            case Commit():
                self.reference.commit(self.pending, tick)
                self.limits.append((tick, self.pending.volume_limit_nl_per_24h))
            case RecordRefill(volume_nl, _):
                self.reference.refill(volume_nl, tick)
            case StopInfusion():
                self.reference.stop(None, tick)
                self.limits.append((tick, 0))

    def commit_cut(self, chance: Random, program: object, dark_ms: int) -> None:
        """Program the pump; the power goes at the commit."""
        staged = self.ask(Stage(program, program_hash(self.state.program)), Role.PHYSICIAN)
        assert isinstance(staged, Staged), f"{staged}\n{self.story()}"
        self.pending = program
        self.command_cut(chance, Commit(staged.staged_hash), Role.PHYSICIAN, dark_ms)


def play_with_cuts(chance: Random, descriptor: PumpDescriptor, acts: int, top_strokes_per_day: int) -> Powered:
    """A random story in which the power goes in the middle of everything."""
    played = Powered(descriptor, chance.randrange(1_700_000_000_000, 1_800_000_000_000), chance.randint(-840, 840))
    played.refill(descriptor.reservoir_nl)
    played.commit(random_program(chance, descriptor, top_strokes_per_day))
    for _ in range(acts):
        tick = moment(chance, played, DAY)
        if played.reference.running(played.now) and chance.random() < 0.6:
            tick = chance.randint(played.now, played.reference.given[-1].end)
        dark_ms = chance.choice([0, 1, 100, 60_000, chance.randint(0, 7_200_000), chance.randint(0, 2 * DAY)])
        act = chance.choices(
            ["press", "wait", "cut", "press cut", "commit", "refill", "stop"], [9, 2, 6, 6, 2, 2, 0.5]
        )[0]
        if act == "press":
            played.press(tick)
        elif act == "cut":
            played.wait_cut(chance, tick, dark_ms)
        else:
            played.wait(tick)
        if act == "press cut":
            played.command_cut(chance, RequestBolus(), Role.PATIENT, dark_ms)
        elif act == "commit":
            played.commit_cut(chance, random_program(chance, descriptor, top_strokes_per_day), dark_ms)
        elif act == "refill":
            volume = chance.choice(
                [descriptor.reservoir_nl, chance.randint(0, top_strokes_per_day) * descriptor.stroke_nl]
            )
            played.command_cut(chance, RecordRefill(volume, FLUID), Role.PHYSICIAN, dark_ms)
        elif act == "stop" and played.reference.program is not None and played.state.program.steps:
            played.command_cut(chance, StopInfusion(), Role.PHYSICIAN, dark_ms)
        played.compare()
    return played
