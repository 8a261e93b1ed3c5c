"""Every example and every scenario of the project runs, and gives what can be worked out by hand."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from thecal.bench.case import load_case
from thecal.cli.scenario import run_scenario
from thecal.cli.simulate import run_simulate

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
DELIVERED = {  # drug that left the pump, from dose times days
    "onofrio-yaksh-1990": (14 * 3.8, "mg"),
    "winkelmueller-1996": (8 * 2.7 + 7 * 3.4 + 7 * 4.1 + 8 * 4.7, "mg"),
    "wilkes-2018-microdose": (14 * 0.15, "mg"),
    "patient-controlled-morphine": (3 * 2 + 4 * 0.2, "mg"),
    "baclofen-morning-dose": (3 * 60, "microgram"),
    "baclofen-every-hour": (2 * 60, "microgram"),
    "constant-flow-20": (30 * 0.5 * 5.5, "mg"),
    "new-implant": (47 / 24 * 2.4 + 0.1, "mg"),
}


def cases():
    return [load_case(path.read_text(encoding="utf-8")) for path in EXAMPLES]


def test_the_published_therapies_are_all_there():
    assert {path.stem for path in EXAMPLES} == set(DELIVERED)
    assert len(SCENARIOS) >= 5


def test_examples_can_be_seeded_side_by_side():
    """Verify that ids (equal to file names), serials and names differ, and that names are plainly fictional."""
    found = cases()
    assert [case.id for case in found] == [path.stem for path in EXAMPLES]
    assert len({case.system.serial for case in found}) == len(found)
    assert len({case.patient.name for case in found}) == len(found)
    assert all(case.patient.name.startswith("Demo Patient ") for case in found)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_delivers_what_dose_times_days_says(path, capsys, tmp_path):
    drawing = tmp_path / "drawing.svg"
    assert run_simulate(str(path), as_json=True, plot=str(drawing)) == 0
    found = json.loads(capsys.readouterr().out)
    amount, unit = DELIVERED[path.stem]
    (drug,) = found["drugs"]
    assert drug["delivered"]["unit"] == unit
    assert drug["delivered"]["value"] == pytest.approx(amount, rel=1e-12)
    assert sum(day["delivered"]["value"] for day in drug["days"]) == pytest.approx(amount, rel=1e-9)
    assert found["mass_balance"]["fluid_path_exact"] is True
    assert found["mass_balance"]["spine_given_against_released"]["value"] < 1e-9
    assert found["truth_and_belief"]["reservoir"]["believed"] in (None, found["truth_and_belief"]["reservoir"]["true"])
    assert found["score"]["lowest"]["value"] < found["score"]["without_drug"]["value"]
    ElementTree.parse(drawing)


def test_the_wrong_baclofen_dose_is_not_programmed(capsys):
    run_simulate(str(ROOT / "examples" / "baclofen-every-hour.toml"), as_json=True, plot=None)
    found = json.loads(capsys.readouterr().out)
    wrong = found["happenings"][-1]
    assert "every 1 h" in wrong["what"]
    assert wrong["outcome"].startswith("second confirmation needed")
    assert "24 ×" in wrong["outcome"]


def test_a_microdose_keeps_above_the_lowest_flow_of_the_pump():
    """0.15 mg/day of 2 mg/mL is 0.075 mL/day; at 10 mg/mL it would be 0.015 mL/day, which this pump cannot do."""
    text = (ROOT / "examples" / "wilkes-2018-microdose.toml").read_text(encoding="utf-8")
    from thecal.bench.simulate import simulate

    stronger = simulate(load_case(text.replace('"2 mg/mL"', '"10 mg/mL"').replace('"14 day"', '"1 day"')))
    assert stronger.unmet
    assert stronger.moments[-1].strokes_made == 0


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_goes_as_its_story_says(path, capsys):
    ended = run_scenario(str(path), as_json=True)
    found = json.loads(capsys.readouterr().out)
    failed = [each for step in found["steps"] for each in step["checked"] if not each["passed"]]
    assert failed == []
    assert ended == 0
    assert sum(len(step["checked"]) for step in found["steps"]) >= 4
