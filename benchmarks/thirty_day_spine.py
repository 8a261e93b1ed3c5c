"""How long thirty days of one patient's spine take: strokes, hourly infusion, and what the set-up costs."""

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

from thecal.catalogue.anatomy import load_anatomy
from thecal.catalogue.kinetics import load_kinetics
from thecal.neuraxis import ExactEngine, Release, build_spine

HOUR_MS = 3_600_000
MONTH_MS = 30 * 24 * HOUR_MS
STROKE_EVERY_MS = 180_000  # 14,400 strokes in thirty days
SAMPLE_EVERY_MS = 900_000


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Median wall time of a piece of work."""
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        work()
        times.append(perf_counter() - begin)
    return median(times)


def strokes() -> Sequence[Release]:
    """1 mg a day in equal strokes."""
    count = MONTH_MS // STROKE_EVERY_MS
    return [Release(k * STROKE_EVERY_MS, k * STROKE_EVERY_MS, 30e6 / count) for k in range(count)]


def hourly_with_boluses() -> Sequence[Release]:
    """An infusion that changes every hour, and six boluses of 50 microgram over 5 min a day."""
    basal = [Release(k * HOUR_MS, (k + 1) * HOUR_MS, 32e3 + 8e3 * (k % 4)) for k in range(MONTH_MS // HOUR_MS)]
    every = 4 * HOUR_MS
    return basal + [Release(at + 1_234, at + 301_234, 5e4) for at in range(0, MONTH_MS, every)]


def main() -> None:
    """Print one figure a line."""
    anatomy = load_anatomy()
    times = range(0, MONTH_MS + 1, SAMPLE_EVERY_MS)
    for drug in ("morphine", "baclofen"):
        spine = build_spine(load_kinetics(drug), anatomy, "T10")
        engine = ExactEngine(spine)
        rows = (
            ("build the spine", lambda drug=drug: build_spine(load_kinetics(drug), anatomy, "T10")),
            ("take it apart into modes", lambda spine=spine: ExactEngine(spine)),
            ("30 days, 14,400 strokes, end only", _run(engine, strokes(), [MONTH_MS])),
            ("30 days, 14,400 strokes, 2,881 outputs", _run(engine, strokes(), times)),
            ("30 days, hourly rates + 180 boluses, 2,881 outputs", _run(engine, hourly_with_boluses(), times)),
        )
        for name, work in rows:
            print(f"spine, {drug} ({spine.layout.size} states): {name}: {seconds(work) * 1e3:.1f} ms")


def _run(engine: ExactEngine, releases: Sequence[Release], times_ms: Sequence[int]) -> Callable[[], object]:
    return lambda: engine.sample(engine.start(), releases, times_ms)


if __name__ == "__main__":
    main()
