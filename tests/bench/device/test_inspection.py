"""What inspection shows of a device: every byte once, every change named, whatever state the memory is in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.device.benches import HOUR_MS, infusing
from thecal.bench.device import DeviceBench, NoPower, Setup
from thecal.bench.device.demonstration import demonstrated
from thecal.bench.device.inspection import Inspection
from thecal.bench.device.memory_view import DAMAGED, UNFINISHED, records_in, written_since
from thecal.bench.device.spelling import change_of, spelled
from thecal.catalogue.programmable import programmable_models
from thecal.cli.link_protection import protected
from thecal.device import Component, Mode

BENCH, _ = infusing()
BENCH.advance(HOUR_MS)
BANK = BENCH.pump.memory.banks[0]
WHOLE = records_in(BANK)


def joined(records):
    return b"".join(each.data for each in records)


@given(st.integers(0, len(BANK)))
def test_a_bank_cut_anywhere_is_its_whole_records_and_an_unfinished_rest(length):
    records = records_in(BANK[:length])
    assert joined(records) == BANK[:length]
    kept = [each for each in WHOLE if each.at + len(each.data) <= length]
    assert [each for each in records if each.kind != UNFINISHED] == (kept if len(kept) > 1 else [])
    assert all(each.kind != DAMAGED for each in records)


@given(st.integers(0, 8 * len(BANK) - 1))
@settings(max_examples=60)
def test_a_flipped_bit_shows_as_damage_from_its_record_on_and_no_byte_is_left_out(bit):
    spoiled = bytearray(BANK)
    spoiled[bit // 8] ^= 0x80 >> bit % 8
    records = records_in(bytes(spoiled))
    assert joined(records) == bytes(spoiled)
    assert records[-1].kind == DAMAGED
    assert records[-1].at <= bit // 8


@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)))
def test_what_was_written_since_is_what_was_not_there_before(a, b):
    first, second = sorted((a, b))
    before, now = joined(WHOLE[:first]), joined(WHOLE[:second])
    assert joined(written_since(before, now)) in (now[len(before) :], now)


def test_a_bank_that_was_erased_meanwhile_is_told_whole():
    assert written_since(b"something else", BANK) == WHOLE


@pytest.mark.parametrize("model", programmable_models())
def test_every_programmable_model_can_be_looked_at(model):
    inspection = Inspection(demonstrated(Setup(model, seed=model), protected))
    first, second = inspection.next(), inspection.next()
    assert (first.number, second.number) == (1, 2)
    assert any(change.of == "truth" and change.field == "left_tip_nl" for change in second.changes)
    assert [written.record.kind for written in second.written] == ["stroke"]


def test_a_constant_flow_pump_has_nothing_to_look_into():
    with pytest.raises(NoPower):
        Inspection(DeviceBench(Setup("isomed-20-05")))


def test_an_event_of_the_bench_is_told_as_such():
    inspection = Inspection(infusing()[0])
    inspection.bench.faults.cut_power()
    step = inspection.next()
    assert step.whose == "bench"
    assert step.at_ms == 24 * HOUR_MS


def test_changes_name_only_what_changed_and_of_a_longer_list_only_what_came():
    inspection = Inspection(infusing()[0])
    inspection.bench.faults.doubt_clock()
    step = inspection.next()
    changed = {(each.of, each.field): each.words for each in step.changes}
    assert "StandingAlarm(alarm clock uncertain" in changed["controller", "alarms"]
    assert changed["controller", "log"].startswith("and LogEntry(sequence 4")
    assert ("controller", "program") not in changed
    assert ("controller", "identity") not in changed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "none"),
        (True, "yes"),
        (7, "7"),
        (Mode.FLEX, "flex"),
        (b"\x01\x02", "0102"),
        (bytes(32), "0000000000000000…"),
        ((), "[]"),
        ((1, 2), "[1, 2]"),
        (Component("morphine", 5), "Component(drug morphine, concentration_ng_per_ml 5)"),
    ],
)
def test_values_are_spelled_in_one_line(value, words):
    assert spelled(value) == words


def test_a_change_is_told_from_what_to_what():
    assert change_of(1, 2) == "1 → 2"
    assert change_of((1,), (1, 2, 3)) == "and 2, 3"
    assert change_of((1,), (2,)) == "[1] → [2]"
    assert change_of((), (1,)) == "[] → [1]"
