"""An accident document is read strictly, and a variation changes exactly the places it names."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from pathlib import Path

import pytest

from thecal.bench.accidents.changed import changed
from thecal.bench.accidents.reading import accident_schema, load_accident
from thecal.bench.accidents.records import Variation
from thecal.bench.accidents.replay import replay
from thecal.documents import DocumentError

FOLDER = Path(__file__).parents[2] / "scenarios" / "accidents"
STOPPED = (FOLDER / "1997-two-pumps-one-day.toml").read_text(encoding="utf-8")
TYPED = (FOLDER / "undated-comma-ignored.toml").read_text(encoding="utf-8")
PLANNED = (FOLDER / "undated-enteral-baclofen-for-intrathecal.toml").read_text(encoding="utf-8")
STALLED = (FOLDER / "2019-foreign-particle.toml").read_text(encoding="utf-8")
OPEN = (FOLDER / "2013-level-sensor-drift.toml").read_text(encoding="utf-8")
DOCUMENT = {"a": {"b": 1, "c": [{"d": 2}, 3]}, "e": "text"}


def spoiled(text, pattern, instead):
    found, count = re.subn(pattern, instead, text, count=1, flags=re.MULTILINE | re.DOTALL)
    assert count == 1, pattern
    return found


@pytest.mark.parametrize(
    ("text", "pattern", "instead", "said"),
    [
        (STOPPED, r"\A.*\Z", "", "the document is empty"),
        (STOPPED, r"\A.*\Z", "title = ", "not a TOML document"),
        (STOPPED, r"^title = .*?$", "", "title: missing"),
        (STOPPED, r"^title = ", "colour = 'red'\ntitle = ", "colour: unknown field"),
        (STOPPED, r"^done = \[.*?^\]", "done = []", "done: say what was done"),
        (STOPPED, r"^year = 1997", "year = 997", "year: 997 must lie from 1980 to 2100"),
        (STOPPED, r"^year = 1997", "", "year_of: with a year, and only then"),
        (STOPPED, r"^year_of = .*?$", "", "year_of: with a year, and only then"),
        (STOPPED, r'"publication"', '"rumour"', "year_of: 'rumour' is not one of event, notice, publication"),
        (STOPPED, r"^confidence = .*?$", 'confidence = "sure"', "confidence: 'sure' is not one of verified"),
        (STOPPED, r"^verdict = .*?$", 'verdict = "ALLOW"', "verdict: 'ALLOW' is not one of INFO, WARN, STOP, REFUSE"),
        (STOPPED, r"^verdict = .*?$", "", "verdict: missing"),
        (STOPPED, r"^caught_by = .*?$", "", "caught_by: missing"),
        (STOPPED, r'"wrong-pump"', '"wrong-pumps"', "caught_by: no rule is called 'wrong-pumps'; near it: wrong-pump"),
        (STOPPED, r'"wrong-pump"', '"12345"', "caught_by: no rule is called '12345'"),
        (STOPPED, r'"wrong-pump"', '"entry"', 'caught_by: entry with through = "entry", and only then'),
        (TYPED, r'"entry"', '"unit-slip"', 'caught_by: entry with through = "entry", and only then'),
        (STOPPED, r"^\[replay\].*\Z", "", "replay: missing"),
        (STOPPED, r"^ours = .*?$", "", "replay.ours: missing"),
        (STOPPED, r"^ours = ", 'kind = "bridge"\nours = ', 'replay.kind: with through = "plan", and only then'),
        (PLANNED, r"^kind = .*?$", "", 'replay.kind: with through = "plan", and only then'),
        (STOPPED, r"^\[\[replay.variants\]\].*?(?=^\[\[)", "", "replay.variants: at least 2"),
        (STOPPED, r"^\[\[replay.near_twins\]\].*\Z", "", "replay.near_twins: at least one harmless plan"),
        (STOPPED, r"the same serial number on another model", "the pump of the record", "two variations have the same"),
        (STOPPED, r'"plan"', '"visit"', "needs: 'visit' is not replayed; leave out replay, caught_by, verdict"),
        (STOPPED, r'"plan"', '"pump"', 'replay.through: "pump" with needs = "pump", and only then'),
        (STOPPED, r'"REFUSE"', '"ALARM (critical)"', "verdict: ALARM (critical) is none of a plan check"),
        (STALLED, r'"pump"', '"plan"', 'replay.through: "pump" with needs = "pump", and only then'),
        (
            STALLED,
            r'"motor stall"',
            '"motor stalled"',
            "caught_by: no alarm or log line is called 'motor stalled'; near",
        ),
        (STALLED, r'"motor stall"', '"wrong-pump"', "caught_by: no alarm or log line is called 'wrong-pump'"),
        (STALLED, r'"motor stall"', '"low reservoir"', "verdict: low reservoir is ALARM (non-critical)"),
        (STALLED, r'"motor stall"', '"strokes not made"', "verdict: strokes not made is LOGGED"),
        (STALLED, r"^\[replay\].*\Z", "", "replay: missing"),
        (STALLED, r"^\[\[replay.variants\]\].*?(?=^\[\[)", "", "replay.variants: at least 2"),
        (OPEN, r'"pump"', '"plan"', "verdict: missing"),
        (OPEN, r'"pump"', '"luck"', "needs: 'luck' is not one of plan, pump, visit"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_in_one_line(text, pattern, instead, said):
    with pytest.raises(DocumentError) as refused:
        load_accident(spoiled(text, pattern, instead))
    assert str(refused.value).startswith(said) or said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "pattern", "instead", "said"),
    [
        (STOPPED, r'"synchromed-ii-20"', '"synchromed-iv"', "as it happened: current.pump: "),
        (STOPPED, r'"morphine"', '"morfine"', "as it happened: current.fluid[0].drug: "),
        (STOPPED, r"devices.recorded_serial", "devices.serial", "a serial number with two digits exchanged: devices."),
        (
            STOPPED,
            r'"devices.recorded_serial"',
            '"current.fluid.3.drug"',
            "current.fluid.3.drug: 3 is not one of the 1",
        ),
        (PLANNED, r'^kind = "conversion"', 'kind = "conversions"', "replay.kind: 'conversions' is not a kind of plan"),
        (PLANNED, r'"10 microgram/day"', '"10"', "as it happened: daily_dose: "),
        (TYPED, r'kind = "dose rate"', 'kind = "dose"', "as it happened: kind: 'dose' is not one of volume, mass"),
        (TYPED, r'unit = "mg/day"', 'unit = "mg"', "as it happened: unit: 'mg' is not one of "),
        (STALLED, r'"synchromed-ii-40"', '"synchromed-iv"', "as it happened: "),
        (STALLED, r'"synchromed-ii-40"', '"isomed-20-05"', "as it happened: story: this pump has no electronics"),
        (
            STALLED,
            r'"motor stands"',
            '"motor rests"',
            "as it happened: steps[0].do: 'motor rests' is not one of time passes",
        ),
        (STALLED, r'"motor stands"', '"self-test fails"', "as it happened: steps[0]: test: missing for this deed"),
        (STALLED, r'"motor stands"', '"magnetic field goes"', "as it happened: steps[0]: there is no field to leave"),
        (STALLED, r'"motor stands"', '"power returns"', "as it happened: steps[0]: the power is on"),
        (STALLED, r"alarms = \[\] \}", "colour = 1 }", "as it happened: steps[0].colour: unknown field"),
        (STALLED, r'^fill = "40 mL"', 'fill = "41 mL"', "as it happened: story: "),
        (STALLED, r'^rate = "0.48 mL/day"', 'rate = "0.01 mL/day"', "story: the pump refuses its first program: "),
        (TYPED, r'^typed = "14,5"', 'types = "14,5"', "as it happened: types: unknown field; known here: kind, unit"),
    ],
)
def test_a_replay_that_cannot_be_tried_is_refused_in_one_line_that_names_the_variation(text, pattern, instead, said):
    accident = load_accident(spoiled(text, pattern, instead))
    with pytest.raises(DocumentError) as refused:
        replay(accident)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "drop", "then"),
    [
        ({}, (), DOCUMENT),
        ({"e": "other"}, (), {**DOCUMENT, "e": "other"}),
        ({"a.b": [1]}, (), {**DOCUMENT, "a": {"b": [1], "c": [{"d": 2}, 3]}}),
        ({"a.c.0.d": 5}, (), {**DOCUMENT, "a": {"b": 1, "c": [{"d": 5}, 3]}}),
        ({"a.c.1": 4}, (), {**DOCUMENT, "a": {"b": 1, "c": [{"d": 2}, 4]}}),
        ({"f.g.h": 1}, (), {**DOCUMENT, "f": {"g": {"h": 1}}}),
        ({}, ("e",), {"a": DOCUMENT["a"]}),
        ({}, ("a.c.0",), {**DOCUMENT, "a": {"b": 1, "c": [3]}}),
        ({"a.c.0.d": 5}, ("a.b",), {**DOCUMENT, "a": {"c": [{"d": 5}, 3]}}),
    ],
)
def test_a_variation_changes_the_places_it_names_and_nothing_else(change, drop, then):
    before = deepcopy(DOCUMENT)
    assert changed(DOCUMENT, Variation("a variation", change, drop)) == then
    assert before == DOCUMENT


def test_what_a_variation_sets_is_its_own_and_not_shared():
    value = {"inner": [1]}
    found = changed(DOCUMENT, Variation("a variation", {"x": value, "y": value}))
    found["x"]["inner"].append(2)
    assert found["y"] == value == {"inner": [1]}


@pytest.mark.parametrize(
    ("change", "drop", "said"),
    [
        ({"a.c.2": 1}, (), "set: a.c.2: 2 is not one of the 2 entries, counted from 0"),
        ({"a.c.2.d": 1}, (), "set: a.c.2.d: 2 is not one of the 2 entries"),
        ({"a.c.-1": 1}, (), "set: a.c.-1: -1 is not one of the 2 entries"),
        ({"a.c.x": 1}, (), "set: a.c.x: x is not one of the 2 entries"),
        ({"a.c.²": 1}, (), "set: a.c.²: ² is not one of the 2 entries"),
        ({"e.f": 1}, (), "set: e.f leads into e, which holds no fields"),
        ({"a.c.1.d": 1}, (), "set: a.c.1.d leads into 1, which holds no fields"),
        ({}, ("x",), "drop: x is not in the document"),
        ({}, ("a.x",), "drop: a.x is not in the document"),
        ({}, ("x.y",), "drop: x.y is not in the document"),
        ({}, ("a.c.7",), "drop: a.c.7: 7 is not one of the 2 entries"),
        ({}, ("e.f",), "drop: e.f leads into e, which holds no fields"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(change, drop, said):
    with pytest.raises(DocumentError) as refused:
        changed(DOCUMENT, Variation("a variation", change, drop))
    assert str(refused.value).startswith(said)


def test_the_schema_names_every_field_that_the_documents_use():
    described = accident_schema()
    assert described["title"] == "Thecal accident"
    for file in FOLDER.glob("*.toml"):
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        assert set(document) <= set(described["properties"])
        assert set(described["required"]) <= set(document)
