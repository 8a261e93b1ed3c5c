"""``thecal scenario accidents``: a table for any width, one JSON document, and a status that programs can use."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from thecal.bench.accidents.reading import load_accident
from thecal.bench.accidents.replay import replay
from thecal.cli.accident_tables import WIDE, markdown_tables, show_accidents
from thecal.cli.accidents import markdown, run_accident_schema, run_accidents
from thecal.cli.notice import NOTICE
from thecal.device import Alarm
from thecal.programmer.alarm_words import ALARM_WORDS
from thecal.pump.controller import alarms
from thecal.therapy import checks
from thecal.therapy.rules import SITUATION_RULES, identity

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios" / "accidents"
DOCUMENT = ROOT / "docs" / "accidents.md"
COMMAND = "from thecal.cli.accidents import markdown; print(markdown('scenarios/accidents'))"
BEGIN, END = f'<!-- generated: python -c "{COMMAND}" -->\n', "\n<!-- end -->"
WRONG_PUMP, SENSOR = "1997-two-pumps-one-day.toml", "2013-level-sensor-drift.toml"
CLONIDINE = "2016-clonidine-stop.toml"


@pytest.fixture(scope="module")
def replayed():
    """All documents of this project, replayed."""
    found = sorted(FOLDER.glob("*.toml"))
    return {file.stem: replay(load_accident(file.read_text(encoding="utf-8"))) for file in found}


@pytest.fixture
def folder(tmp_path):
    """A folder with one accident that a plan check stops and one that is open."""
    for name in (WRONG_PUMP, SENSOR):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    return tmp_path


@pytest.fixture
def columns(monkeypatch):
    def to(width):
        monkeypatch.setenv("COLUMNS", str(width))

    return to


@pytest.mark.parametrize("width", [60, 80, WIDE - 1, WIDE, 140, 200])
def test_the_table_keeps_to_the_width_and_cuts_nothing_off(replayed, width):
    heard = io.StringIO()
    show_accidents(replayed, Console(file=heard, width=width, legacy_windows=False))
    printed = heard.getvalue()
    assert max(len(line.rstrip()) for line in printed.splitlines()) <= width
    assert "\u2026" not in printed
    words = " ".join(printed.split())
    for told in (
        "replacement-date-differs",
        "needs the visit",
        "\u266a ALARM",
        "\u25cf LOGGED",
        "\u2716 REFUSE",
        NOTICE,
    ):
        assert told in words
    assert "NOT CAUGHT" not in words


def test_harm_has_its_own_column_where_there_is_room(capsys, columns, folder):
    for width, of_its_own in ((80, False), (140, True)):
        columns(width)
        run_accidents(str(folder), as_json=False)
        heads = next(line for line in capsys.readouterr().out.splitlines() if "caught by" in line)
        assert ("open" in heads) is of_its_own
        assert ("accident, and its harm" in heads) is not of_its_own


def test_the_command_above_the_documented_table_writes_it(folder, replayed):
    few = {name: each for name, each in replayed.items() if f"{name}.toml" in (WRONG_PUMP, SENSOR)}
    assert markdown(str(folder)) == markdown_tables(few)


def test_what_is_printed_is_the_same_every_time(capsys, folder):
    def twice():
        run_accidents(str(folder), as_json=True)
        return capsys.readouterr().out

    assert twice() == twice()


def test_json_counts_and_tells_every_plan_with_what_the_rules_said(capsys, folder):
    assert run_accidents(str(folder), as_json=True) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["notice", "folder", "counts", "accidents"]
    assert printed["notice"] == NOTICE
    assert printed["counts"] == {
        "accidents": 2,
        "stopped": 1,
        "warned": 0,
        "alarmed": 0,
        "told": 0,
        "open": 1,
        "not_caught": 0,
        "false_alarms": 0,
        "plans_to_catch": 3,
        "plans_to_pass": 1,
        "stories_to_catch": 0,
        "stories_to_pass": 0,
    }
    stopped, waiting = printed["accidents"]
    assert (stopped["id"], stopped["year"], stopped["year_of"]) == (
        WRONG_PUMP.removesuffix(".toml"),
        1997,
        "publication",
    )
    assert (stopped["caught_by"], stopped["verdict"], stopped["held"]) == ("wrong-pump", "refuse", True)
    assert [each["must"] for each in stopped["tried"]] == ["be caught", "be caught", "be caught", "pass"]
    assert stopped["tried"][0]["findings"][0]["path"] == "current.serial"
    assert (waiting["open"], waiting["needs"], waiting["held"], waiting["tried"]) == (True, "pump", None, [])
    assert stopped.keys() == waiting.keys()


def test_json_tells_of_a_pump_every_line_it_wrote_and_what_its_alarm_means(capsys, folder):
    (folder / CLONIDINE).write_bytes((FOLDER / CLONIDINE).read_bytes())
    assert run_accidents(str(folder), as_json=True) == 0
    printed = json.loads(capsys.readouterr().out)
    alarmed = next(each for each in printed["accidents"] if each["id"] == CLONIDINE.removesuffix(".toml"))
    assert (alarmed["open"], alarmed["held"], alarmed["verdict"]) == (False, True, "alarm (critical)")
    assert alarmed["words"] == ALARM_WORDS[Alarm.SELF_TEST_FAILED]
    assert alarmed["tried"][0]["lines"] == [
        {"at_ms": 6 * 86_400_000, "line": "self-test failed", "alarm": "self-test failed"}
    ]
    assert [each["amiss"] for each in alarmed["tried"]] == [[], [], [], []]
    counted = printed["counts"]
    assert (counted["alarmed"], counted["stories_to_catch"], counted["stories_to_pass"]) == (1, 3, 1)


def test_a_pump_whose_alarm_is_gone_is_named_and_gives_status_1(capsys, columns, folder, monkeypatch):
    (folder / CLONIDINE).write_bytes((FOLDER / CLONIDINE).read_bytes())
    monkeypatch.setattr(alarms, "raised", lambda state, *_: state)
    columns(140)
    assert run_accidents(str(folder), as_json=False) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "NOT CAUGHT ANY MORE: 1." in printed
    assert (
        "FAILED 2016-clonidine-stop, as it happened: must be caught by self-test failed; self-test failed never came"
    ) in printed
    assert "0 alarmed by the pump" in printed


def test_one_that_is_not_caught_any_more_is_named_and_gives_status_1(capsys, columns, folder, monkeypatch):
    kept = tuple(rule for rule in SITUATION_RULES if rule is not identity.wrong_pump)
    monkeypatch.setattr(checks, "SITUATION_RULES", kept)
    for width in (80, 140):
        columns(width)
        assert run_accidents(str(folder), as_json=False) == 1
        printed = " ".join(capsys.readouterr().out.split())
        assert "NOT CAUGHT ANY MORE: 1." in printed
        assert "FAILED 1997-two-pumps-one-day, as it happened: must be caught by wrong-pump; the rules said" in printed
        assert "0 stopped" in printed
    assert run_accidents(str(folder), as_json=True) == 1
    counted = json.loads(capsys.readouterr().out)
    assert counted["counts"]["not_caught"] == 1
    assert counted["accidents"][0]["held"] is False


def test_a_harmless_plan_that_is_held_up_is_named_and_gives_status_1(capsys, folder):
    spoiled = (
        (folder / WRONG_PUMP)
        .read_text()
        .replace(
            'title = "the pump of the record"\nset = { "devices.recorded_serial" = "TH-0300"',
            'title = "the pump of the record"\nset = { "devices.recorded_serial" = "TH-0309"',
        )
    )
    (folder / WRONG_PUMP).write_text(spoiled)
    assert run_accidents(str(folder), as_json=False) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.count("FALSE ALARM") == 2
    assert "FALSE ALARMS: 1." in printed
    assert "the pump of the record: must pass; the rules said wrong-pump REFUSE" in printed
    assert "1 stopped" in printed


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: [file.unlink() for file in folder.iterdir()], "holds no accident documents (*.toml)"),
        (lambda folder: (folder / SENSOR).write_text("title = "), f"{SENSOR}: not a TOML document"),
        (lambda folder: (folder / SENSOR).write_bytes(b"\xff"), f"{SENSOR}: not a text in UTF-8 (byte 0)"),
        (lambda folder: (folder / "deep.toml").mkdir(), "deep.toml: Is a directory"),
        (
            lambda folder: (folder / WRONG_PUMP).write_text(
                (folder / WRONG_PUMP).read_text().replace('"wrong-pump"', '"wrong-pomp"')
            ),
            f"{WRONG_PUMP}: caught_by: no rule is called 'wrong-pomp'; near it: wrong-pump",
        ),
        (
            lambda folder: (folder / WRONG_PUMP).write_text(
                (folder / WRONG_PUMP).read_text().replace('"synchromed-ii-20"', '"synchromed-ix"', 1)
            ),
            f"{WRONG_PUMP}: as it happened: current.pump: ",
        ),
    ],
)
def test_a_folder_or_document_that_cannot_be_used_is_one_line_and_status_2(capsys, folder, spoil, said):
    spoil(folder)
    for as_json in (False, True):
        assert run_accidents(str(folder), as_json) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        assert said in printed.err


@pytest.mark.parametrize("name", ["nowhere", "a-file"])
def test_what_is_not_a_folder_is_said_to_be_none(capsys, tmp_path, name):
    (tmp_path / "a-file").write_text("")
    assert run_accidents(str(tmp_path / name), as_json=False) == 2
    assert capsys.readouterr().err == f"{tmp_path / name}: is not a folder\n"


def test_the_schema_is_printed(capsys):
    assert run_accident_schema() == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Thecal accident"


def test_the_command_looks_in_its_own_folder_when_none_is_named(folder, tmp_path_factory):
    def run(*arguments, cwd):
        command = [sys.executable, "-m", "thecal.cli.main", "scenario", "accidents", *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)

    elsewhere = tmp_path_factory.mktemp("elsewhere")
    missing = run(cwd=elsewhere)
    assert (missing.returncode, missing.stderr) == (2, "scenarios/accidents: is not a folder\n")
    (elsewhere / "scenarios").mkdir()
    (elsewhere / "scenarios" / "accidents").symlink_to(folder)
    found = run("--json", cwd=elsewhere)
    assert (found.returncode, json.loads(found.stdout)["counts"]["accidents"]) == (0, 2)


def test_the_documented_table_is_the_table_of_the_documents(replayed):
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    table, _, _ = rest.partition(END)
    assert table == markdown_tables(replayed)
    assert DOCUMENT.read_text(encoding="utf-8").count(BEGIN) == 1
