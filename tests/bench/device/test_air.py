"""Frames in the air: each fault does what its name says, to the frame it is meant for."""

import pytest

from thecal.bench.air import Air, Delay, Drop, Duplicate, Flip, NoTime, Reorder, Truncate, Untouched, Way, flipped


def arrived(*faults, frames=(b"one", b"two", b"three")):
    air, heard = Air(), []
    air.disturb(Way.REQUEST, *faults)
    for frame in frames:
        air.send(Way.REQUEST, frame, heard.append)
    return heard


@pytest.mark.parametrize(
    ("faults", "heard"),
    [
        ((), [b"one", b"two", b"three"]),
        ((Drop(),), [b"two", b"three"]),
        ((Untouched(), Drop()), [b"one", b"three"]),
        ((Duplicate(),), [b"one", b"one", b"two", b"three"]),
        ((Reorder(),), [b"two", b"one", b"three"]),
        ((Reorder(), Drop()), [b"one", b"three"]),
        ((Reorder(), Reorder()), [b"three", b"one", b"two"]),
        ((Truncate(2),), [b"on", b"two", b"three"]),
        ((Flip(0),), [b"\xefne", b"two", b"three"]),
    ],
)
def test_a_fault_strikes_its_frame_and_no_other(faults, heard):
    assert arrived(*faults) == heard


def test_the_two_ways_are_disturbed_apart():
    air, heard = Air(), []
    air.disturb(Way.REPLY, Drop())
    air.send(Way.REQUEST, b"request", heard.append)
    air.send(Way.REPLY, b"reply", heard.append)
    assert heard == [b"request"]


def test_a_delayed_frame_arrives_when_its_time_has_come():
    waiting, heard = [], []
    air = Air(later=lambda for_ms, then: waiting.append((for_ms, then)))
    air.disturb(Way.REQUEST, Delay(5_000))
    air.send(Way.REQUEST, b"one", heard.append)
    assert heard == []
    ((for_ms, then),) = waiting
    then()
    assert (for_ms, heard) == (5_000, [b"one"])


def test_nothing_can_be_late_where_there_is_no_time():
    air = Air()
    air.disturb(Way.REQUEST, Delay(1))
    with pytest.raises(NoTime, match="no clock"):
        air.send(Way.REQUEST, b"one", lambda _frame: None)
    with pytest.raises(ValueError, match="at least 1 ms"):
        Delay(0)


def test_every_frame_is_recorded_as_it_left_with_its_time():
    now = iter([7, 9])
    air = Air(now=lambda: next(now))
    air.disturb(Way.REQUEST, Flip(3))
    air.send(Way.REQUEST, b"asked", lambda _frame: None)
    air.send(Way.REPLY, b"answered", lambda _frame: None)
    assert [(frame.at_ms, frame.way, frame.data) for frame in air.record] == [
        (7, Way.REQUEST, b"asked"),
        (9, Way.REPLY, b"answered"),
    ]


@pytest.mark.parametrize("bit", [0, 7, 8, 23, -1, 24, 1_000])
def test_flipping_a_bit_changes_one_bit_and_twice_none(bit):
    once = flipped(b"abc", bit)
    assert sum((a ^ b).bit_count() for a, b in zip(b"abc", once, strict=True)) == 1
    assert flipped(once, bit) == b"abc"
