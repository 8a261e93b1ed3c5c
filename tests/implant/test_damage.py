"""Memory that is not what was written: the pump stops and says so, and never runs a program it guessed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.implant.power import NEW, STEADY, STORIES, Asks, Board, prepared, tell, updates
from thecal.device import Alarm, Done, Interrogate, LogKind, Mode, NeverSeen, Refused, RequestBolus, Role
from thecal.implant import MEMORY_VERSION, Implant, MemoryOfAnotherVersion, replay
from thecal.implant.journal import framed, frames, image_header
from thecal.implant.records import RequestTaken, Snapshot, StrokeMade, TimeReached, payload_of
from thecal.implant.state_form import STATE, decode_state, encode_state
from thecal.pump import Horizon, Remembered
from thecal.pump.controller.status import status
from thecal.telemetry.grammar import Choice, Maybe, OneOf, Record, Several


def image_of(*entries: Any, version: int = MEMORY_VERSION, numbers: tuple[int, ...] | None = None) -> bytes:
    """An image whose checks are all right, whatever its records say."""
    image, crc = image_header(version)
    for index, entry in enumerate(entries):
        kind, payload = entry if isinstance(entry, tuple) else payload_of(entry)
        record, crc = framed(kind, numbers[index] if numbers else index + 1, payload, crc)
        image += record
    return image


def in_a_bolus() -> Board:
    """The memory of a pump that made five of its strokes since the snapshot, granted a bolus and refused one."""
    implant, board = prepared()
    implant = board.recovered(900_000)
    Asks(10, Role.PATIENT, RequestBolus()).of(implant)
    Asks(11, Role.PATIENT, RequestBolus()).of(implant)
    implant.advance(930_000, board.actuate)
    assert implant.state.running_bolus is not None
    return board


def test_any_flipped_bit_is_found_and_stops_the_pump():
    board = in_a_bolus()
    assert replay(board.image).damage is None
    for index in range(len(board.image)):
        for bit in range(8):
            damaged = bytearray(board.image)
            damaged[index] ^= 1 << bit
            assert replay(bytes(damaged)).damage is not None, f"bit {bit} of byte {index}"


@pytest.mark.parametrize("part", [0, 1, 2, 5, 9])
def test_a_pump_with_damaged_memory_is_stopped_with_a_critical_alarm_and_keeps_the_evidence(part):
    board = in_a_bolus()
    index = part * (len(board.image) - 1) // 9
    damaged = bytearray(board.image)
    damaged[index] ^= 0x10
    board = Board(bytes(damaged))
    for _ in range(2):  # it stays so when the power goes once more
        implant = board.recovered(1_000_000)
        assert implant.state.program.mode is Mode.STOPPED
        assert Alarm.MEMORY_FAULT in status(implant.state).alarms
        assert LogKind.MEMORY_FAULT in [entry.kind for entry in implant.state.log]
        implant.advance(implant.tick_ms + 3_600_000, board.actuate)
        assert board.actuated == []
        assert isinstance(Asks(77, Role.PATIENT, RequestBolus()).of(implant).answer, Refused)
        assert Asks(78, Role.PHYSICIAN, Interrogate()).of(implant).answer.pump_serial == "SN-1"
    assert board.kept == [bytes(damaged)]
    assert replay(board.image).damage is None


def test_a_pump_stopped_by_damage_can_be_programmed_again():
    board = Board(b"")
    implant = board.recovered(50)
    implant.advance(51, board.actuate)  # what was sent before the damage was found might be a copy
    tell(STORIES["stop in a bolus and refill"][-2:], implant, board)
    stage, commit = (act.of(implant).answer for act in updates(STEADY, implant.state.program, 20))
    assert not isinstance(stage, Refused)
    assert isinstance(commit, Done)
    assert implant.state.program == STEADY


SNAP = Snapshot(NEW)


@pytest.mark.parametrize(
    ("image", "says"),
    [
        (b"", "shorter than its header"),
        (b"THECALPM", "shorter than its header"),
        (b"SOMETHINGELSE!" * 3, "wrong check of the header"),
        (image_of(), "no snapshot at its start"),
        (image_of(TimeReached(5)), "no snapshot at its start"),
        (image_of(SNAP, SNAP), "a second snapshot"),
        (image_of(SNAP, TimeReached(5), numbers=(1, 3)), "record 3 follows record 1"),
        (image_of(SNAP, TimeReached(5), TimeReached(4)), "time runs back"),
        (image_of(SNAP, StrokeMade(5, 2)), "stroke 2 follows stroke 0"),
        (image_of(SNAP, StrokeMade(5, 1)), "1 strokes are recorded where 0 were due"),
        (image_of(SNAP, RequestTaken(5, Role.PATIENT, b"\xa0")), "a request cannot be read"),
        (image_of(SNAP, (4, b"\0" * 8 + b"\x07")), "cannot be read"),
        (image_of(SNAP, (2, b"short")), "cannot be read"),
        (image_of((1, b"\xa0")), "cannot be read"),
        (image_of(SNAP, (9, b"")), "of no known kind"),
    ],
)
def test_what_was_never_written_so_is_damage(image, says):
    past = replay(image)
    assert past.damage is not None
    assert says in past.damage


@pytest.mark.parametrize("version", [0, MEMORY_VERSION + 1, 65_535])
def test_a_memory_of_another_format_version_is_refused_and_left_alone(version):
    image = image_of(SNAP, version=version)
    board = Board(image)
    with pytest.raises(MemoryOfAnotherVersion, match=f"format version {version}; this Thecal reads version 2 only"):
        board.recovered()
    assert (board.image, board.kept) == (image, [])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_do_anything_but_replay_or_be_found_damaged(noise):
    whole = image_of(SNAP)
    for image in (noise, image_of()[:14] + noise, whole + noise):
        past = replay(image)
        assert past.damage is not None or past.state == NEW


def test_a_state_survives_its_memory_whatever_it_holds():
    """A state with everything in it: program, fluid, bolus, refusals, marks of unknown ids, staged program, log."""
    board = in_a_bolus()
    implant = board.recovered(940_000)
    updates(STEADY, STEADY, 30)[0].of(implant)
    state = implant.state
    assert state.boluses[-1].delayed_ms == 10_000
    assert state.staged is not None
    assert {type(one.outcome).__name__ for one in state.ring} >= {"Done", "Refused", "Staged"}
    assert decode_state(encode_state(state)) == state


@given(st.integers(0, 2**53))
def test_a_mark_of_an_id_never_seen_and_the_horizons_survive_too(tick_ms):
    marked = Remembered(Role.PATIENT, b"i" * 16, tick_ms, NeverSeen())
    state = replace(NEW, ring=(marked,), horizons=(Horizon(Role.PATIENT, tick_ms), Horizon(Role.PHYSICIAN, 0)))
    assert decode_state(encode_state(state)) == state


def test_every_field_of_the_state_is_in_its_memory():
    for record in _records(STATE):
        assert [field.name for field in record.fields] == list(record.kind.__dataclass_fields__)


def test_the_form_of_the_memory_changes_only_with_its_version():
    """When this fails: a memory in use would be misread or refused as damaged. Raise MEMORY_VERSION with the form."""
    lines = sorted(f"{record.kind.__name__} {[(f.key, f.name) for f in record.fields]}" for record in _records(STATE))
    form = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    assert (MEMORY_VERSION, form) == (2, "1d4b4b6ef5d6ce8b")


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


def test_a_long_journal_gives_way_to_a_snapshot():
    board = Board()
    implant = Implant.manufacture(NEW, board)
    for tick_ms in range(1, 5_000):
        implant.advance(tick_ms, board.actuate)
    assert [kind for kind, _ in board.writes].count("replace") == 2
    assert sum(1 for _ in frames(board.image)) < 1_000
    assert replay(board.image).state == implant.state
