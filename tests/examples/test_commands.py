"""The two commands: tables for people, documents for programs, one line and exit code 2 for what is wrong."""

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from thecal.bench.case import load_case
from thecal.bench.sources import sources_of
from thecal.bench.written import three_digits
from thecal.catalogue.origins import tally
from thecal.cli.scenario import run_scenario, run_scenario_schema
from thecal.cli.simulate import run_simulate, run_simulate_schema
from thecal.cli.simulation_tables import time_text

ROOT = Path(__file__).parents[2]
NEW = ROOT / "examples" / "new-implant.toml"
STORY = ROOT / "scenarios" / "bolus-lockout.toml"


def test_the_table_says_what_was_done_what_was_given_and_where_it_is(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert run_simulate(str(NEW), as_json=False, plot=None) == 0
    printed = capsys.readouterr().out
    for words in (
        "refused: After a clinic visit",
        "granted: Your dose has started. 0.1 mg of morphine over 10 min.",
        "morphine: dose",
        "released at the tip (mg)",
        "T10",
        "pain score beside T10 (without drug)",
        "reservoir, believed",
        "exact",
        "not a medical device",
    ):
        assert words in printed


def test_a_case_is_read_from_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(NEW.read_bytes()), encoding="utf-8"))
    assert run_simulate("-", as_json=True, plot=None) == 0
    assert json.loads(capsys.readouterr().out)["case"]["id"] == "new-implant"


def test_the_same_case_gives_the_same_document(capsys):
    printed = []
    for _ in range(2):
        run_simulate(str(NEW), as_json=True, plot=None)
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('daily_dose = "2.4"', "changes[0].therapy.daily_dose: '2.4' is not a dose rate"),
        ('colour = "red"\ndaily_dose = "2.4 mg/day"', "changes[0].therapy.colour: unknown field"),
        ("", "changes[0].therapy.daily_dose: missing for simple continuous"),
    ],
)
def test_an_invalid_case_gets_one_line_that_names_the_field(written, line, tmp_path, capsys):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(NEW.read_text(encoding="utf-8").replace('daily_dose = "2.4 mg/day"', written), encoding="utf-8")
    assert run_simulate(str(wrong), as_json=False, plot=None) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith(f"{wrong}: {line}")
    assert heard.err.count("\n") == 1


def test_a_file_that_is_not_there_or_cannot_be_written_gets_one_line(tmp_path, capsys):
    assert run_simulate(str(tmp_path / "none.toml"), as_json=False, plot=None) == 2
    assert run_simulate(str(NEW), as_json=False, plot=str(tmp_path / "no" / "folder.svg")) == 2
    assert run_scenario(str(tmp_path / "none.toml"), as_json=False) == 2
    assert capsys.readouterr().err.count("No such file or directory\n") == 3


def test_a_change_that_ends_otherwise_than_expected_gives_exit_code_1(tmp_path, capsys):
    text = (ROOT / "examples" / "baclofen-every-hour.toml").read_text(encoding="utf-8")
    hopeful = tmp_path / "hopeful.toml"
    hopeful.write_text(text.replace('expect = "second confirmation needed"', 'expect = "verified"'), encoding="utf-8")
    assert run_simulate(str(hopeful), as_json=False, plot=None) == 1
    assert "verified was expected, second confirmation needed was found" in " ".join(capsys.readouterr().out.split())


def test_with_the_second_confirmation_the_same_change_is_programmed(tmp_path, capsys):
    text = (ROOT / "examples" / "baclofen-every-hour.toml").read_text(encoding="utf-8")
    confirmed = tmp_path / "confirmed.toml"
    confirmed.write_text(
        text.replace('expect = "second confirmation needed"', 'second_confirmation = true\nexpect = "verified"'),
        encoding="utf-8",
    )
    assert run_simulate(str(confirmed), as_json=True, plot=None) == 0
    delivered = json.loads(capsys.readouterr().out)["drugs"][0]["delivered"]
    assert delivered == {"value": 60 + 24 * 60, "unit": "microgram"}


def test_the_drawing_names_its_axes_levels_and_tip(tmp_path):
    drawing = tmp_path / "drawing.svg"
    run_simulate(str(NEW), as_json=True, plot=str(drawing))
    words = [element.text for element in ElementTree.parse(drawing).iter() if element.text and element.text.strip()]
    for expected in ("tip", "T10", "C1", "S2", "ng/mL", "mg/day", "pain score beside T10", "vertebral level"):
        assert expected in words
    assert any("time since the record began (hours)" in each for each in words)
    assert any("not a medical device" in each for each in words)


