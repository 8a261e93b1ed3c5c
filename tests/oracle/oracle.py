"""A second pump, written from the requirements only, to judge the first one.

It keeps no state that is stepped. It keeps the facts of a story (which program ran from when, when there was no
power, how the clock was set, what was filled, what was granted) and answers from them, for any time, how many strokes
must have been made: basal strokes are the floor of an exact integral of rate over civil time (Fraction), strokes of a
bolus the floor of the powered time since its start. When the reservoir is empty is found by bisection on those counts.
Requirements: shared decisions 2-9 and 11, docs/models/pump.md, ADR 0001.
"""

from __future__ import annotations

from bisect import bisect_right
from copy import copy
from fractions import Fraction

from tests.oracle.calendar import DAY, CivilTime, Week, basal_nl_per_day
from tests.oracle.given import Given
from thecal.device import BolusKind, BridgeLeft, Mode, Program, PumpDescriptor, Reason

RUNNING = {
    BolusKind.PATIENT: Reason.BOLUS_RUNNING,
    BolusKind.PERIODIC: Reason.BOLUS_RUNNING,
    BolusKind.SINGLE: Reason.SINGLE_RUNNING,
    BolusKind.PRIMING: Reason.PRIMING_RUNNING,
    BolusKind.BRIDGE: Reason.BRIDGE_RUNNING,
}


