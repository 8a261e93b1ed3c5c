"""What is seen of a simulated pump from outside, and everything that must be true of it.

The strokes are those the motor truly made. The log is gathered as it grows. What each programmer was told became of its
commands is held against it: entry for entry, tick for tick.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from itertools import pairwise
from types import MappingProxyType

from thecal.bench.air import Frame
from thecal.bench.device import DeviceBench
from thecal.bench.device.motor import Motor
from thecal.bench.device.wired_pump import WiredPump
from thecal.device import Alarm, Lasting, LogEntry, LogKind, Mode, Role, chained
from thecal.pump.controller.alarm_table import STOPS_STROKES
from thecal.pump.supervisor import TripReason
from thecal.telemetry import Applied, Malformed, decode_request

HOUR, DAY = 3_600_000, 86_400_000
KINDS = MappingProxyType(
    {
        "commit": LogKind.PROGRAM_COMMITTED,
        "stop infusion": LogKind.INFUSION_STOPPED,
        "record refill": LogKind.REFILL_RECORDED,
        "request bolus": LogKind.BOLUS_GRANTED,
        "set clock": LogKind.CLOCK_SET,
        "test alarm": LogKind.ALARM_TESTED,
        "set alarm tones": LogKind.ALARM_INTERVALS_SET,
        "silence alarm": LogKind.ALARM_SILENCED,
        "clear alarm": LogKind.ALARM_CLEARED,
    }
)


HOLD = STOPS_STROKES - {Alarm.EMPTY_RESERVOIR}  # that one ends with a refill
NOTED = ("log", "log_before", "log_head", "ring", "horizons")
# Why a supervisor trips beside a controller that does what it should.
OF_FAULTS = (TripReason.HEARTBEAT_MISSING, TripReason.UNREQUESTED_STROKE)


class Wrong(AssertionError):
    """Something that must never be was seen; the message says what, and when in bench time."""


class _Encoder(Motor):
    """The motor, with a person beside it who writes down every stroke that it makes because it was asked to."""

    def __init__(self, pump: WiredPump) -> None:
        super().__init__()
        self.ticks: list[int] = []
        self._pump = pump

    def turns(self, at_ms: int) -> bool:
        turned = super().turns(at_ms)
        if turned:
            self.ticks.append(self._pump.oscillator.tick(at_ms))
        return turned


class Seen:
    """One bench under observation. To be made before anybody is attached to it."""

    def __init__(self, bench: DeviceBench) -> None:
        self.bench = bench
        self.may_trip = False
        self.forgotten: Counter[str] = Counter()
        self._told: dict[str, list[int]] = {kind: [] for kind in KINDS}
        pump = bench.pump
        pump.motor = self._motor = _Encoder(pump)
        self._handle = pump.handle
        vars(pump)["handle"] = self._watched
        self._changes: Counter[bytes] = Counter()
        self._runs_at: set[int] = set()
        self.log: list[LogEntry] = []
        self._head = bench.believes.state.log_before
        self._digest = sha256()
        self.losses = 0  # of power
        self._at_rest: tuple[int | None, int] | None = None
        self._looked_from = 0
        self.rebase()
        self.after("manufactured", None)

    @property
    def descriptor(self):
        """The pump's model."""
        return self.bench.believes.descriptor

    @property
    def strokes(self) -> int:
        """How many strokes the motor made because it was asked to."""
        return len(self._motor.ticks)

    def told(self, kind: str, outcome: Applied) -> None:
        """A programmer was told that its command took effect at this tick."""
        self._told.setdefault(kind, []).append(outcome.at_tick_ms)

    def rebase(self) -> None:
        """Somebody's hand changed what the reservoir holds, or what the pump takes it to hold."""
        state = self.bench.believes.state
        self._offset = self._difference(), self._refills(), state.reservoir.refilled_tick_ms

    def after(self, name: str, outcome: object) -> None:
        """Something was done: look at everything."""
        bench = self.bench
        self._digest.update(f"{bench.at_ms} {name} {outcome} {bench.believes.state.strokes_total}".encode())
        powered = bench.pump.is_powered
        if not powered:
            return
        self._gather()
        self._windows()
        self._at_rest_stays()
        self._counted()
        self._trips()

    # each thing that must be true

    def _watched(self, role: Role, data: bytes) -> bytes | None:
        """Everything the pump is asked: an id changes it at most once, ever. A refusal may be noted more often."""
        before = self.bench.believes.state
        reply = self._handle(role, data)
        if before.program.mode is not Mode.STOPPED or before.waiting is not None:
            self._runs_at.add(before.tick_ms)  # should it be a stop, there is something to stop
        after = self.bench.believes.state
        if after._replace(**{name: getattr(before, name) for name in NOTED}) == before:
            return reply
        try:
            request = decode_request(data)
        except Malformed as none:
            self._wrong(f"bytes that are no request changed the pump: {none}")
        self._changes[request.command_id] += 1
        if isinstance(request.command, Lasting) and self._changes[request.command_id] > 1:
            self._wrong(f"{request.command} acted twice")
        return reply

    def _gather(self) -> None:
        state = self.bench.believes.state
        known = self.log[-1].sequence if self.log else 0
        new = [entry for entry in state.log if entry.sequence > known]
        if new and new[0].sequence != known + 1 and len(new) < len(state.log):
            self._wrong(f"entry {known + 1} of the log is not there")
        if new and new[0].sequence != known + 1:
            self._wrong("more entries than a log holds came between two looks")
        self._granted(new)
        for entry in new:
            self._head = chained(self._head, entry)
            self.log.append(entry)
        if self._head != state.log_head:
            self._wrong("the log is not chained as it grew")

    def _granted(self, new: list[LogEntry]) -> None:
        """Grants of one program are a lockout apart, and no 24 h sees more of them than its maximum."""
        state = self.bench.believes.state
        began, prescribed = state.committed_tick_ms, state.program.patient_bolus
        if began is None or prescribed is None:
            return
        of_program = [e for e in (*self.log, *new) if e.kind is LogKind.BOLUS_GRANTED and e.tick_ms > began]
        ticks = [entry.tick_ms for entry in of_program]
        if any(later - earlier < prescribed.lockout_ms for earlier, later in pairwise(ticks)):
            self._wrong("a bolus within the lockout")
        most = prescribed.maximum_per_24h
        if any(later - earlier < DAY for earlier, later in zip(ticks, ticks[most:], strict=False)):
            self._wrong(f"more than {most} boluses in 24 h")

    def _windows(self) -> None:
        """No 1 h and no 24 h holds more strokes than the ceiling, nor more than the program allows since it began."""
        ticks, state = self._motor.ticks, self.bench.believes.state
        limits, program, began = self.descriptor, state.program, state.committed_tick_ms
        allowed = None
        if began is not None and program.mode not in (Mode.STOPPED, Mode.MINIMUM_RATE) and not self._set_since(began):
            allowed = program.volume_limit_nl_per_24h // limits.stroke_nl + state.numbers.once_strokes
        for place in range(self._looked_from, len(ticks)):
            tick_ms = ticks[place]
            for span in (HOUR, DAY):
                most = -(-limits.highest_rate_nl_per_day * span // (limits.stroke_nl * DAY)) + 1
                if place + 1 - bisect_right(ticks, tick_ms - span + 2) > most:
                    self._wrong(f"{span} ms hold more than the highest rate of the model")
            if allowed is not None and began is not None and tick_ms > began + 2:
                made = place + 1 - bisect_right(ticks, max(began + 2, tick_ms - DAY + 2))
                if made > allowed:
                    self._wrong(f"{made} strokes in 24 h, where the program allows {allowed}")
        self._looked_from = len(ticks)

    def _at_rest_stays(self) -> None:
        """A pump that was stopped, or that an alarm or its supervisor holds, makes no stroke until it is programmed."""
        state, guard = self.bench.believes.state, self.bench.believes.guard
        began, made = self._at_rest or (None, self.strokes)
        if began == state.committed_tick_ms and made != self.strokes:
            self._wrong("a pump at rest made strokes")
        held = any(each.alarm in HOLD for each in state.alarms)
        held = held or state.program.mode is Mode.STOPPED or guard.trip is not None
        self._at_rest = (state.committed_tick_ms, self.strokes) if held and state.waiting is None else None

    def _counted(self) -> None:
        """Truth and belief differ by what was done to them, and by at most one stroke for each loss of power."""
        state = self.bench.believes.state
        ahead = state.strokes_total - self.bench.fluid.strokes_made
        if not 0 <= ahead <= self.losses:
            self._wrong(f"{ahead} strokes counted and not made after {self.losses} losses of power")
        was, refills, refilled = self._offset
        near_an_end = state.empty or self.bench.reservoir_nl in (0, self.descriptor.reservoir_nl)
        if (refills, refilled) != (self._refills(), state.reservoir.refilled_tick_ms) or near_an_end:
            self.rebase()
        elif self._difference() != was:
            self._wrong(f"the reservoir is believed to hold {self._difference() - was} nL more than it does")

    def _trips(self) -> None:
        trip = self.bench.believes.trip
        caused = trip in (None, TripReason.NOT_SEALED) or (trip in OF_FAULTS and self.may_trip)
        if trip is not None and not caused:
            self._wrong(f"the supervisor tripped without a cause: {trip.value}")
        if trip is None and not self.bench.pump.is_hung:
            self.may_trip = False

    def compare(self) -> None:
        """What programmers were told and what the log says: the same commands, each once, at the same ticks."""
        for kind, logged in KINDS.items():
            done = Counter(entry.tick_ms for entry in self.log if entry.kind is logged)
            told = Counter(self._told[kind])
            if kind == "stop infusion":  # stopping a pump that is stopped is done, and nothing to write down
                told = Counter(each for each in told.elements() if each in done or each in self._runs_at)
                told = Counter({tick: min(count, done[tick] or count) for tick, count in told.items()})
            untold, untrue = (done - told).total(), (told - done).total()
            if untrue or untold > self.forgotten[kind]:
                self._wrong(f"{kind}: {untold} were done and nobody was told, {untrue} were told and not done")

    def trace(self, recorded: Iterable[tuple[Frame, ...]]) -> str:
        """The hash of everything: acts, answers, strokes, log and every frame in the air."""
        digest = self._digest.copy()
        digest.update(f"{self._motor.ticks} {self._head.hex()}".encode())
        for frames in recorded:
            digest.update(b"".join(frame.data for frame in frames))
        return digest.hexdigest()

    def _difference(self) -> int:
        """Believed less true content, without what strokes that were counted and not made, and seeping, explain."""
        state, fluid = self.bench.believes.state, self.bench.fluid
        ahead = state.strokes_total - fluid.strokes_made
        believed_nl = state.reservoir.volume_nl + ahead * self.descriptor.stroke_nl
        return believed_nl - (self.bench.reservoir_nl - fluid.gained_nl)

    def _refills(self) -> int:
        return sum(entry.kind is LogKind.REFILL_RECORDED for entry in self.log)

    def _set_since(self, tick_ms: int) -> bool:
        return any(entry.kind is LogKind.CLOCK_SET and entry.tick_ms >= tick_ms for entry in reversed(self.log))

    def _wrong(self, words: str) -> None:
        raise Wrong(f"at {self.bench.at_ms} ms: {words}")
