"""How near the commanded flow comes to what was set, by the tests of IEC 60601-2-24 for ambulatory pumps (type 4).

Continuous flow (type 1): stabilise for half the container or 24 h, whichever is shorter, then watch for 25 h or until
it is empty, sampled every 15 min; over every window of a length inside that time, the extremes of 100 x (delivered -
set) / set. Boluses (type 3): 25 in a row at the smallest and at the largest setting that the pump takes.
It is the pump's arithmetic that is measured: strokes x stroke volume. What a stroke truly moves is not its matter.

``python -m verification.pump_accuracy`` prints the tables of docs/models/pump.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.pumps import programmable_pump
from thecal.device import (
    COMMAND_LIFE_MS,
    Answer,
    Commit,
    Component,
    Done,
    FlexStep,
    Mode,
    PatientBolus,
    Program,
    PumpDescriptor,
    RecordRefill,
    Refused,
    Request,
    RequestBolus,
    Role,
    Stage,
    Staged,
    program_hash,
)
from thecal.device.bounds import BOLUS_DURATION, BOLUS_VOLUME, VOLUME_LIMIT
from thecal.device.commands import Command
from thecal.pump import Answered, CommandReceived, Strokes, TimePassed, Train, manufacture
from thecal.pump.whole import assembled, step
from thecal.therapy import descriptor_of

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MODELS = ("medstream-20", "prometra-ii-20", "synchromed-el-18", "synchromed-ii-40", "synchromed-iii-20")
WINDOWS_MIN = (15, 60, 150, 330, 570, 930)
SAMPLE_MIN = 15
WATCHED_MS = 25 * HOUR
INTERMEDIATE_NL_PER_DAY = 500_000  # of the order that is given most
BOLUSES = 25
FLUID = (Component("morphine", 1_000_000),)


@dataclass(frozen=True, slots=True)
class Trumpet:
    """All windows of one length: the extremes of the error in %, and of the volume in strokes off what was set."""

    window_min: int
    lowest_percent: Fraction
    highest_percent: Fraction
    strokes_off: Fraction


@dataclass(frozen=True, slots=True)
class Continuous:
    """One model at one rate. A window longer than the time watched (the reservoir was empty before) is left out."""

    model: str
    rate_nl_per_day: int
    trumpets: tuple[Trumpet, ...]


@dataclass(frozen=True, slots=True)
class Boluses:
    """25 boluses in a row at one setting: errors in %."""

    model: str
    set_nl: int
    mean_percent: Fraction
    lowest_percent: Fraction
    highest_percent: Fraction
    strokes_off: Fraction


class Measured:
    """A new pump of a model, full, whose strokes are collected."""

    def __init__(self, model: str) -> None:
        self.descriptor: PumpDescriptor = descriptor_of(programmable_pump(model))
        self.pump = assembled(manufacture(self.descriptor, "P1", "T1", 20_000 * DAY, 0))
        self.trains: list[Train] = []
        self._sent = 0
        self.fill()

    def fill(self) -> None:
        """The reservoir is full again."""
        self.tell(RecordRefill(self.descriptor.reservoir_nl, FLUID))

    def wait(self, for_ms: int) -> None:
        """Time passes."""
        self._take(TimePassed(), self.pump.state.tick_ms + for_ms)

    def tell(self, command: Command, role: Role = Role.PHYSICIAN) -> Answer:
        """The answer to a command."""
        self._sent += 1
        tick_ms = self.pump.state.tick_ms
        request = Request(self._sent.to_bytes(16, "big"), tick_ms + COMMAND_LIFE_MS, command)
        answer = self._take(CommandReceived(request, role), tick_ms)
        assert answer is not None
        return answer

    def stage(self, rate_nl_per_day: int, bolus: PatientBolus | None = None) -> Answer:
        """What the pump says to this program."""
        return self.tell(Stage(self._program(rate_nl_per_day, bolus), program_hash(self.pump.state.program)))

    def infuse(self, rate_nl_per_day: int, bolus: PatientBolus | None = None) -> None:
        """The program runs. Raises ValueError when the pump does not take it."""
        staged = self.stage(rate_nl_per_day, bolus)
        if not isinstance(staged, Staged) or not isinstance(self.tell(Commit(staged.staged_hash)), Done):
            raise ValueError(f"{self.descriptor.model}: {staged}")

    def _program(self, rate_nl_per_day: int, bolus: PatientBolus | None) -> Program:
        state = self.pump.state
        return Program(
            pump_serial=state.identity.serial,
            patient_token=state.identity.patient_token,
            mode=Mode.SIMPLE_CONTINUOUS,
            steps=(FlexStep(0, rate_nl_per_day),),
            patient_bolus=bolus,
            components=FLUID,
            stated_daily_dose_ng=(rate_nl_per_day,),
            volume_limit_nl_per_24h=VOLUME_LIMIT.high,
            low_reservoir_nl=0,
        )

    def _take(self, event: CommandReceived | TimePassed, now_ms: int) -> Answer | None:
        self.pump, effects = step(self.pump, event, now_ms)
        answer = None
        for effect in effects:
            if isinstance(effect, Strokes):
                self.trains += effect.trains
            elif isinstance(effect, Answered):
                answer = effect.reply.answer
        return answer


def continuous(model: str, rate_nl_per_day: int) -> Continuous:
    """The trumpet of one model at one rate."""
    measured = Measured(model)
    stroke_nl = measured.descriptor.stroke_nl
    half_ms = measured.descriptor.reservoir_nl * DAY // (2 * rate_nl_per_day)
    measured.infuse(rate_nl_per_day)
    from_ms = min(half_ms, DAY)
    empty_ms = (measured.descriptor.reservoir_nl // stroke_nl) * stroke_nl * DAY // rate_nl_per_day
    until_ms = min(from_ms + WATCHED_MS, empty_ms)
    measured.wait(until_ms)
    ticks = sorted(train.tick(k) for train in measured.trains for k in range(train.first, train.last + 1))
    counts = [bisect_right(ticks, at_ms) for at_ms in range(from_ms, until_ms + 1, SAMPLE_MIN * MINUTE)]
    windows = (each for each in WINDOWS_MIN if each // SAMPLE_MIN < len(counts))
    return Continuous(
        model, rate_nl_per_day, tuple(_trumpet(counts, each, rate_nl_per_day, stroke_nl) for each in windows)
    )


def _trumpet(counts: list[int], window_min: int, rate_nl_per_day: int, stroke_nl: int) -> Trumpet:
    apart = window_min // SAMPLE_MIN
    made = [later - earlier for earlier, later in zip(counts, counts[apart:], strict=False)]
    set_nl = Fraction(rate_nl_per_day * window_min, 24 * 60)
    extremes = [(each * stroke_nl - set_nl) for each in (min(made), max(made))]
    low, high = (100 * each / set_nl for each in extremes)
    return Trumpet(window_min, low, high, max(abs(each) for each in extremes) / stroke_nl)


def boluses(model: str, set_nl: int) -> Boluses:
    """25 boluses of this setting in a row, one a day, each counted from its grant on."""
    measured = Measured(model)
    stroke_nl = measured.descriptor.stroke_nl
    measured.infuse(measured.descriptor.lowest_rate_nl_per_day, _bolus(set_nl))
    given: list[int] = []
    for _ in range(BOLUSES):
        measured.fill()
        measured.wait(DAY)
        before = measured.pump.state.bolus_strokes_total
        answer = measured.tell(RequestBolus(), Role.PATIENT)
        if not isinstance(answer, Done):
            raise ValueError(f"{model}: {answer}")
        measured.wait(BOLUS_DURATION.high)
        given.append((measured.pump.state.bolus_strokes_total - before) * stroke_nl)
    errors = [Fraction(100 * (each - set_nl), set_nl) for each in given]
    off = max(Fraction(abs(each - set_nl), stroke_nl) for each in given)
    return Boluses(model, set_nl, sum(errors, Fraction(0)) / len(errors), min(errors), max(errors), off)


def settings_of(model: str) -> tuple[int, int]:
    """The smallest and the largest patient bolus that the pump takes beside its lowest rate, nL."""
    measured = Measured(model)

    def takes(set_nl: int) -> bool:
        return not isinstance(measured.stage(measured.descriptor.lowest_rate_nl_per_day, _bolus(set_nl)), Refused)

    smallest = _first(BOLUS_VOLUME.low, measured.descriptor.stroke_nl, takes)
    largest = _first(smallest, BOLUS_VOLUME.high, lambda each: not takes(each)) if not takes(BOLUS_VOLUME.high) else 0
    return smallest, largest - 1 if largest else BOLUS_VOLUME.high


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number from low to high of which it holds, as of all after it; high when of none before."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _bolus(set_nl: int) -> PatientBolus:
    return PatientBolus(set_nl, BOLUS_DURATION.high, 12 * HOUR, 1)


def rates_of(model: str) -> tuple[int, int, int]:
    """The lowest rate that is programmed, an intermediate one and the highest, nL/day."""
    limits = descriptor_of(programmable_pump(model))
    return limits.lowest_rate_nl_per_day, INTERMEDIATE_NL_PER_DAY, limits.highest_rate_nl_per_day


def all_continuous() -> tuple[Continuous, ...]:
    """Every model at its three rates."""
    return tuple(continuous(model, rate) for model in MODELS for rate in rates_of(model))


def all_boluses() -> tuple[Boluses, ...]:
    """Every model at its smallest and its largest setting."""
    return tuple(boluses(model, each) for model in MODELS for each in settings_of(model))


def markdown() -> str:
    """Both tables of docs/models/pump.md."""
    lines = [
        "| model | rate nL/day | " + " | ".join(f"{each} min" for each in WINDOWS_MIN) + " | most strokes off |",
        "|---" * (len(WINDOWS_MIN) + 3) + "|",
    ]
    for row in all_continuous():
        cells = [f"{_signed(t.lowest_percent)} to {_signed(t.highest_percent)}" for t in row.trumpets]
        cells += ["empty before"] * (len(WINDOWS_MIN) - len(cells))
        off = max(each.strokes_off for each in row.trumpets)
        lines.append(f"| {row.model} | {row.rate_nl_per_day:,} | " + " | ".join(cells) + f" | {_plain(off)} |")
    lines += [
        "",
        "| model | bolus set nL | mean error % | worst - % | worst + % | most strokes off |",
        "|---|---|---|---|---|---|",
    ]
    for each in all_boluses():
        percents = (each.mean_percent, min(each.lowest_percent, Fraction(0)), max(each.highest_percent, Fraction(0)))
        lines.append(
            f"| {each.model} | {each.set_nl:,} | "
            + " | ".join(_signed(percent) for percent in percents)
            + f" | {_plain(each.strokes_off)} |"
        )
    return "\n".join(lines)


def _signed(value: Fraction) -> str:
    """Two digits, away from zero: what is told is never less than what was found."""
    hundredths = -(-abs(value) * 100 // 1)
    return f"{'-' if value < 0 else '+'}{hundredths // 100}.{hundredths % 100:02d}" if hundredths else "0.00"


def _plain(value: Fraction) -> str:
    return _signed(value).removeprefix("+")


if __name__ == "__main__":
    print(markdown())
