"""What is asked of a supervisor: sealed guards, strokes one by one, trains near every limit. From its words alone."""

from __future__ import annotations

from heapq import merge

from hypothesis import strategies as st

from thecal.pump.strokes import StrokeKind, Strokes, Train
from thecal.pump.supervisor import Declared, Guard, Passed, Tripped, examine_one, new_guard, seal

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
BUCKET = 15 * MINUTE
Asked = tuple[int, StrokeKind, int | None]  # tick, kind, id of its bolus


def whole_up(numerator: int, denominator: int) -> int:
    """The quotient, rounded up."""
    return -(-numerator // denominator)


@st.composite
def declarations(draw: st.DrawFn) -> Declared:
    """What a commit may declare of a small model, so that few strokes reach the limits."""
    stroke_nl = draw(st.sampled_from([1, 7, 500, 2_500]))
    per_day = draw(st.sampled_from([24, 96, 200, 3_000, 48_000]))  # strokes at the highest rate
    ceiling = stroke_nl * per_day + draw(st.integers(0, stroke_nl - 1))
    basal = draw(st.integers(0, ceiling))
    basal_day = whole_up(basal, stroke_nl) * stroke_nl
    bolus = draw(st.integers(0, 12)) * stroke_nl
    # a bolus alone keeps to the highest rate
    duration = max(MINUTE, whole_up(bolus * DAY, ceiling)) + draw(st.integers(0, HOUR)) if bolus else 0
    lockout = max(BUCKET, duration + 1) + draw(st.integers(0, 6 * HOUR)) if bolus else 0
    once = draw(st.integers(0, 30)) * stroke_nl
    once_ms = max(MINUTE, whole_up(once * DAY, ceiling)) + draw(st.integers(0, HOUR)) if once else 0
    limit = basal_day + draw(st.integers(0, 20)) * stroke_nl + bolus
    return Declared(stroke_nl, ceiling, limit, basal, bolus, duration, lockout, once, once_ms)


def sealed(declared: Declared, tick_ms: int) -> Guard:
    """A new supervisor that holds this program from this tick."""
    guard = seal(new_guard(declared.stroke_nl, declared.ceiling_nl_per_day, tick_ms), declared, tick_ms)
    assert isinstance(guard, Guard), (declared, guard)
    return guard


def in_order(strokes: Strokes) -> list[Asked]:
    """The strokes with their bolus ids, in the order in which they are asked for: at one ms basal, bolus, once."""
    kinds = (
        [(tick, kind, train.bolus_tick_ms) for train in strokes.trains if train.kind is kind for tick in ticks(train)]
        for kind in (StrokeKind.BASAL, StrokeKind.BOLUS, StrokeKind.ONCE)
    )
    return list(merge(*kinds, key=lambda asked: asked[0]))


def ticks(train: Train) -> list[int]:
    """The tick of each stroke, from the words of the train: origin + ceil((k x interval - phase) / per)."""
    return [
        train.origin_tick_ms + whole_up(k * train.interval - train.phase, train.per)
        for k in range(train.first, train.last + 1)
    ]


def one_by_one(guard: Guard, asked: list[Asked]) -> Passed | Tripped:
    """The verdict on each stroke in turn; the count of passed ones is that of all."""
    for passed, (tick, kind, bolus) in enumerate(asked):
        verdict = examine_one(guard, tick, kind, bolus)
        if isinstance(verdict, Tripped):
            return verdict._replace(passed_strokes=passed)
        guard = verdict.guard
    return Passed(guard)


def let_through(guard: Guard, asked: list[Asked]) -> tuple[Guard, list[Asked]]:
    """As many as pass; a refused stroke is left out, and the guard goes on as before it (a tester's privilege)."""
    passed = []
    for tick, kind, bolus in asked:
        verdict = examine_one(guard, tick, kind, bolus)
        if isinstance(verdict, Passed):
            guard = verdict.guard
            passed.append((tick, kind, bolus))
    return guard, passed


@st.composite
def trains(draw: st.DrawFn, declared: Declared, after_ms: int, kind: StrokeKind) -> Train:
    """A train of any pace, often just what the program allows and often a little more, in one stretch of time."""
    origin = after_ms + draw(st.sampled_from([0, 1, BUCKET, HOUR, 5 * HOUR]) | st.integers(0, 2 * HOUR))
    nudge = draw(st.sampled_from([-1, 0, 0, 0, 1]))
    if kind is StrokeKind.BASAL:
        rates = [declared.highest_basal_nl_per_day, declared.ceiling_nl_per_day, declared.ceiling_nl_per_day * 2]
        rate = max(1, draw(st.sampled_from(rates)) + nudge)
        interval = declared.stroke_nl * DAY
        phase = draw(st.sampled_from([0, interval - 1, interval // 2]))
        last = draw(st.integers(1, 40) | st.sampled_from([declared.ceiling_nl_per_day // declared.stroke_nl + 1]))
        return Train(kind, origin, interval, phase, rate, 1, min(last, 400))
    once = kind is StrokeKind.ONCE
    volume, duration = (
        (declared.once_nl, declared.once_duration_ms) if once else (declared.bolus_nl, declared.bolus_duration_ms)
    )
    number = max(1, volume // declared.stroke_nl + nudge)
    interval = max(1, (duration or HOUR) + draw(st.sampled_from([0, 0, -1, 1])))
    first = draw(st.sampled_from([1, 1, max(1, number - 1)]))
    granted = origin + draw(st.sampled_from([0, 0, 0, -1, 1, -declared.bolus_lockout_ms]))
    return Train(kind, origin, interval, 0, number, first, number, granted if draw(st.booleans()) or once else origin)
