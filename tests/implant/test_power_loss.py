"""Power may go at any byte of any write, also while recovering: nothing is given twice, at most one stroke is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.implant.power import NEW, STORIES, Asks, Board, PowerCut, prepared, tell
from thecal.device import Done, Reason, Refused, RequestBolus, Role
from thecal.implant import Implant, replay
from thecal.implant import implant as implant_module
from thecal.pump import PumpState


def _start() -> bytes:
    """The memory of a prepared pump as one snapshot."""
    board = prepared()[1]
    board.recovered()
    return board.image


START = _start()


def cut_points(writes: list[tuple[str, int]]) -> Iterator[int]:
    """Every byte of every append; of an atomic replacement its first, second, middle, last and the end."""
    written = 0
    for kind, size in writes:
        offsets = range(size) if kind == "append" else sorted({0, 1, size // 2, size - 1})
        yield from (written + offset for offset in offsets)
        written += size
    yield written


def without_log(state: PumpState) -> PumpState:
    return replace(state, log=state.log[:1])


@pytest.fixture(params=[4_096, 5], ids=["one image", "an image every 5 records"])
def records_per_image(request, monkeypatch):
    monkeypatch.setattr(implant_module, "RECORDS_PER_IMAGE", request.param)


@pytest.mark.usefixtures("records_per_image")
@pytest.mark.parametrize("name", STORIES)
def test_power_lost_at_any_byte_changes_nothing_but_one_stroke(name):
    """The pump that lost power, and was asked again what it had not answered, ends in the state of one that did not:
    the same strokes counted, the same results, the same lockout; at most one stroke was counted and not made."""
    story, board = STORIES[name], Board(START)
    whole = board.recovered()
    board.writes = []
    tell(story, whole, board)
    assert board.actuated
    for cut in cut_points(board.writes):
        cut_board = Board(START)
        implant = cut_board.recovered()
        cut_board.budget = cut
        with pytest.raises(PowerCut):
            tell(story, implant, cut_board)
        cut_board.budget = None
        again = cut_board.recovered()
        tell(story, again, cut_board)
        assert without_log(again.state) == without_log(whole.state)
        assert len(board.actuated) - len(cut_board.actuated) in (0, 1)


@pytest.mark.parametrize("name", STORIES)
def test_power_lost_again_while_recovering_costs_at_most_one_more_stroke(name):
    story, board = STORIES[name], Board(START)
    whole = board.recovered()
    board.writes = []
    tell(story, whole, board)
    for cut in list(cut_points(board.writes))[::7]:
        for cut_again in (0, 1, 200, len(START), 1_000_000):
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
            assert without_log(again.state) == without_log(whole.state)
            assert 0 <= len(board.actuated) - len(cut_board.actuated) <= cuts


@pytest.mark.parametrize("name", STORIES)
def test_a_memory_cut_anywhere_holds_a_state_from_before_or_after(name):
    """However long the part of a write that remains, nothing is ever half there: what the memory says only grows,
    record by record, and it counts every stroke that was made, or one more."""
    board = Board(START)
    implant = board.recovered()
    start = len(board.image)
    made_when: list[tuple[int, int]] = []  # (bytes written by then, stroke)

    def actuate(_tick_ms: int) -> None:
        made_when.append((len(board.image), len(made_when) + 1))

    before = replay(board.image).state.strokes_total
    board.actuate = actuate
    tell(STORIES[name], implant, board)
    told = []
    for cut in range(start, len(board.image) + 1):
        past = replay(board.image[:cut])
        assert past.damage is None
        recorded = past.state.strokes_total - past.owed_strokes - before
        made = sum(1 for written, _ in made_when if written < cut)
        assert recorded - made in (0, 1)
        told.append((past.state.tick_ms, recorded, len(past.state.ring)))
    assert told == sorted(told)
    assert told[-1] == (implant.tick_ms, len(made_when), len(implant.state.ring))


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
    with pytest.raises(implant_module.ImplantHalted):
        implant.advance(920_000, board.actuate)
    with pytest.raises(implant_module.ImplantHalted):
        Asks(10, Role.PATIENT, RequestBolus()).of(implant)
    assert isinstance(board.recovered(), Implant)


def test_a_new_pump_is_stopped_and_empty_and_remembers_it():
    board = Board()
    Implant.manufacture(NEW, board)
    assert replay(board.image).state == NEW
