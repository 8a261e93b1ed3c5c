"""Power may go at any byte of any write, also while recovering: nothing is given twice, at most one stroke is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.implant.cuts import cut_everywhere, without_log
from tests.implant.power import NEW, STORIES, Asks, Board, PowerCut, prepared, tell
from tests.implant.traces import pump_of, records_per_image, traced
from thecal.device import Done, Reason, Refused, RequestBolus, Role
from thecal.implant import Banks, Implant, ImplantHalted, replay
from thecal.pump.whole import assembled


def _start() -> Banks:
    """The memory of a prepared pump, a short image in each bank."""
    board = prepared()[1]
    board.recovered()
    board.recovered()
    return board.banks


START = _start()


def cut_points(writes: list[tuple[str, int]]) -> Iterator[int]:
    """Every byte of every record; of the two thousand bytes of an erasure or an image the ends and some between."""
    written = 0
    for _, size in writes:
        long = size > 900
        offsets = sorted({0, 1, 13, 14, 31, size - 1, *range(0, size, 331)}) if long else range(size)
        yield from (written + offset for offset in offsets)
        written += size
    yield written


@pytest.mark.parametrize("records", [4_096, 9], ids=["one image", "an image every 9 records"])
@pytest.mark.parametrize("name", STORIES)
def test_power_lost_while_anything_is_written_changes_nothing_but_one_stroke(name, records):
    """The pump that lost power, and was asked again what it had not answered, ends as one that did not: the same
    strokes counted, the same results, the same lockout, the same supervisor; at most one stroke counted, not made."""
    story, board = STORIES[name], Board(START)
    with records_per_image(records):
        whole = board.recovered()
        board.writes = []
        tell(story, whole, board)
        assert board.actuated
        for cut in list(cut_points(board.writes))[:: 2 if records > 9 else 5]:
            cut_board = Board(START)
            implant = cut_board.recovered()
            cut_board.budget = cut
            with pytest.raises(PowerCut):
                tell(story, implant, cut_board)
            cut_board.budget = None
            again = cut_board.recovered()
            tell(story, again, cut_board)
            assert without_log(pump_of(again)) == without_log(pump_of(whole)), cut
            assert len(board.actuated) - len(cut_board.actuated) in (0, 1)


@pytest.mark.parametrize("name", STORIES)
def test_power_lost_again_while_recovering_costs_at_most_one_more_stroke(name):
    story, board = STORIES[name], Board(START)
    whole = board.recovered()
    board.writes = []
    tell(story, whole, board)
    for cut in list(cut_points(board.writes))[::29]:
        for cut_again in (0, 1, 200, len(START[0]), len(START[0]) + 200, 1_000_000):
            cut_board = Board(START)
            implant = cut_board.recovered()
            cut_board.budget = cut
            with pytest.raises(PowerCut):
                tell(story, implant, cut_board)
            cut_board.budget = cut_again
            cuts = 1
            try:
                cut_board.recovered()
            except PowerCut:
                cuts = 2
            cut_board.budget = None
            again = cut_board.recovered()
            tell(story, again, cut_board)
            assert without_log(pump_of(again)) == without_log(pump_of(whole))
            assert 0 <= len(board.actuated) - len(cut_board.actuated) <= cuts


@pytest.mark.parametrize("seed", [1, 7])
def test_a_memory_cut_anywhere_holds_the_pump_from_before_or_after(seed):
    """Every byte of all that a random life writes, and of recoveries from it (more: ``verification.pump_power``)."""
    assert cut_everywhere(traced(seed, acts=9), recoveries=1) > 5_000


@pytest.mark.parametrize("first", [0, 100, 200])
def test_what_the_memory_says_is_the_pump_that_lives(first):
    """A hundred random lives with every kind of bolus, command, fact, missed stroke and loss of power."""
    strokes = 0
    for seed in range(first, first + 100):
        trace = traced(seed)
        banks = [b"", b""]
        lived = dict(trace.lived)
        for place, change in enumerate(trace.written, 1):
            banks[change.bank] = b"" if change.erases else banks[change.bank] + change.data
            if place in lived:
                past = replay((banks[0], banks[1]))
                assert (past.damage, past.corrected, past.owed_strokes) == (None, False, 0), seed
                assert past.pump == lived[place], seed
        strokes += trace.lived[-1][1].state.strokes_total
    assert strokes > 1_000


@pytest.mark.parametrize("outage_ms", [0, 1, 30_000, 600_000])
def test_no_outage_shortens_the_lockout(outage_ms):
    implant, board = prepared()
    granted = Asks(10, Role.PATIENT, RequestBolus()).of(implant)
    assert granted.answer == Done(900_000)
    implant.advance(920_000, board.actuate)
    implant = board.recovered(920_000 + outage_ms)
    implant.advance(1_800_000 - 1, board.actuate)
    refused = Asks(11, Role.PATIENT, RequestBolus()).of(implant)
    assert refused.answer == Refused(Reason.LOCKOUT, 1)
    implant.advance(1_800_000, board.actuate)
    assert Asks(12, Role.PATIENT, RequestBolus()).of(implant).answer == Done(1_800_000)


def test_an_outage_is_time_without_strokes():
    implant, board = prepared()
    made = len(board.actuated)
    implant = board.recovered(900_000 + 3_600_000)
    assert implant.tick_ms == 4_500_000
    assert len(board.actuated) == made
    implant.advance(4_510_000, board.actuate)
    assert board.actuated[made:] == [4_510_000]


def test_time_never_runs_back_whatever_the_caller_believes():
    _, board = prepared()
    assert board.recovered(5).tick_ms == 900_000
    implant, board = prepared()
    with pytest.raises(ValueError, match="never goes back"):
        implant.advance(899_999, board.actuate)


def test_time_that_was_told_to_anybody_is_in_the_memory_first():
    implant, board = prepared()
    implant.advance(900_001, board.actuate)
    reply = Asks(10, Role.PATIENT, RequestBolus()).of(implant)
    assert board.recovered().tick_ms >= reply.tick_ms == 900_001


def test_a_motor_that_fails_halts_the_pump_until_it_is_recovered():
    implant, board = prepared()

    def broken(_tick_ms: int) -> None:
        raise OSError("no power at the motor")

    with pytest.raises(OSError, match="no power"):
        implant.advance(920_000, broken)
    with pytest.raises(ImplantHalted):
        implant.advance(920_000, board.actuate)
    with pytest.raises(ImplantHalted):
        Asks(10, Role.PATIENT, RequestBolus()).of(implant)
    assert isinstance(board.recovered(), Implant)


def test_a_new_pump_is_stopped_and_empty_and_remembers_it():
    board = Board()
    Implant.manufacture(NEW, board)
    assert replay(board.banks).pump == assembled(NEW)