class Reference:
    """The facts of one pump's story, and what follows from them."""

    def __init__(self, descriptor: PumpDescriptor, utc_at_tick_zero_ms: int, clock_offset_min: int) -> None:
        self.descriptor = descriptor
        self.utc_at_zero = utc_at_tick_zero_ms
        self.clock = CivilTime(utc_at_tick_zero_ms + clock_offset_min * 60_000, 0)
        self.program: Program | None = None  # None: as manufactured, stopped
        self.waiting: Program | None = None
        self.empty = True
        self.bridge_left: int | None = None  # strokes of an interrupted bridge
        self.given: list[Given] = []
        self.skipped: list[int] = []  # ticks of periodic boluses that did not begin
        self.outages: list[tuple[int, int]] = []
        self.visits: list[int] = []  # commits, starts and refills
        self.commits: list[int] = []
        self.delayed: list[tuple[int, int]] = []  # (tick, volume limit) of each delayed start
        self.not_started = 0  # alarms of a program that did not begin
        self.alarmed = False  # does that alarm stand?
        self._next_periodic: int | None = None
        self._reached = 0  # everything that happens by itself up to here has been looked at
        self._ended: list[tuple[int, int]] = []  # (highest rate of a program, tick at which it ended)
        self._week: Week | None = None  # of the program
        self._lines: list[tuple[int, Fraction, Week | None, CivilTime]] = [(0, Fraction(0), None, self.clock)]
        self._fill = (0, 0, 0)  # (tick, volume told, strokes made before it)

    # What must have been made

    def owed(self, tick: int) -> Fraction:
        """Basal strokes owed by ``tick`` since the pump was made, exactly."""
        index = bisect_right(self._lines, tick, key=lambda line: line[0]) - 1
        since, before, week, clock = self._lines[index]
        if week is None:
            return before
        return before + clock.owed_nl(week, since, tick) / self.descriptor.stroke_nl

    def basal_made(self, tick: int) -> int:
        """Basal strokes made by ``tick``."""
        return int(self.owed(tick))

    def given_made(self, given: Given, tick: int) -> int:
        """Strokes of one bolus made by ``tick``."""
        return given.made(tick, self.outages)

    def _boluses_made(self, tick: int) -> tuple[int, int]:
        index = bisect_right(self.given, tick, key=lambda each: each.start) - 1
        if index < 0:
            return 0, 0
        boluses, once = self.given[index].before
        made = self.given_made(self.given[index], tick)
        return (boluses, once + made) if self.given[index].once else (boluses + made, once)

    def bolus_made(self, tick: int) -> int:
        """Strokes of patient and periodic boluses made by ``tick``."""
        return self._boluses_made(tick)[0]

    def once_made(self, tick: int) -> int:
        """Strokes of single, priming and bridge boluses made by ``tick``."""
        return self._boluses_made(tick)[1]

    def made(self, tick: int) -> int:
        """All strokes made by ``tick``."""
        return self.basal_made(tick) + sum(self._boluses_made(tick))

    def left_nl(self, tick: int) -> int:
        """The believed reservoir at ``tick`` (latest fill only)."""
        _, volume, before = self._fill
        return volume - (self.made(tick) - before) * self.descriptor.stroke_nl

    def running(self, tick: int) -> Given | None:
        """The bolus that runs at ``tick``, after its strokes up to then."""
        if not self.given or self.given[-1].cut is not None:
            return None
        return self.given[-1] if self.given_made(self.given[-1], tick) < self.given[-1].strokes else None

    def bridge_owes(self, tick: int) -> int | None:
        """Strokes that a bridge, running or interrupted, has not made; None without one."""
        running = self.running(tick)
        if running is not None and running.kind is BolusKind.BRIDGE:
            return running.strokes - self.given_made(running, tick)
        return self.bridge_left

    def rate(self, tick: int) -> int:
        """The programmed basal rate at ``tick``, nL/day."""
        return 0 if self._week is None else self.clock.rate(self._week, tick)

    # What happens by itself

    def settle(self, tick: int) -> None:
        """What happens by itself up to ``tick``: once boluses end, programs and boluses begin, it runs dry."""
        while (moment := self._next(tick)) is not None:
            if self._runs_dry(moment - 1):
                continue
            self._reached = moment
            self._come(moment)
            self._runs_dry(moment)
        self._runs_dry(tick)
        self._reached = max(self._reached, tick)

    def moments(self) -> list[int | None]:
        """When what comes next by itself comes: a once bolus ends, a program begins, a periodic bolus is due."""
        return [self._once_ends(), self._waiting_begins(), self._next_periodic]

    def later(self, tick: int) -> Reference:
        """The facts as they will be if nothing else happens until ``tick``."""
        facts = copy(self)
        for name in ("skipped", "outages", "visits", "commits", "delayed", "_ended", "_lines"):
            setattr(facts, name, list(getattr(self, name)))
        facts.given = [*self.given[:-1], *map(copy, self.given[-1:])]
        facts.settle(tick)
        return facts

    def _next(self, tick: int) -> int | None:
        return min((each for each in self.moments() if each is not None and each <= tick), default=None)

    def _once_ends(self) -> int | None:
        last = self.given[-1] if self.given else None
        return last.end if last is not None and last.once and last.cut is None and not last.over else None

    def _waiting_begins(self) -> int | None:
        if self.waiting is None or self.waiting.begins_utc_ms is None:
            return None
        return max(self.waiting.begins_utc_ms - self.utc_at_zero, self._reached)

    def _come(self, tick: int) -> None:
        """In the order of one millisecond: the end of a bolus, a waiting program, a periodic bolus."""
        if self._once_ends() == tick:
            self.given[-1].over = True
            self._draw_line(tick)
        if self._waiting_begins() == tick:
            self._begin_waiting(tick)
        if self._next_periodic == tick:
            self._periodic(tick)

    def _begin_waiting(self, tick: int) -> None:
        program, self.waiting = self.waiting, None
        assert program is not None
        if self.empty or self.undecided(program, tick) is not None:
            self.not_started += 1
            self.alarmed = True
            return
        self.delayed.append((tick, program.volume_limit_nl_per_24h))
        self._start(program, tick)

    def _periodic(self, tick: int) -> None:
        assert self.program is not None
        bolus = self.program.periodic
        assert bolus is not None
        self._next_periodic = tick + bolus.interval_ms
        strokes = bolus.volume_nl // self.descriptor.stroke_nl
        if self.empty or self.running(tick) is not None or not self._may_repeat(tick, strokes, bolus.duration_ms):
            self.skipped.append(tick)
        else:
            self._give(tick, BolusKind.PERIODIC, strokes, bolus.duration_ms)

    def _may_repeat(self, tick: int, strokes: int, duration_ms: int) -> bool:
        """Does one more periodic bolus stay within the limit, together with all boluses of the last 24 h?"""
        assert self.program is not None
        stroke = self.descriptor.stroke_nl
        counted = sum(each.strokes for each in self.given[-200:] if each.counts(tick, strokes, duration_ms)) + strokes
        basal = -(-self.highest_rate(self.program) // stroke)
        return (basal + counted) * stroke <= self.program.volume_limit_nl_per_24h

    def _runs_dry(self, tick: int) -> bool:
        if self.empty or self.left_nl(tick) >= self.descriptor.stroke_nl:
            return False
        full, dry = self._fill[0] - 1, tick
        while dry - full > 1:
            middle = (full + dry) // 2
            if self.left_nl(middle) < self.descriptor.stroke_nl:
                dry = middle
            else:
                full = middle
        excess = max(-(self.left_nl(dry) // self.descriptor.stroke_nl), 0)
        running = self.given[-1] if self.given and self.given[-1].cut is None else None
        if running is not None and self.given_made(running, dry) - excess < running.strokes:
            self._cut(dry, excess)
        self.empty = True
        self._draw_line(dry)
        return True

    # Facts

    def commit(self, program: Program, tick: int) -> None:
        """A program was committed: it runs from now on, or waits."""
        self.settle(tick)
        if program.begins_utc_ms is not None and program.begins_utc_ms - self.utc_at_zero > tick:
            self.waiting = program
        else:
            self._start(program, tick)
        self.settle(tick)

    def _start(self, program: Program, tick: int) -> None:
        self.waiting, self.alarmed = None, False
        if self.running(tick) is not None:
            self._cut(tick, 0)
        self.bridge_left = None
        self._replace(program, tick)
        self.visits.append(tick)
        if program.once is not None:
            strokes = program.once.volume_nl // self.descriptor.stroke_nl
            self._give(tick, program.once.kind, strokes, program.once.duration_ms)
            if self.empty:
                self._cut(tick, 0)
        self._next_periodic = tick if program.periodic is not None else None
        self._draw_line(tick)

    def stop(self, stopped: Program | None, tick: int) -> None:
        """Delivery was stopped; the rest of a bolus is gone."""
        self.settle(tick)
        if self.running(tick) is not None:
            self._cut(tick, 0)
        self.waiting, self._next_periodic = None, None
        self._replace(stopped, tick)

    def refill(self, volume_nl: int, tick: int) -> None:
        """The pump was told what it holds now."""
        self.settle(tick)
        self._fill = (tick, volume_nl, self.made(tick))
        self.empty = volume_nl < self.descriptor.stroke_nl
        self.visits.append(tick)
        self._draw_line(tick)

    def cancel(self, tick: int) -> None:
        """The running bolus was cancelled; the mode goes on."""
        self.settle(tick)
        self._cut(tick, 0)
        self._draw_line(tick)

    def set_clock(self, utc_ms: int, offset_min: int, tick: int) -> None:
        """Civil time is now this. The rate of the latest civil time reached holds until that time comes again."""
        self.settle(tick)
        held = self.would_hold(tick)
        self.utc_at_zero = utc_ms - tick
        self.clock = CivilTime(self.utc_at_zero + offset_min * 60_000, held)
        self._draw_line(tick)
        self.settle(tick)

    def would_hold(self, tick: int) -> int:
        """The latest civil ms that a schedule has reached, were the clock set now; 0 where no schedule runs."""
        flex = self.program is not None and self.program.mode is Mode.FLEX
        return max(self.clock.held_until, self.clock.at_tick_zero + tick) if flex else 0

    def outage(self, start: int, end: int) -> None:
        """No power from ``start`` to ``end``. A bolus goes on after it unless the outage outlasts the whole bolus."""
        self.settle(start)
        running = self.running(start)
        if end == start:
            return
        outlasts = running is not None and running.delayed + end - start > running.duration
        if running is not None and outlasts and running.kind is not BolusKind.BRIDGE:
            self._cut(start, 0)
        elif running is not None:
            running.delayed += end - start
        owed = self.owed(start)
        self._lines.append((start, owed, None, self.clock))
        self.outages.append((start, end))
        while self._next_periodic is not None and self._next_periodic < end:
            self.skipped.append(self._next_periodic)
            self._next_periodic += self.program.periodic.interval_ms
        self._reached = end
        self._draw_line(end)
        self.settle(end)

    def grant(self, tick: int) -> None:
        """A bolus was granted."""
        bolus = self.program.patient_bolus
        self._give(tick, BolusKind.PATIENT, bolus.volume_nl // self.descriptor.stroke_nl, bolus.duration_ms)

    def _give(self, tick: int, kind: BolusKind, strokes: int, duration_ms: int) -> None:
        self.given.append(Given(tick, strokes, duration_ms, kind, before=self._boluses_made(tick)))

    def _cut(self, tick: int, lost: int) -> None:
        given = self.given[-1]
        made = self.given_made(given, tick) - lost
        given.cut = (tick, made)
        if given.kind is BolusKind.BRIDGE and made < given.strokes:
            self.bridge_left = given.strokes - made

    def _replace(self, program: Program | None, tick: int) -> None:
        if self.program is not None:
            self._ended.append((self.highest_rate(self.program), tick))
        self.program = program
        self._week = None if program is None else Week(program, self.descriptor)
        self.commits.append(tick)
        self._draw_line(tick)

    def _draw_line(self, tick: int) -> None:
        running = self.running(tick)
        still = self.empty or (running is not None and running.once)
        self._lines.append((tick, self.owed(tick), None if still else self._week, self.clock))

    # May it be

    def undecided(self, program: Program, tick: int) -> Reason | None:
        """Why what the program says about an unfinished bridge does not do, or None."""
        owes, said = self.bridge_owes(tick), program.bridge_left
        if owes is None:
            return None if said is None else Reason.NO_BRIDGE
        if said is None:
            return Reason.BRIDGE_UNDECIDED
        if said is BridgeLeft.CONTINUE and program.once.volume_nl != owes * self.descriptor.stroke_nl:
            return Reason.BRIDGE_VOLUME_DIFFERS
        return None

    def highest_rate(self, program: Program) -> int:
        """The highest basal rate of a program, nL/day."""
        return max(rate for _, _, rate in basal_nl_per_day(program, self.descriptor))

    def reserve_nl(self, tick: int) -> int:
        """24 h of the highest basal that can still be in a window, in whole strokes, rounded up."""
        rates = [rate for rate, ended in self._ended if tick - ended < DAY]
        highest = max([self.highest_rate(self.program), *rates])
        return -(-highest // self.descriptor.stroke_nl) * self.descriptor.stroke_nl

    def has_room(self, tick: int, strokes: int, duration_ms: int) -> bool:
        """Does a bolus that begins now keep every window of 24 h within the limit?"""
        counts = [each for each in reversed(self.given[-200:]) if each.counts(tick, strokes, duration_ms)]
        counted = sum(each.strokes for each in counts) + strokes
        return self.reserve_nl(tick) + counted * self.descriptor.stroke_nl <= self.program.volume_limit_nl_per_24h

    def verdict(self, tick: int) -> Reason | None:
        """Why a bolus must be refused at ``tick``, or None."""
        self.settle(tick)
        program, running = self.program, self.running(tick)
        if program is None or program.mode is Mode.STOPPED:
            return Reason.NOT_INFUSING
        if self.empty:
            return Reason.RESERVOIR_EMPTY
        if running is not None:
            return RUNNING[running.kind]
        if program.mode is Mode.MINIMUM_RATE:
            return Reason.NOT_INFUSING
        bolus = program.patient_bolus
        if bolus is None:
            return Reason.NO_PATIENT_BOLUS
        asked = [each for each in self.given[-200:] if each.kind is BolusKind.PATIENT]
        starts = [each.start for each in self.given[-200:] if not each.once]
        bolus_from = starts[-1] + bolus.lockout_ms if starts else tick
        visit_from = self.visits[-1] + bolus.lockout_ms
        if tick < max(bolus_from, visit_from):  # of two lockouts, the one that the patient has to wait for is named
            return Reason.LOCKOUT if bolus_from >= visit_from else Reason.LOCKOUT_AFTER_VISIT
        if sum(tick - each.start < DAY for each in asked) >= bolus.maximum_per_24h:
            return Reason.MAXIMUM_REACHED
        stroke = self.descriptor.stroke_nl
        strokes = bolus.volume_nl // stroke
        if not self.has_room(tick, strokes, bolus.duration_ms):
            return Reason.VOLUME_LIMIT_REACHED
        beside = -(-self.highest_rate(program) * bolus.duration_ms // (stroke * DAY))
        if self.left_nl(tick) // stroke < strokes + beside + 1:
            return Reason.RESERVOIR_TOO_LOW
        return None
