"""The same year of one pump in Thecal and as processes of SimPy: whole numbers, the same strokes, the same duties.

Duties of both: strokes of a flex schedule with the carry, boluses with lockout, maximum and volume limit of 24 h, the
reservoir with its alarm, a hash-chained log. Thecal's pump also does what it always does: the supervisor, repeated
commands, deadlines. SimPy is no dependency: ``pip install --require-hashes -r requirements/bench.txt``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from benchmarks.pump_events import DAY_MS, HOUR_MS, LOW_NL, MODEL
from benchmarks.pump_years import BOLUS, EVERY_MS, FILL_NL, LIMIT_NL, REFILL_NL, STEPS, years

DAYS = 365
REPEATS = 5
OWED = MODEL.stroke_nl * DAY_MS  # of one stroke, nL x ms/day
STROKES_OF_BOLUS = BOLUS.volume_nl // MODEL.stroke_nl
RESERVE_NL = -(-max(step.rate_nl_per_day for step in STEPS) // MODEL.stroke_nl) * MODEL.stroke_nl
STARTS_MS = [step.start_min * 60_000 for step in STEPS] + [DAY_MS]
NEEDED_NL = (STROKES_OF_BOLUS + 6) * MODEL.stroke_nl


class SimulatedPump:
    """Basal, boluses and the patient as processes of one environment whose time is whole milliseconds."""

    def __init__(self, environment: Any) -> None:
        self.env = environment
        self.volume_nl = FILL_NL
        self.strokes = self.granted = 0
        self.starts: deque[int] = deque()  # of the boluses of the last 24 h
        self.running = self.alarmed = False
        self.visited_ms = 0
        self.head = bytes(32)
        self.log: deque[str] = deque(maxlen=200)
        self.sequence = 0

    def basal(self) -> Iterator[Any]:
        """From stroke to stroke, and from slot to slot with what is owed carried on."""
        env, carry = self.env, 0
        while True:
            day_ms = env.now - env.now % DAY_MS
            for slot, step in enumerate(STEPS):
                rate, ends_ms = step.rate_nl_per_day, day_ms + STARTS_MS[slot + 1]
                while True:
                    wait_ms = -((carry - OWED) // rate)
                    if env.now + wait_ms > ends_ms:
                        break
                    yield env.timeout(wait_ms)
                    carry += rate * wait_ms - OWED
                    self.stroke()
                left_ms = ends_ms - env.now
                carry += rate * left_ms
                yield env.timeout(left_ms)

    def stroke(self) -> None:
        """One stroke, counted and taken from the reservoir."""
        self.strokes += 1
        self.volume_nl -= MODEL.stroke_nl
        if self.volume_nl <= LOW_NL and not self.alarmed:
            self.alarmed = True
            self.logged("LOW_RESERVOIR", self.volume_nl)

    def bolus(self) -> Iterator[Any]:
        """The strokes of one bolus, evenly."""
        env, start_ms = self.env, self.env.now
        for number in range(1, STROKES_OF_BOLUS + 1):
            due_ms = start_ms - (-number * BOLUS.duration_ms // STROKES_OF_BOLUS)
            yield env.timeout(due_ms - env.now)
            self.stroke()
        self.running = False
        self.logged("BOLUS_COMPLETED", BOLUS.volume_nl)

    def requested(self) -> None:
        """Grant a bolus or refuse it, and log which."""
        now_ms, starts = self.env.now, self.starts
        while starts and starts[0] <= now_ms - DAY_MS:
            starts.popleft()
        locked = now_ms < max(self.visited_ms, starts[-1] if starts else 0) + BOLUS.lockout_ms
        volume_nl = RESERVE_NL + (len(starts) + 1) * BOLUS.volume_nl
        full = len(starts) >= BOLUS.maximum_per_24h or volume_nl > LIMIT_NL
        if self.running or locked or full or self.volume_nl < NEEDED_NL:
            self.logged("BOLUS_REFUSED", 0)
            return
        self.running = True
        self.granted += 1
        starts.append(now_ms)
        self.logged("BOLUS_GRANTED", BOLUS.volume_nl)
        self.env.process(self.bolus())

    def patient(self) -> Iterator[Any]:
        """A request every four hours, and a visit when little is left."""
        for _ in range(DAYS * DAY_MS // EVERY_MS):
            yield self.env.timeout(EVERY_MS)
            self.requested()
            if self.volume_nl < REFILL_NL:
                yield self.env.timeout(HOUR_MS)
                self.volume_nl, self.alarmed, self.visited_ms = FILL_NL, False, self.env.now
                self.logged("REFILL_RECORDED", FILL_NL)

    def logged(self, kind: str, volume_nl: int) -> None:
        """One entry, chained by hash to all before it."""
        self.sequence += 1
        line = f"{self.sequence} {self.env.now} {kind} {volume_nl}"
        self.log.append(line)
        self.head = hashlib.sha256(self.head + line.encode()).digest()


def simulated() -> SimulatedPump:
    """The year in SimPy, up to the patient's last request."""
    import simpy

    environment = simpy.Environment(initial_time=0)
    pump = SimulatedPump(environment)
    environment.process(pump.basal())
    environment.run(until=environment.process(pump.patient()))
    return pump


def main() -> None:
    """Print both times of the same run, their ratio, and whether both made the same strokes."""
    if importlib.util.find_spec("simpy") is None:
        print("  SimPy is not installed: pip install --require-hashes -r requirements/bench.txt")
        return
    best_own_s = best_other_s = float("inf")
    for _ in range(REPEATS):
        began_s = time.process_time()
        pump, granted = years(DAYS)
        between_s = time.process_time()
        other = simulated()
        best_own_s = min(best_own_s, between_s - began_s)
        best_other_s = min(best_other_s, time.process_time() - between_s)
    strokes = pump.state.strokes_total
    print(f"  Thecal {best_own_s:.3f} s: {strokes:,} strokes, {granted:,} boluses in {DAYS} days")
    print(f"  SimPy  {best_other_s:.3f} s: {other.strokes:,} strokes, {other.granted:,} boluses")
    same = (other.strokes, other.granted) == (strokes, granted)
    print(f"  {'the same strokes and boluses' if same else 'NOT the same'}; ratio {best_other_s / best_own_s:.1f}")


if __name__ == "__main__":
    main()
