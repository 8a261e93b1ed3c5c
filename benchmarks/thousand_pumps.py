"""A thousand pumps in one process: implant with journal, both layers, motor and fluid path of each, event to event."""

from __future__ import annotations

import time
from collections.abc import Sequence

from thecal.bench.channel import Protection, unprotected
from thecal.bench.device import Client, DeviceBench, Setup
from thecal.bench.device.demonstration import demonstrated
from thecal.catalogue.programmable import programmable_models
from thecal.device import Role

PUMPS = 1_000
HOUR_MS = 3_600_000
GRANT_MS = 900_000  # all pumps are brought to one moment before the next: about once a second at the target speed
STRETCH_MS = 6 * HOUR_MS
MONTH_MS = 30 * 24 * HOUR_MS
TARGET = 1_000


def made(count: int = PUMPS) -> list[DeviceBench]:
    """Pumps of every programmable model in turn, each filled and programmed over a link of its own."""
    models = programmable_models()
    return [
        demonstrated(Setup(models[number % len(models)], serial=f"BENCH-{number}", seed=str(number)), _wire)
        for number in range(count)
    ]


def run(benches: Sequence[DeviceBench], for_ms: int, grant_ms: int, handsets: Sequence[Client] = ()) -> float:
    """Bring all of them forward together; the seconds of real time that took. Handsets read once an hour."""
    began_s = time.perf_counter()
    for moment_ms in range(grant_ms, for_ms + 1, grant_ms):
        for bench in benches:
            bench.advance(grant_ms)
        if moment_ms % HOUR_MS == 0:
            for handset in handsets:
                handset.read_status()
    return time.perf_counter() - began_s


def _alone() -> None:
    """One pump by itself for a month, as far as one call goes."""
    (bench,) = made(1)
    began_s = time.perf_counter()
    bench.advance(MONTH_MS)
    ratio = MONTH_MS / 1_000 / (time.perf_counter() - began_s)
    print(f"  one pump alone, 30 days in one call, {bench.fluid.strokes_made:,} strokes: {ratio:,.0f} times real time")


def main() -> None:
    """Print the ratio of pump time to real time, every pump running at once, beside its target."""
    _alone()
    began_s = time.perf_counter()
    benches = made()
    handsets = [bench.attach(Role.PATIENT) for bench in benches]
    print(f"  {PUMPS:,} pumps made, filled and programmed: {time.perf_counter() - began_s:.2f} s")
    for grant_ms, name in ((GRANT_MS, "grants of 15 min"), (HOUR_MS, "grants of 1 h")):
        before = sum(bench.fluid.strokes_made for bench in benches)
        took_s = run(benches, STRETCH_MS, grant_ms, handsets)
        strokes = sum(bench.fluid.strokes_made for bench in benches) - before
        ratio = STRETCH_MS / 1_000 / took_s
        verdict = "met" if ratio >= TARGET else "MISSED"
        print(
            f"  {name}: {STRETCH_MS // HOUR_MS} h in {took_s:.2f} s, {ratio:,.0f} times real time "
            f"(target {TARGET:,}, {verdict}), {strokes / took_s:,.0f} strokes/s"
        )
    exact = sum(bench.left_tip_nl == bench.believes.delivered_nl for bench in benches)
    print(f"  pumps of which the count is what left the tip: {exact:,} of {PUMPS:,}")


def _wire(_seed: str) -> Protection:
    return unprotected


if __name__ == "__main__":
    main()
