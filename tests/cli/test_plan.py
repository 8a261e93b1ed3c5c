"""``thecal plan``: every kind answers its example, for people and for programs, and tells what it cannot use."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from thecal.cli.notice import NOTICE
from thecal.cli.plan import run_plan, run_plan_kinds, run_plan_schema
from thecal.documents import parse, read
from thecal.therapy.calculators import CALCULATORS, KINDS
from thecal.therapy.findings import Verdict, worst

from .documents import PLANS, spoiled

NAMED = """
pump = "isomed-20-05"
fluid = [{ drug = "morphine", concentration = "5 mg/mL" }]
filled = "20 mL"
filled_at = "2026-11-22T08:00:00Z"
circumstances = [{ name = "a \\u001b[2J day", temperature_degc = 39.5, lasts = "3 day" }]
"""


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def calculated(path):
    calculator = KINDS[path.stem]
    return calculator.calculate(read(calculator.inputs, parse(path.read_text(encoding="utf-8"))))


def test_every_kind_has_a_worked_example_and_a_name_of_its_own():
    assert {path.stem for path in PLANS} == set(KINDS)
    assert len(KINDS) == len(CALCULATORS)
    assert len({each.title for each in CALCULATORS}) == len(CALCULATORS)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_shows_inputs_answer_formula_assumptions_and_sources(path, capsys):
    """Verify that each part is there with every line, in at most 80 columns, and that the status tells a REFUSE."""
    found = calculated(path)
    assert run_plan(path.stem, str(path), as_json=False) == (1 if worst(found.findings) is Verdict.REFUSE else 0)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    words = " ".join(shown.split())
    for line in (*found.inputs, *found.outputs):
        if line.value is not None:
            assert " ".join(line.text.split()) in words
    for told in (*found.formula, *found.assumptions, *(each.words for each in found.findings)):
        assert " ".join(told.split()) in words
    for each in found.sources:
        assert f"{each.source} ({each.confidence})" in words
    assert found.sources
    assert found.formula
    assert shown.endswith(f"{NOTICE}\n")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_wide_terminal_shows_the_same_words(path, capsys, monkeypatch):
    run_plan(path.stem, str(path), as_json=False)
    narrow = capsys.readouterr().out.split()
    monkeypatch.setenv("COLUMNS", "220")
    run_plan(path.stem, str(path), as_json=False)
    assert sorted(capsys.readouterr().out.split()) == sorted(narrow)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_document_of_a_plan_carries_every_number_exactly(path, capsys):
    """Verify that each output line is there under a key of its own, with the number the calculator gave."""
    found = calculated(path)
    run_plan(path.stem, str(path), as_json=True)
    told = json.loads(capsys.readouterr().out, parse_float=Decimal)
    assert (told["kind"], told["title"], told["document"]) == (path.stem, KINDS[path.stem].title, str(path))
    assert told["notice"] == NOTICE
    assert set(told["outputs"]) == {line.key for line in found.outputs}
    assert len(told["outputs"]) == len(found.outputs)
    for line in found.outputs:
        shown = told["outputs"][line.key]
        assert shown["label"] == line.label
        if line.text == "\u2013":
            assert shown["value"] is None
        elif hasattr(line.value, "number_in") and "exact" not in shown:
            assert type(line.value).parse(f"{shown['value']} {shown['unit']}") == line.value
    assert [each["rule"] for each in told["findings"]].sort() == [each.rule for each in found.findings].sort()
    assert len(told["sources"]) == len(found.sources)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_path_of_a_finding_leads_into_the_document_or_is_left_out(path, capsys):
    run_plan(path.stem, str(path), as_json=True)
    fields = {field.split(".")[0] for field in KINDS[path.stem].inputs.__dataclass_fields__}
    for each in json.loads(capsys.readouterr().out)["findings"]:
        assert not each["path"] or each["path"].partition(".")[0] in fields


def plain_value(value):
    return float(value) if isinstance(value, Decimal) else str(value)


NAMES = ("pump", "catheter", "drug", "from_drug", "to_drug", "propellant")


def misnamed(value, field=""):
    """The document with each name of the catalogue in it replaced by one nobody knows, and the field that holds it."""
    if isinstance(value, dict):
        for key, held in value.items():
            where = f"{field}.{key}" if field else key
            if key in NAMES and isinstance(held, str):
                yield where, {**value, key: "nobody-knows"}
            else:
                yield from ((found, {**value, key: other}) for found, other in misnamed(held, where))
    elif isinstance(value, list):
        for at, held in enumerate(value):
            for found, other in misnamed(held, f"{field}[{at}]"):
                yield found, [*value[:at], other, *value[at + 1 :]]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_name_the_catalogue_does_not_hold_is_refused_with_its_field_and_the_names_there_are(path, tmp_path, capsys):
    wrong = tmp_path / "wrong.json"
    document = parse(path.read_text(encoding="utf-8"))
    for field, other in misnamed(document):
        wrong.write_text(json.dumps(other, default=plain_value), encoding="utf-8")
        assert run_plan(path.stem, str(wrong), as_json=False) == 2, field
        heard = capsys.readouterr().err
        assert heard.startswith(f"{wrong}: {field}: 'nobody-knows' is not a "), heard
        assert "use one of " in heard


def test_the_examples_name_pumps_drugs_and_catheters_everywhere():
    named = {path.stem: [field for field, _ in misnamed(parse(path.read_text(encoding="utf-8")))] for path in PLANS}
    assert {kind for kind, fields in named.items() if not fields} == {"mme"}
    assert named["mixture"] == ["pump", "drugs[0].drug", "drugs[1].drug", "held[0].drug"]


@pytest.mark.parametrize(
    ("kind", "pump", "offered", "not_offered"),
    [
        ("battery", "isomed-20-05", "prometra-ii", "codman"),
        ("constant-flow", "prometra-ii-20", "codman", "synchromed"),
    ],
)
def test_a_pump_of_the_other_kind_is_refused_with_those_that_fit(kind, pump, offered, not_offered, tmp_path, capsys):
    path = next(each for each in PLANS if each.stem == kind)
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(parse(path.read_text(encoding="utf-8")) | {"pump": pump}, default=plain_value))
    assert run_plan(kind, str(wrong), as_json=False) == 2
    heard = capsys.readouterr().err
    assert heard.startswith(f"{wrong}: pump: ")
    assert offered in heard
    assert not_offered not in heard


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_whatever_is_wrong_in_a_plan_is_answered_or_refused_in_one_line(path, tmp_path, capsys):
    """Verify, with every value of the example replaced by a dozen others and every field left out: an answer, a
    refusal that stands, or one line on standard error; never a traceback. What a finding is about is said in words:
    the key of the document is its path.
    """
    wrong = tmp_path / "wrong.json"
    for what, document in spoiled(path):
        wrong.write_text(json.dumps(document), encoding="utf-8")
        status = run_plan(path.stem, str(wrong), as_json=True)
        heard = capsys.readouterr()
        if status == 2:
            assert heard.out == "", what
            assert heard.err.startswith(f"{wrong}: "), what
            assert heard.err.count("\n") == 1, what
        else:
            assert status in (0, 1), what
            assert heard.err == "", what
            fields = [each["field"] for each in json.loads(heard.out)["findings"]]
            assert not [field for field in fields if re.search(r"[a-z][._][a-z]", field)], what


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_a_plan_names_every_field_with_its_meaning(kind, capsys):
    assert run_plan_schema(kind) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["title"] == f"Thecal plan: {kind}"
    assert set(told["properties"]) == set(KINDS[kind].inputs.__dataclass_fields__)
    assert all(each["description"] for each in told["properties"].values())


def test_no_name_in_a_document_can_drive_the_terminal(tmp_path, capsys):
    nasty = tmp_path / "nasty.toml"
    nasty.write_text(NAMED, encoding="utf-8")
    assert run_plan("constant-flow", str(nasty), as_json=False) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "a \ufffd[2J day" in shown


def test_without_a_kind_the_kinds_are_listed(capsys):
    assert run_plan_kinds(as_json=False) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(f"{each.kind} {' '.join(each.title.split())}" in shown for each in CALCULATORS)
    assert run_plan_kinds(as_json=True) == 0
    told = json.loads(capsys.readouterr().out)["kinds"]
    assert [(each["kind"], each["title"]) for each in told] == [(each.kind, each.title) for each in CALCULATORS]


@pytest.mark.parametrize("act", [lambda: run_plan("nothing", "-", as_json=False), lambda: run_plan_schema("nothing")])
def test_a_kind_that_is_none_is_told_beside_those_there_are(act, capsys):
    assert act() == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith("thecal plan: 'nothing' is not a kind of plan: use one of ")
    assert all(kind in heard.err for kind in KINDS)
    assert heard.err.count("\n") == 1


def test_a_kind_without_a_document_asks_for_one(capsys):
    kind = next(iter(KINDS))
    assert run_plan(kind, "", as_json=False) == 2
    assert capsys.readouterr().err.startswith(f"thecal plan {kind}: name its document")
