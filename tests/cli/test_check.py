"""``thecal check``: the verdict first, each finding with its numbers and source, and a status that programs can use."""

from __future__ import annotations

import io
import json
import tomllib
from decimal import Decimal

import pytest

from thecal.cli.check import run_check, run_check_schema
from thecal.cli.finding_tables import SYMBOL, plain
from thecal.cli.notice import NOTICE
from thecal.therapy.check_document import check_case, check_schema, load_check
from thecal.therapy.findings import Verdict, worst

from .documents import CHECKS, ROOT, SITE, spoiled

SOUND = ROOT / "examples" / "checks" / "sound-step.toml"
TENFOLD = ROOT / "examples" / "checks" / "tenfold-dose.toml"
EXPECTED = {  # the heaviest finding of each example
    "after-silence": (Verdict.REFUSE, "restart-after-gap"),
    "constant-flow-refill": (Verdict.REFUSE, "fill-too-large"),
    "less-came-out": (Verdict.STOP, "place-unproven"),
    "scan-planned": (Verdict.REFUSE, "mri-empty-first"),
    "stronger-fluid": (Verdict.STOP, "bridge-missing"),
    "tenfold-dose": (Verdict.STOP, "unit-slip"),
}


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def checked(path):
    return check_case(load_check(path.read_text(encoding="utf-8")))


def test_a_sound_plan_draws_no_warning():
    assert worst(checked(SOUND)).weight <= Verdict.INFO.weight


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_stopped_by_the_rule_it_is_there_for(name):
    verdict, rule = EXPECTED[name]
    found = checked(ROOT / "examples" / "checks" / f"{name}.toml")
    assert (rule, verdict) in {(each.rule, each.verdict) for each in found}
    assert worst(found) is verdict


def test_every_example_is_expected_to_say_something():
    assert {path.stem for path in CHECKS} == {*EXPECTED, SOUND.stem}


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_a_finding_shows_verdict_rule_field_words_numbers_source_and_place(path, capsys):
    found = checked(path)
    assert run_check(str(path), as_json=False, site_file=None) == int(worst(found).weight >= Verdict.STOP.weight)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    words = " ".join(shown.split())
    assert f"Verdict: {SYMBOL[worst(found)]} {worst(found).value.upper()}, " in words
    for each in found:
        assert f"{SYMBOL[each.verdict]} {each.verdict.value.upper()} {each.field} [{each.rule}]" in words
        assert " ".join(each.words.split()) in words
        for pair in each.compared:  # label and text stand beside each other, each wrapped in its column
            assert {*pair.label.split(), *pair.text.split()} <= set(words.split())
        assert not each.source or f"Source: {' '.join(each.source.split())} ({each.confidence})" in words
        assert not each.path or f"In the document: {each.path}" in words
    assert shown.endswith(f"{NOTICE}\n")


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_a_wide_terminal_shows_the_same_words(path, capsys, monkeypatch):
    run_check(str(path), as_json=False, site_file=None)
    narrow = capsys.readouterr().out.split()
    monkeypatch.setenv("COLUMNS", "220")
    run_check(str(path), as_json=False, site_file=None)
    assert sorted(capsys.readouterr().out.split()) == sorted(narrow)


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_the_document_of_a_check_has_every_finding_heaviest_first(path, capsys):
    found = checked(path)
    run_check(str(path), as_json=True, site_file=None)
    told = json.loads(capsys.readouterr().out, parse_float=Decimal)
    assert (told["document"], told["notice"], told["verdict"]) == (str(path), NOTICE, worst(found).value)
    assert [(each["rule"], each["path"]) for each in told["findings"]] == [(each.rule, each.path) for each in found]
    weights = [Verdict(each["verdict"]).weight for each in told["findings"]]
    assert weights == sorted(weights, reverse=True)
    for row in told["review"]:
        assert {"key", "label", "now", "planned", "changed"} == set(row)


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_the_path_of_every_finding_is_a_field_of_the_document(path):
    for each in checked(path):
        where = check_schema()
        for step in filter(None, each.path.replace("]", "").replace("[", ".").split(".")):
            where = where.get("items", where) if step.isdigit() else where.get("items", where)["properties"][step]


