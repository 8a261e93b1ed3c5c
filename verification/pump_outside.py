"""What can be seen of an implant from outside: the strokes it asked its motor for, its status, its log as it grows."""

from __future__ import annotations

from bisect import bisect_right

from thecal.device import Alarm, LogEntry, LogKind, Mode, chained
from thecal.implant import Implant
from thecal.pump import PumpState, next_tone
from thecal.pump.controller.alarm_table import STOPS_STROKES
from thecal.pump.controller.status import status
from thecal.pump.strokes import MS_PER_DAY
from thecal.pump.supervisor import TripReason

HOUR, DAY = 3_600_000, 86_400_000
HOLD = STOPS_STROKES - {Alarm.EMPTY_RESERVOIR}  # that one ends with a refill, or with strokes that were not made
TRIPS = (
    *(None, TripReason.NOT_SEALED, TripReason.HEARTBEAT_MISSING),
    *(TripReason.UNREQUESTED_STROKE, TripReason.DEAD),
)  # what a controller that does as it should can see
CHANGES = (LogKind.PROGRAM_COMMITTED, LogKind.PROGRAM_STARTED, LogKind.INFUSION_STOPPED, LogKind.MEMORY_FAULT)
MOVES = (LogKind.REFILL_RECORDED, LogKind.STROKES_MISSED, LogKind.STROKES_UNASKED)


class Outside:
    """Counts of its own beside one implant. ``losses`` of power; ``made`` are the ticks of the strokes that turned.

    ``told_otherwise``: strokes by which the pump was told something else than what happened, as a trial.
    """

    def __init__(self, implant: Implant) -> None:
        self.implant = implant
        self.made: list[int] = []
        self.losses = 0
        self.told_otherwise = 0
        self.motor_was_told = False
        self.log: list[LogEntry] = []
        self._grants: list[int] = []
        self._head = implant.state.log_before
        self._before = implant.state
        self._made_before = 0
        self._held = False

    def look(self) -> None:
        """Raises AssertionError for what must not be."""
        state = self.implant.state
        new = self._gathered(state)
        self._counted(state, new)
        self._windows(state)
        self._granted(state, new)
        self._shown(state)
        kinds = {entry.kind for entry in new}
        if state.program != self._before.program:
            assert kinds & set(CHANGES), "another program runs, and no entry says so"
        if self._held and not kinds & set(CHANGES):
            assert len(self.made) == self._made_before, "a pump that gives nothing made strokes"
        assert self.implant.guard.trip in TRIPS, f"the supervisor tripped: {self.implant.guard.trip}"
        self._plain_basal(state, new)
        held = state.program.mode is Mode.STOPPED or any(each.alarm in HOLD for each in state.alarms)
        self._held = state.waiting is None and (held or self.implant.guard.trip is not None)
        self._before, self._made_before, self.motor_was_told = state, len(self.made), False

    def _gathered(self, state: PumpState) -> list[LogEntry]:
        """I8: the entries since the last look, each chained to the one before."""
        known = self.log[-1].sequence if self.log else 0
        new = [entry for entry in state.log if entry.sequence > known]
        if new and new[0].sequence != known + 1:  # more came than a log holds
            self._head = state.log_before
        for entry in new:
            assert entry.tick_ms <= state.tick_ms
            self._head = chained(self._head, entry)
        assert self._head == state.log_head, "the log is not chained as it grew"
        self.log += new
        return new

    def _counted(self, state: PumpState, new: list[LogEntry]) -> None:
        """I2, I11: counted = made, but for one stroke for each loss of power; the volume goes with the count."""
        ahead = state.strokes_total - len(self.made) - self.told_otherwise
        assert 0 <= ahead <= self.losses, f"{ahead} strokes counted and not made"
        if not self.motor_was_told and not any(entry.kind in MOVES for entry in new):
            given_nl = (state.strokes_total - self._before.strokes_total) * state.identity.descriptor.stroke_nl
            assert state.reservoir.volume_nl == self._before.reservoir.volume_nl - given_nl
        assert 0 <= state.reservoir.volume_nl <= state.identity.descriptor.reservoir_nl

    def _windows(self, state: PumpState) -> None:
        """I1: no hour and no day holds more than the ceiling, nor a day of a program more than it allows."""
        limits, began, ticks = state.identity.descriptor, state.committed_tick_ms, self.made
        allowed = None
        clock_was_set = any(e.kind is LogKind.CLOCK_SET and e.tick_ms >= (began or 0) for e in self.log)
        if state.program.mode not in (Mode.STOPPED, Mode.MINIMUM_RATE) and not clock_was_set:
            allowed = state.program.volume_limit_nl_per_24h // limits.stroke_nl + state.numbers.once_strokes
        for place in range(self._made_before, len(ticks)):
            tick_ms = ticks[place]
            for span in (HOUR, DAY):
                most = -(-limits.highest_rate_nl_per_day * span // (limits.stroke_nl * DAY)) + 1
                assert place + 1 - bisect_right(ticks, tick_ms - span) <= most, "more than the ceiling"
            if allowed is not None and began is not None and tick_ms > began:
                within = place + 1 - bisect_right(ticks, max(began, tick_ms - DAY))
                assert within <= allowed, f"{within} strokes in 24 h of a program that allows {allowed}"

    def _granted(self, state: PumpState, new: list[LogEntry]) -> None:
        """I5, I6: one bolus at a time; grants a lockout apart, no more in 24 h than the maximum."""
        assert state.once is None or state.running_bolus is None, "two boluses run"
        prescribed = state.program.patient_bolus
        for entry in new:
            if entry.kind is not LogKind.BOLUS_GRANTED:
                continue
            if prescribed is not None and state.program == self._before.program:
                past = [tick for tick in self._grants if tick > entry.tick_ms - DAY]
                assert len(past) < prescribed.maximum_per_24h, "more boluses than the maximum"
                assert not past or entry.tick_ms - past[-1] >= prescribed.lockout_ms, "a bolus within the lockout"
            self._grants.append(entry.tick_ms)

    def _shown(self, state: PumpState) -> None:
        """I14: every standing alarm is in the status, and a tone of it will come."""
        seen = status(state)
        assert set(seen.alarms) == {each.alarm for each in state.alarms}
        assert not seen.alarms or next_tone(state.alarms, state.intervals, state.tick_ms) is not None
        if seen.bolus is not None and seen.bolus.running_delivered_nl is not None:
            assert seen.bolus.running_delivered_nl <= seen.bolus.volume_nl

    def _plain_basal(self, state: PumpState, new: list[LogEntry]) -> None:
        """I4: where nothing but time passed, the strokes are the integral of the rate, to a stroke."""
        before = self._before
        plain = state.program.mode is Mode.SIMPLE_CONTINUOUS and not new and not state.alarms and not before.alarms
        quiet = before.running_bolus is None and before.once is None and before.waiting is None and not self.losses
        if not plain or not quiet or self.implant.guard.trip is not None or state.motor != before.motor:
            return
        owed = state.program.steps[0].rate_nl_per_day * (state.tick_ms - before.tick_ms)
        strokes = (len(self.made) - self._made_before) * state.identity.descriptor.stroke_nl * MS_PER_DAY
        assert abs(owed - strokes) < state.identity.descriptor.stroke_nl * MS_PER_DAY, "not the programmed rate"
