"""``thecal pump inspect``: every event of a pump with what it changed, for people, for typed commands, for programs."""

from __future__ import annotations

import io
import json
import sys

import pytest

from thecal.cli.pump import run_pump_inspect
from thecal.implant import replay

MODEL = "synchromed-ii-20"
CASE = "examples/patient-controlled-morphine.toml"
SITE = "examples/sites/demo-pain-clinic.toml"


@pytest.fixture
def document(capsys):
    def stepped(named, events, site=None):
        assert run_pump_inspect(named, events, as_json=True, site=site) == 0
        return json.loads(capsys.readouterr().out)

    return stepped


@pytest.fixture
def conversation(capsys, monkeypatch):
    def said(*lines, named=MODEL):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert run_pump_inspect(named, None, as_json=False, site=None) == 0
        return capsys.readouterr().out.splitlines()[1:]

    return said


def test_each_event_of_a_running_pump_is_one_stroke_with_its_record_and_its_truth(document):
    told = document(MODEL, 3)
    assert [event["at"]["value"] for event in told["events"]] == [180_000, 360_000, 540_000]
    for number, event in enumerate(told["events"]):
        changed = {(each["of"], each["field"]): each["change"] for each in event["changes"]}
        assert changed["controller", "strokes_total"] == f"{number} → {number + 1}"
        assert changed["truth", "left_tip_nl"] == f"{number * 500} → {number * 500 + 500}"
        assert ("supervisor", "heartbeat_tick_ms") in changed
        assert [each["kind"] for each in event["written"]] == ["stroke"]


def test_the_bytes_shown_are_the_memory_and_read_as_the_pump_shown(document):
    told = document(MODEL, 5)
    banks = tuple(bytes.fromhex("".join(record["bytes"] for record in bank)) for bank in told["memory"])
    past = replay(banks)
    assert past.damage is None
    assert past.pump.state.strokes_total == int(told["controller"]["strokes_total"]) == 5
    for bank in told["memory"]:
        at = 0
        for record in bank:
            assert record["at"] == at
            at += len(record["bytes"]) // 2
    assert [record["kind"] for record in told["memory"][0]][:3] == ["header", "snapshot", "supervisor"]


def test_a_case_is_stepped_with_what_its_people_do(document):
    told = document(CASE, 150)
    words = [each["change"] for event in told["events"] for each in event["changes"] if each["field"] == "log"]
    assert any("patient bolus refused" in line for line in words)
    assert any("patient bolus granted" in line for line in words)
    whose = {event["whose"] for event in told["events"]}
    assert whose == {"pump", "bench"}


def test_a_model_at_a_site_declares_its_limits(document):
    assert document(MODEL, 1)["controller"]["library"] == "none"
    assert "Demo Pain Clinic" in document(MODEL, 1, SITE)["controller"]["library"]


def test_plain_text_shows_moment_changes_and_bytes(capsys):
    assert run_pump_inspect(MODEL, 1, as_json=False, site=None) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "event 1, day 0, 00:03:00, tick 180000 ms, pump"
    assert "  controller  strokes_total: 0 → 1" in lines
    assert "  truth       strokes_made: 0 → 1" in lines
    assert any(line.startswith("  bank 1    00 00 00 10 03 ") for line in lines)


def test_typed_commands_step_and_look(conversation):
    lines = conversation("next", "", "next 2", "truth")
    assert [line for line in lines if line.startswith("event")] == [
        f"event {n}, day 0, 00:{3 * n:02}:00, tick {180_000 * n} ms, pump" for n in (1, 2, 3, 4)
    ]
    assert "  strokes_made: 4" in lines


def test_until_steps_every_event_up_to_a_moment_and_rests_there(conversation):
    lines = conversation("until 10 min", "state", "until 9 min")
    assert sum(line.startswith("event") for line in lines) == 3
    assert "It is day 0, 00:10:00." in lines
    assert "  tick_ms: 600000" in lines
    assert lines[-1] == "until: it is day 0, 00:10:00 already, and time does not run back"


def test_memory_shows_both_banks_and_every_byte(conversation):
    lines = conversation("memory")
    second = next(number for number, line in enumerate(lines) if line.startswith("bank 1: "))
    for bank, shown in enumerate((lines[:second], lines[second:])):
        number = sum(len(line.split()) for line in shown if line.startswith("    "))
        assert number > 0
        assert shown[0] == f"bank {bank}: {number} bytes"


def test_supervisor_and_help_answer_and_quit_ends(conversation):
    lines = conversation("supervisor", "help", "quit", "next")
    assert "  trip: none" in lines
    assert any(line.startswith("until TIME") for line in lines)
    assert not any(line.startswith("event") for line in lines)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("jump", "not a command: 'jump'; help lists them"),
        ("state please", "not a command: 'state please'; help lists them"),
        ("next 0", "next: a whole number from 1 to 1000, not '0'"),
        ("next 1001", "next: a whole number from 1 to 1000, not '1001'"),
        ("next ²", "next: a whole number from 1 to 1000, not '²'"),
        ("until", "until: "),
        ("until tomorrow", "until: "),
    ],
)
def test_what_is_not_understood_is_answered_in_one_line_and_changes_nothing(conversation, line, answer):
    (said, *rest) = conversation(line, "truth")
    assert said.startswith(answer)
    assert "  strokes_made: 0" in rest


@pytest.mark.parametrize(
    ("named", "events", "as_json", "site", "why"),
    [
        ("isomed-20-05", 1, False, None, "isomed-20-05: this pump has no electronics: there is nothing to talk to"),
        ("examples/constant-flow-20.toml", 1, False, None, "this pump has no electronics"),
        ("nothing", 1, False, None, "nothing: neither a case document nor a model; there are medstream-20, "),
        ("no-such.toml", 1, False, None, "no-such.toml: No such file or directory"),
        (SITE, 1, False, None, f"{SITE}: name: unknown field"),
        (MODEL, None, True, None, f"{MODEL}: name how many events to step: --events N"),
        ("-", None, False, None, "standard input: name how many events to step: --events N"),
        (CASE, 1, False, SITE, f"{CASE}: --site: only with a model"),
        (MODEL, 1, False, CASE, f"{MODEL}: "),
    ],
)
def test_what_cannot_be_inspected_is_one_line_and_status_2(capsys, named, events, as_json, site, why):
    assert run_pump_inspect(named, events, as_json=as_json, site=site) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert why in told.err
