"""A pump on a bench: memory that loses power after any byte, a motor that counts, and stories to be cut short."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from thecal.device import (
    COMMAND_LIFE_MS,
    BolusKind,
    BridgeLeft,
    CancelBolus,
    Command,
    Commit,
    Component,
    FlexStep,
    Mode,
    OnceBolus,
    PatientBolus,
    PeriodicBolus,
    Program,
    PumpDescriptor,
    RecordRefill,
    Reply,
    Request,
    RequestBolus,
    Role,
    Stage,
    StopInfusion,
    program_hash,
)
from thecal.implant import Banks, Implant, Recorded
from thecal.pump import FieldEntered, FieldLeft, LinkAbused, manufacture
from thecal.pump.controller.numbers import daily_dose_ng
from thecal.telemetry import decode_reply, encode_request

DESCRIPTOR = PumpDescriptor("test model", 500, 40_000_000, 6_000, 48_000, 24_000_000)
NEW = manufacture(DESCRIPTOR, "SN-1", "P-1", 1_700_000_000_000, 60)
FLUID = (Component("morphine", 10_000_000),)
BOLUS = PatientBolus(2_000, 60_000, 900_000, 4)  # four strokes, every 15 s


class PowerCut(Exception):
    """The power is gone; what was written before stays."""


@dataclass
class Board:
    """The memory and the motor. ``budget`` bytes can be erased or written before the power goes (None: it stays)."""

    banks: Banks = (b"", b"")
    budget: int | None = None
    writes: list[tuple[str, int]] = field(default_factory=list)
    actuated: list[int] = field(default_factory=list)
    kept: list[Banks] = field(default_factory=list)

    def erase(self, bank: int) -> None:
        """From the end on, so that any beginning may be left."""
        stood = self.banks[bank]
        self._set(bank, b"" if self.budget is None else stood[: max(0, len(stood) - self.budget)])
        self._pay("erase", len(stood))

    def write(self, bank: int, data: bytes) -> None:
        self._set(bank, self.banks[bank] + (data if self.budget is None else data[: self.budget]))
        self._pay("write", len(data))

    def set_aside(self) -> None:
        self.kept.append(self.banks)

    def _set(self, bank: int, stands: bytes) -> None:
        self.banks = (stands, self.banks[1]) if bank == 0 else (self.banks[0], stands)

    def _pay(self, kind: str, size: int) -> None:
        self.writes.append((kind, size))
        if self.budget is not None:
            self.budget = max(0, self.budget - size)
            if self.budget == 0:
                raise PowerCut

    def actuate(self, tick_ms: int) -> None:
        self.actuated.append(tick_ms)

    def recovered(self, now_tick_ms: int = 0) -> Implant:
        return Implant.recover(self.banks, self, NEW, now_tick_ms, self.actuate)


@dataclass(frozen=True)
class Asks:
    """A request with its own id; asked again it has the same id."""

    number: int
    role: Role
    command: Command

    def of(self, implant: Implant) -> Reply:
        request = Request(self.number.to_bytes(16, "big"), implant.tick_ms + COMMAND_LIFE_MS, self.command)
        return decode_reply(implant.handle(self.role, encode_request(request)))


@dataclass(frozen=True)
class Befalls:
    """A fact at this tick; told again when power was lost in that very millisecond, so one that may be told twice."""

    tick_ms: int
    fact: Recorded


@dataclass(frozen=True)
class Until:
    """Time passes until this tick."""

    tick_ms: int


Story = tuple[Asks | Befalls | Until, ...]


def program(*steps: tuple[int, int], bolus: PatientBolus | None = BOLUS) -> Program:
    """Steps of (minute, nL/day): one is simple continuous, more are flex."""
    days = [start for start, _ in steps[1:]] + [1_440]
    owed = sum(rate * (end - start) for (start, rate), end in zip(steps, days, strict=True))
    return Program(
        pump_serial="SN-1",
        patient_token="P-1",
        mode=Mode.FLEX if len(steps) > 1 else Mode.SIMPLE_CONTINUOUS,
        steps=tuple(FlexStep(*step) for step in steps),
        patient_bolus=bolus,
        components=FLUID,
        stated_daily_dose_ng=(owed // 1_440 * 10,),
        volume_limit_nl_per_24h=20_000_000,
        low_reservoir_nl=2_000_000,
    )


def updates(to: Program, of: Program, number: int) -> Story:
    """Stage and commit."""
    return (
        Asks(number, Role.PHYSICIAN, Stage(to, program_hash(of))),
        Asks(number + 1, Role.PHYSICIAN, Commit(program_hash(to))),
    )


STEADY = program((0, 4_320_000))  # a stroke every 10 s
FLEX = program((0, 4_320_000), (60 + 16, 8_640_000))  # the faster step begins 16 min after power-up (offset 60 min)
PERIODIC = replace(
    STEADY,
    mode=Mode.PERIODIC_BOLUS,
    patient_bolus=None,
    periodic=PeriodicBolus(2_000, 60_000, 900_000),
)
PERIODIC = replace(PERIODIC, stated_daily_dose_ng=daily_dose_ng(DESCRIPTOR, PERIODIC))
SINGLE = replace(program((0, 8_640_000)), once=OnceBolus(BolusKind.SINGLE, 1_500, 60_000))
BRIDGE = replace(STEADY, once=OnceBolus(BolusKind.BRIDGE, 3_000, 60_000))
HALTED = replace(BRIDGE, mode=Mode.STOPPED, steps=(), patient_bolus=None, once=None, stated_daily_dose_ng=(0,))
DROPPED = replace(STEADY, bridge_left=BridgeLeft.CANCEL)
PREPARED: Story = (
    Asks(1, Role.PHYSICIAN, RecordRefill(20_000_000, FLUID)),
    *updates(STEADY, NEW.program, 2),
    Until(900_000),  # the lockout after the visit ends here
)
STORIES: dict[str, Story] = {
    "bolus": (
        Asks(10, Role.PATIENT, RequestBolus()),  # its strokes at 30 s and 60 s fall together with basal ones
        Until(935_000),
        Asks(11, Role.PATIENT, RequestBolus()),  # refused: one is running
        Until(970_000),
    ),
    "commit with a single bolus": (*updates(SINGLE, STEADY, 10), Until(975_000)),
    "flex": (*updates(FLEX, STEADY, 10), Until(990_000)),
    "stop in a bolus and refill": (
        Asks(10, Role.PATIENT, RequestBolus()),
        Until(920_000),
        Asks(11, Role.PHYSICIAN, StopInfusion()),
        Until(925_000),
        Asks(12, Role.PHYSICIAN, RecordRefill(18_000_000, FLUID)),
        Until(930_000),
    ),
    "bridge under a stop": (
        *updates(BRIDGE, STEADY, 10),  # its six strokes come in the place of the basal ones
        Until(935_000),
        Befalls(935_000, FieldEntered()),
        Befalls(935_500, FieldLeft()),
        Asks(12, Role.PHYSICIAN, StopInfusion()),  # interrupted
        *updates(DROPPED, HALTED, 13),
        Until(970_000),
    ),
    "periodic": (
        *updates(PERIODIC, STEADY, 10),
        Befalls(920_000, LinkAbused()),
        Until(935_000),
        Asks(12, Role.PHYSICIAN, CancelBolus()),
        Until(955_000),
    ),
}


def tell(story: Story, implant: Implant, board: Board) -> None:
    """Let the story happen, or what is left of it."""
    for act in story:
        match act:
            case Asks():
                act.of(implant)
            case Until(tick_ms):
                if tick_ms > implant.tick_ms:
                    implant.advance(tick_ms, board.actuate)
            case Befalls(tick_ms, fact):
                if tick_ms >= implant.tick_ms:
                    implant.advance(tick_ms, board.actuate)
                    implant.happens(fact)


def prepared() -> tuple[Implant, Board]:
    """A pump with fluid and the steady program, its lockout over."""
    board = Board()
    implant = Implant.manufacture(NEW, board)
    tell(PREPARED, implant, board)
    return implant, board
