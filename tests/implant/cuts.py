"""Power cut at every byte of a trace, and at every byte of a recovery from it; what the memory then says."""

from __future__ import annotations

from collections.abc import Iterator

from tests.implant.power import NEW
from tests.implant.traces import Tape, Trace, Written, pump_of
from thecal.implant import Banks, Implant, Replayed, replay
from thecal.implant.records import STROKE
from thecal.pump.whole import Pump

_KIND_AT = 4  # of a record: after its length


def cut_everywhere(trace: Trace, recoveries: int, offset: int = 0) -> int:
    """Look at every byte of the trace, and at every byte of so many recoveries spread over it; how many they were.

    Asserts at each: the memory is whole and says what it said before the write began, or after it ended; it counts
    each stroke that was asked of the motor, and at most one more. A recovery ends in the same pump wherever it was
    cut, and asks the motor for no stroke but one that is owed.
    """
    points, banks = 0, trace.start
    lived = dict(trace.lived)
    length = len(trace.written)
    chosen = {(7 * offset + each * length // recoveries) % length for each in range(recoveries)}
    before: Replayed | None = None
    recorded = 0
    for place, change in enumerate(trace.written):
        recorded += is_stroke(change)
        torn = banks
        for cut in partly(banks, change):
            points += 1
            if before is None:
                assert replay(cut).pump is None  # a new pump whose first image is not whole: it says so, and stops
            else:
                assert replay(cut) == before, f"change {place}"
            if points % 97 == 0:
                torn = cut
        if place in chosen and before is not None:
            points += cut_in_recovery(torn, before)
        banks = after(banks, change)
        past = replay(banks)
        if past.pump is None:
            assert before is None
            continue
        assert past.damage is None, f"change {place}: {past.damage}"
        assert not past.corrected
        assert recorded - change.strokes in (0, 1)
        if place + 1 in lived:
            assert past.pump == lived[place + 1], f"change {place}"
        before = past
    return points


def cut_in_recovery(banks: Banks, past: Replayed) -> int:
    """Recover, cut at every byte of what that writes, and recover again from some of them."""
    tape = Tape(list(banks))
    assert past.pump is not None
    now_tick_ms = past.pump.state.tick_ms + 5_000
    pump = recovered(banks, now_tick_ms, tape)
    assert tape.strokes == past.owed_strokes
    points = 0
    for change in tape.written:
        for cut in partly(banks, change):
            points += 1
            said = replay(cut)
            assert said.damage is None
            assert said.pump is not None
            assert said.pump == past.pump or without_log(said.pump) == pump
            if points % 400 == 0:
                assert recovered(cut, now_tick_ms, Tape(list(cut))) == pump
        banks = after(banks, change)
    assert recovered(banks, now_tick_ms, Tape(list(banks))) == pump
    return points


def recovered(banks: Banks, now_tick_ms: int, tape: Tape) -> Pump:
    """The pump after a return of power, but for what its log says of how often that was."""
    return without_log(pump_of(Implant.recover(banks, tape, NEW, now_tick_ms, tape.actuate)))


def without_log(pump: Pump) -> Pump:
    first = pump.state.log[:1]
    return pump._replace(state=pump.state._replace(log=first, log_before=b"", log_head=b""))


def partly(banks: Banks, change: Written) -> Iterator[Banks]:
    """The banks after each number of bytes of a change less than all of it."""
    stood = banks[change.bank]
    for size in range(len(change.data)):
        left = change.data[: len(change.data) - size] if change.erases else stood + change.data[:size]
        yield (left, banks[1]) if change.bank == 0 else (banks[0], left)


def after(banks: Banks, change: Written) -> Banks:
    """The banks after the whole change."""
    left = b"" if change.erases else banks[change.bank] + change.data
    return (left, banks[1]) if change.bank == 0 else (banks[0], left)


def is_stroke(change: Written) -> bool:
    return not change.erases and change.data[_KIND_AT] == STROKE and not change.data.startswith(b"THECALPM")
