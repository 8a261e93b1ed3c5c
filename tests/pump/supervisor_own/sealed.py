"""Guards and trains for the supervisor's own tests: one model (500 nL a stroke, at most 24 mL/day), one program."""

from __future__ import annotations

from thecal.pump.strokes import StrokeKind, Strokes, Train
from thecal.pump.supervisor import Declared, Guard, Passed, Tripped, examine_one, new_guard, seal

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
BUCKET = 15 * MINUTE
STROKE = 500
CEILING = 24_000_000
SHORTEST = 1_800  # ms: 500 nL at 24 mL/day
START = 10 * DAY + 7 * MINUTE

PROGRAM = Declared(
    stroke_nl=STROKE,
    ceiling_nl_per_day=CEILING,
    volume_limit_nl_per_24h=340_000,
    highest_basal_nl_per_day=300_000,
    bolus_nl=10_300,
    bolus_duration_ms=10 * MINUTE,
    bolus_lockout_ms=4 * HOUR,
    once_nl=15_000,
    once_duration_ms=30 * MINUTE,
)


def sealed(declared: Declared = PROGRAM, tick_ms: int = START) -> Guard:
    guard = seal(new_guard(declared.stroke_nl, declared.ceiling_nl_per_day, tick_ms), declared, tick_ms)
    assert isinstance(guard, Guard)
    return guard


def basal(rate: int, origin: int, last: int, *, first: int = 1, stroke: int = STROKE) -> Train:
    return Train(StrokeKind.BASAL, origin, stroke * DAY, 0, rate, first, last)


def bolus(origin: int, last: int = 20, *, granted: int | None = -1, kind: StrokeKind = StrokeKind.BOLUS) -> Train:
    """The 20 strokes of the program's bolus, half a minute apart."""
    return Train(kind, origin, 10 * MINUTE, 0, 20, 1, last, origin if granted == -1 else granted)


def one_by_one(guard: Guard, strokes: Strokes) -> Passed | Tripped:
    """The verdict on each stroke in turn, in the order of the trains' own iteration."""
    ids: dict[StrokeKind, list[int | None]] = {kind: [] for kind in StrokeKind}
    for train in strokes.trains:
        ids[train.kind] += [train.bolus_tick_ms] * train.number
    for passed, stroke in enumerate(strokes):
        verdict = examine_one(guard, stroke.tick_ms, stroke.kind, ids[stroke.kind].pop(0))
        if isinstance(verdict, Tripped):
            return verdict._replace(passed_strokes=passed)
        guard = verdict.guard
    return Passed(guard)


def let_through(guard: Guard, *trains: Train) -> Guard:
    verdict = one_by_one(guard, Strokes(trains))
    assert isinstance(verdict, Passed), verdict
    return verdict.guard