def test_numbers_compared_are_numbers_with_their_unit_for_programs(capsys):
    assert run_check(str(TENFOLD), as_json=True, site_file=None) == 1
    told = json.loads(capsys.readouterr().out, parse_float=Decimal)
    step = next(each for each in told["findings"] if each["rule"] == "dose-step-up")
    assert {"label": "new greatest 24-hour dose", "value": 24, "unit": "mg/day"} in step["compared"]
    assert step["ratio"] == {"value": Decimal("10.9091"), "unit": "", "exact": "120/11"}


def test_a_site_holds_the_plan_against_its_own_limits(capsys):
    run_check(str(SOUND), as_json=False, site_file=None)
    assert "Demo Pain Clinic" not in capsys.readouterr().out
    assert run_check(str(SOUND), as_json=False, site_file=str(SITE)) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "With the limits of Demo Pain Clinic" in shown
    assert "[dose-above-site]" in shown


def test_a_site_file_that_cannot_be_used_is_named(capsys, tmp_path):
    wrong = tmp_path / "site.toml"
    wrong.write_text('name = "x"\ncolour = "red"\n', encoding="utf-8")
    for path in (wrong, tmp_path, tmp_path / "none.toml"):
        assert run_check(str(SOUND), as_json=False, site_file=str(path)) == 2
        heard = capsys.readouterr()
        assert heard.out == ""
        assert heard.err.startswith(f"{path}: ")
        assert heard.err.count("\n") == 1


def test_a_check_is_read_from_standard_input_and_from_json(capsys, monkeypatch):
    text = json.dumps(tomllib.loads(SOUND.read_text(encoding="utf-8"))).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + text), encoding="utf-8"))
    assert run_check("-", as_json=True, site_file=None) == 0
    assert json.loads(capsys.readouterr().out)["document"] == "-"


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_whatever_is_wrong_in_a_check_is_answered_or_refused_in_one_line(path, tmp_path, capsys):
    """Verify, with every value of the example replaced by a dozen others and every field left out: findings, or one
    line on standard error; never a traceback.
    """
    wrong = tmp_path / "wrong.json"
    for what, document in spoiled(path):
        wrong.write_text(json.dumps(document), encoding="utf-8")
        status = run_check(str(wrong), as_json=True, site_file=None)
        heard = capsys.readouterr()
        if status == 2:
            assert heard.out == "", what
            assert heard.err.startswith(f"{wrong}: "), what
            assert heard.err.count("\n") == 1, what
        else:
            assert status in (0, 1), what
            assert heard.err == "", what
            json.loads(heard.out)


def test_what_a_document_says_cannot_drive_the_terminal(tmp_path, capsys):
    nasty = tmp_path / "nasty.toml"
    text = SOUND.read_text(encoding="utf-8").replace('title = "A fifth', 'title = "\\u001b[2J[bold]A fifth')
    nasty.write_text(text, encoding="utf-8")
    run_check(str(nasty), as_json=False, site_file=None)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "[bold]A fifth" in shown
    nasty.write_text('"a\\nb\\u001b[2J" = 3\n', encoding="utf-8")
    assert run_check(str(nasty), as_json=False, site_file=None) == 2
    heard = capsys.readouterr().err
    assert "a\\nb\\x1b[2J: unknown field" in heard
    assert heard.count("\n") == 1


def test_narrow_spaces_stay_and_everything_a_terminal_acts_on_goes():
    assert plain("1\u202f440 µg\tx\x1b\r\n") == "1\u202f440 µg\ufffdx\ufffd\ufffd\ufffd"


def test_the_schema_of_a_check_is_printed(capsys):
    assert run_check_schema() == 0
    assert json.loads(capsys.readouterr().out) == check_schema()
