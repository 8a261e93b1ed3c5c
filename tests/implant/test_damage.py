"""Memory that is not what was written: made good from the other bank, or the pump stops and says so; never misread."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.implant.power import NEW, STEADY, STORIES, Asks, Board, PowerCut, prepared, tell, updates
from tests.implant.traces import any_fact, pump_of, records_per_image
from thecal.device import Alarm, Done, Interrogate, LogKind, Mode, NeverSeen, Refused, RequestBolus, Role
from thecal.implant import MEMORY_VERSION, Banks, Implant, MemoryOfAnotherVersion, replay
from thecal.implant.banks import read_image
from thecal.implant.fact_form import FACT, decode_fact, encode_fact
from thecal.implant.guard_form import GUARD, decode_guard, encode_guard
from thecal.implant.journal import framed, image_header
from thecal.implant.records import FactTaken, RequestTaken, Sealed, Snapshot, StrokeMade, TimeReached, payload_of
from thecal.implant.state_form import STATE, decode_state, encode_state
from thecal.pump import Horizon, PowerRestored, Remembered
from thecal.pump.controller.ring import by_role
from thecal.pump.controller.status import status
from thecal.pump.supervisor import Guard, Limits
from thecal.pump.whole import assembled
from thecal.telemetry.grammar import Choice, Malformed, Maybe, OneOf, Record, Several

GUARD_OF_NEW = assembled(NEW).guard
SNAP, SEAL = Snapshot(NEW), Sealed(GUARD_OF_NEW)


def image_of(*entries: Any, version: int = MEMORY_VERSION, numbers: tuple[int, ...] | None = None) -> bytes:
    """An image whose checks are all right, whatever its records say; a pair is a kind and its content."""
    image, crc = image_header(version)
    for index, entry in enumerate(entries):
        kind, payload = entry if type(entry) is tuple else payload_of(entry)
        record, crc = framed(kind, numbers[index] if numbers else index + 1, payload, crc)
        image += record
    return image


def in_a_bolus() -> Board:
    """The memory of a pump that was granted a bolus and refused one, with two images and a short journal each."""
    implant, board = prepared()
    implant = board.recovered(900_000)
    Asks(10, Role.PATIENT, RequestBolus()).of(implant)
    implant.advance(910_000, board.actuate)
    implant = board.recovered(910_000)
    Asks(11, Role.PATIENT, RequestBolus()).of(implant)
    implant.advance(930_000, board.actuate)
    assert implant.state.running_bolus is not None
    return board


WHOLE = in_a_bolus()


def flipped(banks: Banks, bank: int, index: int, bits: int = 1) -> Banks:
    changed = bytearray(banks[bank])
    changed[index] ^= bits
    return (bytes(changed), banks[1]) if bank == 0 else (banks[0], bytes(changed))


def test_any_flipped_bit_is_made_good_or_found():
    """Verify, for each bit of both banks: the pump read is the very one that lived, or the damage is told. Only the
    journal of the bank that counts stands nowhere else: there, and only there, is damage not made good."""
    board = in_a_bolus()
    whole = replay(board.banks)
    assert (whole.damage, whole.corrected) == (None, False)
    journal_from = len(board.banks[whole.bank]) - sum(
        21 + len(record.payload) for record in read_image(board.banks[whole.bank]).records[2:]
    )
    for bank in (0, 1):
        for index in range(len(board.banks[bank])):
            stands_once = bank == whole.bank and index >= journal_from
            for bit in range(8):
                past = replay(flipped(board.banks, bank, index, 1 << bit))
                where = f"bank {bank}, bit {bit} of byte {index}"
                if stands_once:
                    assert past.damage is not None, where
                else:
                    assert past.corrected, where
                    assert (past.pump, past.sequence, past.damage) == (whole.pump, whole.sequence, None), where


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_of_any_size_in_any_place_is_never_misread(data):
    banks = WHOLE.banks
    whole = replay(banks)
    for _ in range(data.draw(st.integers(1, 4))):
        bank = data.draw(st.sampled_from([0, 1]))
        banks = flipped(banks, bank, data.draw(st.integers(0, len(banks[bank]) - 1)), data.draw(st.integers(1, 255)))
    past = replay(banks)
    assert past.damage is not None or past.pump == whole.pump


@pytest.mark.parametrize("bank", [0, 1])
@pytest.mark.parametrize("place", [3, 20, 300, 900])
def test_a_pump_whose_one_copy_was_bad_runs_on_and_says_so(bank, place):
    board = in_a_bolus()
    live = replay(board.banks).state
    damaged = flipped(board.banks, bank, place, 0x10)
    board = Board(damaged)
    implant = board.recovered(930_000)
    assert implant.state.program == live.program
    assert implant.state.strokes_total == live.strokes_total
    assert Alarm.MEMORY_CORRECTED in status(implant.state).alarms
    assert LogKind.MEMORY_CORRECTED in [entry.kind for entry in implant.state.log]
    implant.advance(960_000, board.actuate)
    assert board.actuated
    assert board.kept == [damaged]
    past = replay(board.banks)
    assert (past.damage, past.corrected, past.pump) == (None, False, pump_of(implant))


def test_power_lost_while_a_bad_copy_is_replaced_never_makes_the_pump_forget():
    """Either the pump that lived comes back, or it stops: for a cut at any 19th byte, in either bank."""
    whole = in_a_bolus()
    live = replay(whole.banks).pump
    for bank, place in ((0, 300), (1, 300), (0, 3), (1, 3), (0, 20), (1, 20)):
        damaged = flipped(whole.banks, bank, place, 0x10)
        for cut in range(0, 12_000, 19):
            board = Board(damaged, budget=cut)
            try:
                board.recovered(930_000)
            except PowerCut:
                past = replay(board.banks)
                assert past.damage is not None or past.state.strokes_total == live.state.strokes_total, (bank, cut)
                assert past.damage is not None or past.state.program == live.state.program, (bank, cut)
            else:
                break
        assert cut > 4_000


def test_power_lost_while_damage_is_recorded_never_hides_it():
    """The journal of the bank that counts is bad; cut at any third byte of the recovery, the pump is stopped by it."""
    whole = in_a_bolus()
    bank = replay(whole.banks).bank
    damaged = flipped(whole.banks, bank, len(whole.banks[bank]) - 30, 0x10)
    for cut in range(0, 12_000, 3):
        board = Board(damaged, budget=cut)
        try:
            board.recovered(930_000)
        except PowerCut:
            past = replay(board.banks)
            assert past.damage is not None or past.state.fault is not None, cut
        else:
            break
    assert cut > 4_000


@pytest.mark.parametrize("part", [0, 3, 9])
def test_a_pump_with_damage_that_nothing_makes_good_is_stopped_with_a_critical_alarm_and_keeps_the_evidence(part):
    whole = in_a_bolus().banks
    damaged = whole
    for bank in (0, 1):  # both copies
        damaged = flipped(damaged, bank, part * (min(map(len, whole)) - 1) // 9, 0x11)
    board = Board(damaged)
    for _ in range(2):  # it stays so when the power goes once more
        implant = board.recovered(1_000_000)
        assert implant.state.program.mode is Mode.STOPPED
        assert Alarm.MEMORY_FAULT in status(implant.state).alarms
        assert LogKind.MEMORY_FAULT in [entry.kind for entry in implant.state.log]
        implant.advance(implant.tick_ms + 3_600_000, board.actuate)
        assert board.actuated == []
        assert isinstance(Asks(77, Role.PATIENT, RequestBolus()).of(implant).answer, Refused)
        assert Asks(78, Role.PHYSICIAN, Interrogate()).of(implant).answer.pump_serial == "SN-1"
    assert board.kept == [damaged]
    assert replay(board.banks).damage is None


def test_a_pump_stopped_by_damage_can_be_programmed_again():
    board = Board()
    implant = board.recovered(50)
    implant.advance(51, board.actuate)  # what was sent before the damage was found might be a copy
    tell(STORIES["stop in a bolus and refill"][-2:], implant, board)
    stage, commit = (act.of(implant).answer for act in updates(STEADY, implant.state.program, 20))
    assert not isinstance(stage, Refused)
    assert isinstance(commit, Done)
    assert implant.state.program == STEADY
    assert implant.guard.trip is None


@pytest.mark.parametrize(
    ("image", "says"),
    [
        (b"", "no whole image"),
        (b"THECALPM", "no whole image"),
        (b"SOMETHING", "wrong bytes where a header begins"),
        (b"SOMETHINGELSE!" * 3, "wrong check of the header"),
        (image_of(), "no whole image"),
        (image_of(SNAP), "no whole image"),
        (image_of(TimeReached(5)), "no snapshot at its start"),
        (image_of(SNAP, TimeReached(5)), "no record of the supervisor"),
        (image_of(SNAP, SEAL, SNAP), "a second snapshot"),
        (image_of(SNAP, SEAL, SEAL), "a second such record"),
        (image_of(SNAP, SEAL, TimeReached(5), numbers=(1, 2, 4)), "record 4 follows record 2"),
        (image_of(SNAP, SEAL, TimeReached(5), TimeReached(4)), "time runs back"),
        (image_of(SNAP, SEAL, FactTaken(5, PowerRestored(6))), "time runs back"),
        (image_of(SNAP, SEAL, StrokeMade(5, 2)), "stroke 2 follows stroke 0"),
        (image_of(SNAP, SEAL, StrokeMade(5, 1)), "1 strokes are recorded where 0 were due"),
        (image_of(SNAP, SEAL, RequestTaken(5, Role.PATIENT, b"\xa0")), "a request cannot be read"),
        (image_of(SNAP, SEAL, (4, b"\0" * 8 + b"\x07")), "cannot be read"),
        (image_of(SNAP, SEAL, (2, b"short")), "cannot be read"),
        (image_of(SNAP, SEAL, (6, b"\0" * 8 + b"\xa0")), "cannot be read"),
        (image_of((1, b"\xa0"), SEAL), "cannot be read"),
        (image_of(SNAP, (5, b"\xa0")), "cannot be read"),
        (image_of(SNAP, SEAL, (9, b"")), "of no kind"),
    ],
)
@pytest.mark.parametrize("bank", [0, 1])
def test_what_was_never_written_so_is_damage(image, says, bank):
    past = replay((image, b"") if bank == 0 else (b"", image))
    assert past.damage is not None
    assert says in past.damage


def test_two_banks_that_both_begin_with_one_number_are_damage():
    image = image_of(SNAP, SEAL)
    assert replay((image, image)).damage == "both banks begin with record 1"


def test_the_newer_bank_counts_whichever_it_is():
    older, newer = image_of(SNAP, SEAL), image_of(SNAP, SEAL, TimeReached(7), numbers=(3, 4, 5))
    for banks in ((older, newer), (newer, older)):
        past = replay(banks)
        assert (past.damage, past.state.tick_ms, past.sequence) == (None, 7, 5)
        assert banks[past.bank] == newer


@pytest.mark.parametrize("version", [0, 1, 2, MEMORY_VERSION + 1, 65_535])
@pytest.mark.parametrize("bank", [0, 1])
def test_a_memory_of_another_format_version_is_refused_and_left_alone(version, bank):
    image = image_of(SNAP, version=version)
    banks = (image, b"") if bank == 0 else (b"", image)
    board = Board(banks)
    with pytest.raises(MemoryOfAnotherVersion, match=f"format version {version}; this Thecal reads version 3 only"):
        board.recovered()
    assert (board.banks, board.kept) == (banks, [])


def test_a_bank_of_another_version_beside_one_of_this_is_damage():
    past = replay((image_of(SNAP, SEAL), image_of(SNAP, SEAL, version=2)))
    assert past.damage == "one bank has format version 2"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_do_anything_but_replay_or_be_found_damaged(noise):
    whole = image_of(SNAP, SEAL)
    for image in (noise, image_of()[:14] + noise, whole + noise):
        for banks in ((image, b""), (b"", image), (image, whole)):
            past = replay(banks)
            assert past.damage is not None or past.state == NEW


def test_a_pump_that_owes_nothing_goes_on_from_its_memory_without_any_loss_of_power():
    board = in_a_bolus()
    past = replay(board.banks)
    implant = Implant.resumed(past, board)
    assert pump_of(implant) == past.pump
    assert replay(board.banks).pump == past.pump
    bad = replay(flipped(board.banks, 0, 3))
    with pytest.raises(ValueError, match="only one that is whole"):
        Implant.resumed(bad, board)


def test_a_state_survives_its_memory_whatever_it_holds():
    """A state with everything in it: program, fluid, bolus, refusals, marks of unknown ids, staged program, log."""
    board = in_a_bolus()
    implant = board.recovered(940_000)
    updates(STEADY, STEADY, 30)[0].of(implant)
    state = implant.state
    assert state.boluses[-1].delayed_ms == 10_000
    assert state.staged is not None
    assert {type(one.outcome).__name__ for ring in state.ring for one in ring.results} >= {"Done", "Refused", "Staged"}
    assert decode_state(encode_state(state)) == state
    assert decode_guard(encode_guard(implant.guard)) == implant.guard


@given(st.integers(0, 2**53))
def test_a_mark_of_an_id_never_seen_and_the_horizons_survive_too(tick_ms):
    marked = Remembered(Role.PATIENT, b"i" * 16, tick_ms, NeverSeen())
    state = NEW._replace(ring=by_role((marked,)), horizons=(Horizon(Role.PATIENT, tick_ms), Horizon(Role.PHYSICIAN, 0)))
    assert decode_state(encode_state(state)) == state


@given(st.randoms(use_true_random=False))
def test_every_fact_survives_its_spelling(chance):
    fact = any_fact(chance)
    assert decode_fact(encode_fact(fact)) == fact


@pytest.mark.parametrize(
    "ring", [(0,) * 97, (0,) * 99, (1,) + (0,) * 97], ids=["too short", "too long", "a count that falls"]
)
def test_a_guard_with_an_impossible_ring_is_not_read(ring):
    with pytest.raises(Malformed):
        decode_guard(encode_guard(GUARD_OF_NEW._replace(every=ring)))


def test_every_field_of_both_layers_is_in_the_memory():
    for record in (*_records(STATE), *_records(FACT)):
        named = getattr(record.kind, "_fields", None) or tuple(record.kind.__dataclass_fields__)
        assert tuple(field.name for field in record.fields) == tuple(named)
    assert tuple(field.name for field in GUARD.fields) == Guard._fields
    assert tuple(field.name for field in GUARD.fields[8].shape.fields) == Limits._fields


def test_the_form_of_the_memory_changes_only_with_its_version():
    """When this fails: a memory in use would be misread or refused as damaged. Raise MEMORY_VERSION with the form."""
    records = [*_records(STATE), *_records(FACT), *_records(GUARD)]
    lines = sorted(f"{record.kind.__name__} {[(f.key, f.name) for f in record.fields]}" for record in records)
    form = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    assert (MEMORY_VERSION, form) == (3, "e042333f105ff1b6")


def _records(shape: Any) -> list[Record[Any]]:
    match shape:
        case Record():
            inner = [one for field in shape.fields for one in _records(field.shape)]
            return [shape, *(one for one in inner if one is not shape)]
        case OneOf():
            return [one for case in shape.cases.values() for one in _records(case)]
        case Maybe() | Several():
            return _records(shape.shape)
        case Choice():
            return []
    return []


def test_a_long_journal_gives_way_to_an_image_in_the_other_bank():
    board = Board()
    with records_per_image(500):
        implant = Implant.manufacture(NEW, board)
        for tick_ms in range(1, 1_800):
            implant.advance(tick_ms, board.actuate)
    assert [kind for kind, _ in board.writes].count("erase") == 5  # two of them at manufacture
    assert all(len(read_image(bank).records) < 600 for bank in board.banks)
    assert replay(board.banks).state == implant.state
