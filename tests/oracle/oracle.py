"""A second pump, written from the requirements only, to judge the first one.

It keeps no state that is stepped. It keeps the facts of a story (which program ran from when, when there was no
power, what was filled, what was granted) and answers from them, for any time, how many strokes must have been made:
basal strokes are the floor of an exact integral of rate over civil time (Fraction), bolus strokes the floor of the
powered time since its start. When the reservoir is empty is found by bisection on those counts.
Requirements: shared decisions 2-9 and 11, docs/models/pump.md, ADR 0001.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

from thecal.device import Mode, Program, PumpDescriptor, Reason

DAY = 86_400_000


@dataclass
class Given:
    """One granted bolus: n strokes evenly over ``duration`` of powered time, unless it was cut off."""

    start: int
    strokes: int
    duration: int
    delayed: int = 0
    cut: tuple[int, int] | None = None  # (tick, strokes made until then)

    @property
    def end(self) -> int:
        """From this tick on it makes no stroke."""
        return self.start + self.delayed + self.duration if self.cut is None else self.cut[0]


def basal_nl_per_day(program: Program, descriptor: PumpDescriptor) -> list[tuple[int, int]]:
    """(minute of the day from which, nL/day), covering the whole day."""
    if program.mode is Mode.STOPPED:
        return [(0, 0)]
    if program.mode is Mode.MINIMUM_RATE:
        return [(0, descriptor.minimum_rate_nl_per_day)]
    return [(each.start_min, each.rate_nl_per_day) for each in program.steps]


class Reference:
    """The facts of one pump's story, and what follows from them."""

    def __init__(self, descriptor: PumpDescriptor, utc_at_tick_zero_ms: int, clock_offset_min: int) -> None:
        self.descriptor = descriptor
        self.civil_at_zero = utc_at_tick_zero_ms + clock_offset_min * 60_000
        self.program: Program | None = None  # None: as manufactured, stopped
        self.empty = True
        self.given: list[Given] = []
        self.outages: list[tuple[int, int]] = []
        self.visits: list[int] = []  # commits and refills
        self.commits: list[int] = []
        self._ended: list[tuple[int, int]] = []  # (highest rate of a program, tick at which it ended)
        self._lines: list[tuple[int, Fraction, Program | None]] = [(0, Fraction(0), None)]
        self._fill = (0, 0, 0)  # (tick, volume told, strokes made before it)

    # What must have been made

    def owed(self, tick: int) -> Fraction:
        """Basal strokes owed by ``tick`` since the pump was made, exactly."""
        index = bisect_right(self._lines, tick, key=lambda line: line[0]) - 1
        since, before, program = self._lines[index]
        if program is None:
            return before
        return before + self._integral(program, tick) - self._integral(program, since)

    def _integral(self, program: Program, tick: int) -> Fraction:
        """Strokes of the program's basal from some civil midnight long ago until ``tick``."""
        days, now = divmod(self.civil_at_zero + tick, DAY)
        steps = basal_nl_per_day(program, self.descriptor)
        ends = [start for start, _ in steps[1:]] + [1_440]
        whole = partial = 0
        for (start, rate), end in zip(steps, ends, strict=True):
            whole += rate * (end - start) * 60_000
            partial += rate * max(0, min(now, end * 60_000) - start * 60_000)
        return Fraction(days * whole + partial, DAY * self.descriptor.stroke_nl)

    def basal_made(self, tick: int) -> int:
        """Basal strokes made by ``tick``."""
        return int(self.owed(tick))

    def given_made(self, given: Given, tick: int) -> int:
        """Strokes of one bolus made by ``tick``."""
        if given.cut is not None and tick >= given.cut[0]:
            return given.cut[1]
        dark = sum(max(0, min(tick, end) - max(given.start, start)) for start, end in self.outages)
        powered = max(0, tick - given.start - dark)
        return min(given.strokes, int(Fraction(powered * given.strokes, given.duration)))

    def bolus_made(self, tick: int) -> int:
        """Bolus strokes made by ``tick``."""
        return sum(self.given_made(each, tick) for each in self.given)

    def made(self, tick: int) -> int:
        """All strokes made by ``tick``."""
        return self.basal_made(tick) + self.bolus_made(tick)

    def left_nl(self, tick: int) -> int:
        """The believed reservoir at ``tick`` (latest fill only)."""
        _, volume, before = self._fill
        return volume - (self.made(tick) - before) * self.descriptor.stroke_nl

    def running(self, tick: int) -> Given | None:
        """The bolus that runs at ``tick``, after its strokes up to then."""
        if not self.given or self.given[-1].cut is not None:
            return None
        return self.given[-1] if self.given_made(self.given[-1], tick) < self.given[-1].strokes else None

    # Facts

    def settle(self, tick: int) -> None:
        """Let the reservoir run empty, if it does so by ``tick``."""
        if self.empty or self.left_nl(tick) >= self.descriptor.stroke_nl:
            return
        full, dry = self._fill[0] - 1, tick
        while dry - full > 1:
            middle = (full + dry) // 2
            if self.left_nl(middle) < self.descriptor.stroke_nl:
                dry = middle
            else:
                full = middle
        excess = -(self.left_nl(dry) // self.descriptor.stroke_nl)
        running = self.given[-1] if self.given and self.given[-1].cut is None else None
        if running is not None and self.given_made(running, dry) - max(excess, 0) < running.strokes:
            self._cut(dry, max(excess, 0))
        self.empty = True
        self._draw_line(dry)

    def commit(self, program: Program, tick: int) -> None:
        """A program became active."""
        self.settle(tick)
        self.visits.append(tick)
        self._replace(program, tick)

    def stop(self, stopped: Program | None, tick: int) -> None:
        """Delivery was stopped; the rest of a bolus is gone."""
        self.settle(tick)
        if self.running(tick) is not None:
            self._cut(tick, 0)
        self._replace(stopped, tick)

    def refill(self, volume_nl: int, tick: int) -> None:
        """The pump was told what it holds now."""
        self.settle(tick)
        self._fill = (tick, volume_nl, self.made(tick))
        self.empty = volume_nl < self.descriptor.stroke_nl
        self.visits.append(tick)
        self._draw_line(tick)

    def outage(self, start: int, end: int) -> None:
        """No power from ``start`` to ``end``. A bolus goes on after it unless the outage outlasts the whole bolus."""
        self.settle(start)
        running = self.running(start)
        if end == start:
            return
        if running is not None and running.delayed + end - start > running.duration:
            self._cut(start, 0)
        elif running is not None:
            running.delayed += end - start
        owed = self.owed(start)
        self._lines.append((start, owed, None))
        self.outages.append((start, end))
        self._draw_line(end)

    def grant(self, tick: int) -> None:
        """A bolus was granted."""
        bolus = self.program.patient_bolus
        self.given.append(Given(tick, bolus.volume_nl // self.descriptor.stroke_nl, bolus.duration_ms))

    def _cut(self, tick: int, lost: int) -> None:
        given = self.given[-1]
        given.cut = (tick, self.given_made(given, tick) - lost)

    def _replace(self, program: Program | None, tick: int) -> None:
        if self.program is not None:
            self._ended.append((self.highest_rate(self.program), tick))
        self.program = program
        self.commits.append(tick)
        self._draw_line(tick)

    def _draw_line(self, tick: int) -> None:
        self._lines.append((tick, self.owed(tick), None if self.empty else self.program))

    # May the patient have a bolus

    def highest_rate(self, program: Program) -> int:
        """The highest basal rate of a program, nL/day."""
        return max(rate for _, rate in basal_nl_per_day(program, self.descriptor))

    def reserve_nl(self, tick: int) -> int:
        """24 h of the highest basal that can still be in a window, in whole strokes, rounded up."""
        rates = [rate for rate, ended in self._ended if tick - ended < DAY]
        highest = max([self.highest_rate(self.program), *rates])
        return -(-highest // self.descriptor.stroke_nl) * self.descriptor.stroke_nl

    def verdict(self, tick: int) -> Reason | None:
        """Why a bolus must be refused at ``tick``, or None."""
        self.settle(tick)
        program = self.program
        if program is None or program.mode is Mode.STOPPED:
            return Reason.NOT_INFUSING
        if self.empty:
            return Reason.RESERVOIR_EMPTY
        if self.running(tick) is not None:
            return Reason.BOLUS_RUNNING
        if program.mode is Mode.MINIMUM_RATE:
            return Reason.NOT_INFUSING
        bolus = program.patient_bolus
        if bolus is None:
            return Reason.NO_PATIENT_BOLUS
        bolus_from = self.given[-1].start + bolus.lockout_ms if self.given else tick
        visit_from = self.visits[-1] + bolus.lockout_ms
        if tick < max(bolus_from, visit_from):  # of two lockouts, the one that the patient has to wait for is named
            return Reason.LOCKOUT if bolus_from >= visit_from else Reason.LOCKOUT_AFTER_VISIT
        if sum(tick - each.start < DAY for each in self.given) >= bolus.maximum_per_24h:
            return Reason.MAXIMUM_REACHED
        stroke = self.descriptor.stroke_nl
        strokes = bolus.volume_nl // stroke
        counted = sum(each.strokes for each in self.given if self._counts(each, tick, strokes, bolus.duration_ms))
        if self.reserve_nl(tick) + (counted + strokes) * stroke > program.volume_limit_nl_per_24h:
            return Reason.VOLUME_LIMIT_REACHED
        beside = -(-self.highest_rate(program) * bolus.duration_ms // (stroke * DAY))
        if self.left_nl(tick) // stroke < strokes + beside + 1:
            return Reason.RESERVOIR_TOO_LOW
        return None

    def _counts(self, given: Given, tick: int, strokes: int, duration: int) -> bool:
        if (given.strokes, given.duration) == (strokes, duration) and not given.delayed:
            return tick - given.start < DAY
        return tick - given.end < DAY
