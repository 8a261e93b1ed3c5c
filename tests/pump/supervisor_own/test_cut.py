"""Cutting trains at a tick, and how much of one a stretch of time can hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from thecal.pump.strokes import StrokeKind, Train
from thecal.pump.supervisor.cut import cut, most_within

TRAINS = st.builds(
    Train,
    kind=st.sampled_from(StrokeKind),
    origin_tick_ms=st.integers(-20, 20),
    interval=st.integers(1, 40),
    phase=st.integers(-50, 50),
    per=st.integers(1, 7),
    first=st.just(1),
    last=st.integers(1, 12),
    bolus_tick_ms=st.none() | st.integers(0, 9),
)


@given(st.lists(TRAINS, max_size=4), st.integers(-100, 100))
def test_a_cut_parts_the_strokes_at_the_tick_and_leaves_no_empty_train(trains, tick_ms):
    """Verify: up to the tick and after it, together all of them with their bolus ids, and no train of no stroke."""
    earlier, later = cut(trains, tick_ms)
    assert all(train.number > 0 for train in earlier + later)
    assert all(stroke.tick_ms <= tick_ms for train in earlier for stroke in train.strokes())
    assert all(stroke.tick_ms > tick_ms for train in later for stroke in train.strokes())

    def strokes(of):
        return sorted((s.tick_ms, s.kind.value, str(train.bolus_tick_ms)) for train in of for s in train.strokes())

    assert strokes(earlier + later) == strokes(trains)


@given(TRAINS, st.integers(1, 60))
def test_no_span_holds_more_of_a_train_than_said(train, span_ms):
    """Verify: no span, wherever it lies, and never more than the train has."""
    ticks = [stroke.tick_ms for stroke in train.strokes()]
    fullest = max(sum(tick <= other < tick + span_ms for other in ticks) for tick in ticks)
    assert fullest <= most_within(train, span_ms) <= train.number


def test_the_most_within_a_span_is_reached_by_a_uniform_train():
    train = Train(StrokeKind.BASAL, 0, 7, 0, 2, 1, 10)
    assert [most_within(train, span_ms) for span_ms in (1, 3, 4, 7, 8, 35, 36)] == [1, 1, 2, 2, 3, 10, 10]