def test_a_failed_expectation_gives_exit_code_1_and_says_both_sides(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    story = folder / "story.toml"
    story.write_text(STORY.read_text(encoding="utf-8").replace("strokes_made = 103", "strokes_made = 102"), "utf-8")
    assert run_scenario(str(story), as_json=False) == 1
    printed = capsys.readouterr().out
    assert "FAILED" in printed
    assert "strokes made: 102" in printed
    assert "Not as expected." in printed


WRONG_STORIES = {
    ('who = "bench"', 'who = "nurse"'): "steps[4].who: only the bench looks",
    ('at = "310 min"', 'at = "10 min"'): "steps[4].at: time does not run back",
    ('does = "looks"', 'does = "waits"'): "steps[4].does: 'waits' is not one of programs",
    ('does = "looks"', 'does = "looks"\nvolume = "1 mL"'): "steps[4].volume: means nothing for 'looks'",
    ("strokes_counted = 103", 'strokes_counted = "103"'): "steps[4].expect.strokes_counted: must be a whole number",
    ("new-implant.toml", "nothing.toml"): "case_file: ../examples/nothing.toml: No such file or directory",
    ("new-implant.toml", "constant-flow-20.toml"): "case_file: a constant-flow pump has no programmers",
    ('daily_dose = "2.4 mg/day"', ""): "steps[0].therapy.daily_dose: missing for simple continuous",
    ('mode = "simple continuous"\ndaily', 'mode = "stopped"\ndaily'): "steps[0].therapy.daily_dose: only for",
}


@pytest.mark.parametrize(("written", "line"), WRONG_STORIES.items(), ids=[" ".join(key) for key in WRONG_STORIES])
def test_an_invalid_story_gets_one_line_that_names_the_field(written, line, tmp_path, capsys):
    right, wrong = written
    text = STORY.read_text(encoding="utf-8")
    assert right in text
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    story = folder / "story.toml"
    story.write_text(text.replace(right, wrong), encoding="utf-8")
    assert run_scenario(str(story), as_json=False) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith(f"{story}: {line}")
    assert heard.err.count("\n") == 1


def test_both_schemas_are_printed(capsys):
    assert run_simulate_schema() == run_scenario_schema() == 0
    printed = capsys.readouterr().out
    assert '"Thecal case"' in printed
    assert '"Thecal scenario"' in printed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (2.4, "2.4"),
        (748.3, "748"),
        (1_064.0, "1\u202f060"),
        (0.0123456, "0.0123"),
        (1e-9, "< 0.001"),
        (99.96, "100"),
    ],
)
def test_a_number_is_shown_as_exactly_as_a_model_knows_it(value, text):
    assert three_digits(value) == text


def test_time_is_counted_in_days_and_the_time_of_day():
    assert time_text(0) == "day 0, 00:00"
    assert time_text(90_000_000 + 59_999) == "day 1, 01:00"


def test_the_tables_say_how_sure_the_numbers_are_and_list_each_on_demand(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    expected = sources_of(load_case(NEW.read_text(encoding="utf-8")))
    run_simulate(str(NEW), as_json=False, plot=None)
    short = capsys.readouterr().out
    assert tally(expected) in short
    assert "no published stroke volume" not in short
    run_simulate(str(NEW), as_json=False, plot=None, every_number=True)
    printed = capsys.readouterr().out
    for each in expected:
        assert f"{each.what} {each.text}" in printed
    assert "no published stroke volume" in printed


def test_the_document_carries_every_catalogue_number_with_unit_confidence_and_source(capsys):
    run_simulate(str(NEW), as_json=True, plot=None)
    told = json.loads(capsys.readouterr().out)["catalogue"]
    expected = sources_of(load_case(NEW.read_text(encoding="utf-8")))
    assert [(each["of"], each["what"], each["unit"], each["confidence"], each["source"]) for each in told] == [
        (each.of, each.what, each.unit, each.confidence.value, each.source) for each in expected
    ]
    (stroke,) = [each for each in told if each["what"] == "stroke"]
    assert (stroke["value"], stroke["unit"], stroke["confidence"]) == (500, "nL", "assumed")


def test_depression_of_breathing_is_said_to_hold_without_opioid_before(capsys, monkeypatch):
    """A cohort of tolerant patients lived on this dose: the bare number would mislead."""
    monkeypatch.setenv("COLUMNS", "250")
    case = ROOT / "examples" / "onofrio-yaksh-1990.toml"
    run_simulate(str(case), as_json=False, plot=None)
    printed = " ".join(capsys.readouterr().out.split())
    assert "depression of breathing, highest, no opioid before" in printed
    assert "It holds for a patient without opioid before the record" in printed
    assert "tolerance has raised the concentration needed for the same effect 1.2 times" in printed
    run_simulate(str(case), as_json=True, plot=None)
    score = json.loads(capsys.readouterr().out)["score"]
    assert "not a probability" in score["read_as"]["respiratory_depression"]
