"""What befell pumps befalls the pump itself: alarmed in time, said, and only then; an alarm that is gone is noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from thecal.bench.accidents.known_rules import PUMP_NAMES
from thecal.bench.accidents.reading import load_accident
from thecal.bench.accidents.records import Needs, Stands
from thecal.bench.accidents.replay import replay
from thecal.bench.accidents.story_records import Deed, Story
from thecal.bench.accidents.telling import Told, heard, tell, unmet
from thecal.device import Alarm, LogKind
from thecal.documents import read
from thecal.pump.controller import alarms, field
from thecal.pump.controller.alarm_table import ALARM_TABLE, AlarmClass

ROOT = Path(__file__).parents[2]
OF_A_PUMP = {
    file.stem: accident
    for file in sorted((ROOT / "scenarios" / "accidents").glob("*.toml"))
    if (accident := load_accident(file.read_text(encoding="utf-8"))).needs is Needs.PUMP
}
TOLD = {name: each for name, each in OF_A_PUMP.items() if each.replay is not None}
ALARMED = {name: each for name, each in TOLD.items() if each.verdict is not Stands.LOGGED}
HOUR_MS = 3_600_000


def story(*steps, **changed):
    """A pump of 20 strokes an hour to which these steps happen, each (hours, deed, what else)."""
    written = [{"after": f"{hours} h", "do": deed, **more} for hours, deed, more in steps]
    return read(
        Story,
        {
            "model": "synchromed-ii-20",
            "fill": "18 mL",
            "fluid": [{"drug": "morphine", "concentration": "1 mg/mL"}],
            "rate": "0.24 mL/day",
            "low_reservoir": "2 mL",
            "begins": {"not_before": "0 h", "not_after": "1000 h"},
            "log": [],
            "steps": written,
            **changed,
        },
    )


def without(monkeypatch, alarm):
    """The pump as it was, less this row of its table: the alarm is never raised."""
    raised = alarms.raised
    monkeypatch.setattr(
        alarms, "raised", lambda state, each, *more: state if each is alarm else raised(state, each, *more)
    )


@pytest.mark.parametrize("name", TOLD)
def test_the_accident_and_its_variants_are_caught_by_the_pump_and_its_near_twins_are_silent(name):
    accident, found = TOLD[name], replay(TOLD[name])
    assert [(each.title, each.amiss) for each in found.tried if not each.held] == []
    assert (found.open, found.held, found.finding, found.reached) == (False, True, None, accident.verdict)
    assert len(accident.replay.variants) >= 2
    times = {tuple((line.kind, line.at_ms) for line in each.told.seen) for each in found.tried}
    models = {str({**accident.replay.document, **each.set}["model"]) for each in accident.replay.variants}
    assert len(times) > 2
    assert len(models) > 1


@pytest.mark.parametrize("name", ALARMED)
def test_without_the_row_of_its_alarm_an_accident_is_not_caught_any_more(name, monkeypatch):
    accident = ALARMED[name]
    without(monkeypatch, next(each for each in Alarm if each.value == accident.caught_by))
    found = replay(accident)
    assert [each.title for each in found.missed] == [each.title for each in found.tried if not each.twin]
    assert (found.false_alarms, found.held, found.reached) == ((), False, None)
    assert found.missed[0].amiss[0] == f"{accident.caught_by} never came"


def test_a_lock_that_is_not_written_down_is_not_caught_any_more(monkeypatch):
    monkeypatch.setattr(field, "logged", lambda state, *_: state)
    found = replay(TOLD["undated-telemetry-mode-after-mri"])
    assert (len(found.missed), found.false_alarms) == (3, ())


@pytest.mark.parametrize("name", TOLD)
def test_a_pump_that_cries_out_without_a_reason_is_a_false_alarm(name, monkeypatch):
    refreshed = alarms.refreshed
    monkeypatch.setattr(alarms, "refreshed", lambda state: alarms.raised(refreshed(state), Alarm.LINK_ABUSE))
    quiet = replace(TOLD[name], replay=replace(TOLD[name].replay, variants=()))
    found = replay(quiet)
    assert [each.title for each in found.false_alarms] == [each.title for each in quiet.replay.near_twins]


def test_the_class_of_an_alarm_is_that_of_the_pumps_own_table():
    for alarm, row in ALARM_TABLE.items():
        critical = row.alarm_class is AlarmClass.CRITICAL
        assert PUMP_NAMES[alarm.value] is (Stands.CRITICAL if critical else Stands.NON_CRITICAL)
    assert all(kind.value in PUMP_NAMES for kind in LogKind)


def test_what_the_pump_cannot_see_stays_open_and_says_why():
    left_open = {name: each for name, each in OF_A_PUMP.items() if each.replay is None}
    assert list(left_open) == ["2013-level-sensor-drift"]
    assert "no level sensor" in left_open["2013-level-sensor-drift"].lesson


def test_an_alarm_that_comes_too_early_or_too_late_catches_nothing():
    stalled = story((1, "motor stands", {}), (5, "time passes", {}))
    told = tell(stalled)
    at_ms = told.first("motor stall").at_ms
    assert HOUR_MS < at_ms <= HOUR_MS + 9 * 60_000
    assert unmet(stalled, told, "motor stall") == ()
    for bounds in ({"not_before": "0 h", "not_after": "68 min"}, {"not_before": "70 min", "not_after": "9 h"}):
        (amiss,) = unmet(story(begins=bounds), told, "motor stall")
        assert amiss.startswith("motor stall came at ")


def test_lines_of_the_log_must_stand_in_their_order():
    steps = ((1, "motor stands", {"turns_again_after": "1 h"}), (3, "time passes", {}))
    in_order = story(*steps, log=["motor stall", "motor recovered"])
    turned = story(*steps, log=["motor recovered", "motor stall"])
    told = tell(in_order)
    assert unmet(in_order, told, "motor stall") == ()
    assert unmet(turned, told, "motor stall") == ("the log does not hold 'motor stall' in its place",)


@pytest.mark.parametrize(
    ("more", "amiss"),
    [
        ({"given": "nothing"}, "steps.0: 20000 nL left the tip, not nothing"),
        ({"alarms": ["motor stall"]}, "steps.0: alarms that stand: none"),
        ({"refused": "the motor does not turn"}, "steps.0: the pump said no refusal, not 'the motor does not turn'"),
        ({"told": ["Motor stall"]}, "steps.0: not told 'Motor stall'"),
    ],
)
def test_what_a_step_states_and_is_not_true_is_amiss_in_an_accident_and_in_a_twin(more, amiss):
    stated = story((2, "physician reads", more))
    told = tell(stated)
    assert told.broken == (amiss,)
    assert amiss in unmet(stated, told, "motor stall")
    assert heard(stated, told, "motor stall") == (amiss,)


def test_a_flow_that_is_not_as_programmed_is_amiss():
    assert tell(story((0, "motor stands", {}), (2, "time passes", {"given": "as programmed"}))).broken
    assert not tell(story((2, "time passes", {"given": "as programmed"}))).broken


def test_a_twin_may_draw_the_alarms_that_stand_beside_it_but_never_the_one_that_catches():
    steps = ((1, "battery runs down", {"permille": 50}), (1, "time passes", {}))
    indicator = "elective replacement indicator"
    assert heard(story(*steps), tell(story(*steps)), "motor stall")
    beside = story(*steps, beside=[indicator])
    assert heard(beside, tell(beside), "motor stall") == ()
    assert heard(beside, tell(beside), indicator)


STEPS_OF = {
    Deed.TIME_PASSES: [],
    Deed.FIELD_GOES: [(1, "magnetic field comes", {})],
    Deed.POWER_RETURNS: [(1, "power fails", {})],
    Deed.MOTOR_IS_FREED: [(1, "motor stands", {})],
    Deed.PHYSICIAN_SILENCES: [(1, "updates fail", {})],
}
NEEDS = {
    Deed.STROKES_ARE_MISSED: {"strokes": 1},
    Deed.BATTERY_RUNS_DOWN: {"permille": 500},
    Deed.SELF_TEST_FAILS: {"test": "battery"},
    Deed.PHYSICIAN_REFILLS: {"volume": "10 mL", "told": ["done"]},
    Deed.PHYSICIAN_PROGRAMS: {"rate": "0.48 mL/day", "told": ["done"]},
    Deed.PHYSICIAN_STOPS: {"told": ["done"]},
    Deed.PHYSICIAN_READS: {"told": ["Program updated"]},
    Deed.PHYSICIAN_SILENCES: {"alarm": "infusing but cannot be updated", "told": ["done"]},
    Deed.PATIENT_READS: {"told": ["Your pump works by itself."]},
    Deed.PATIENT_ASKS: {
        "refused": "no patient bolus is prescribed",
        "told": ["Extra doses are not part of your treatment"],
    },
}
GIVEN_AFTER = {  # nL in 20 h; whatever is not named leaves the pump as it was, at 200 000
    Deed.FIELD_COMES: 0,
    Deed.FIELD_GOES: 0,
    Deed.MOTOR_STANDS: 0,
    Deed.BATTERY_SAGS: 0,
    Deed.SELF_TEST_FAILS: 0,
    Deed.POWER_FAILS: 0,
    Deed.PHYSICIAN_STOPS: 0,
    Deed.STROKES_ARE_MISSED: 199_500,
    Deed.PHYSICIAN_PROGRAMS: 400_000,
}


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_does_to_the_pump_what_its_name_says(deed):
    last = (20, "time passes", {"given": "nothing"})
    before, due_nl = STEPS_OF.get(deed, []), GIVEN_AFTER.get(deed, 200_000)
    told = tell(story(*before, (0, deed.value, NEEDS.get(deed, {})), last))
    amiss = f"steps.{len(before) + 1}: {due_nl} nL left the tip, not nothing"
    assert told.broken == ((amiss,) if due_nl else ())


def test_without_power_nobody_is_answered():
    dark = story(
        (1, "power fails", {}),
        (0, "physician reads", {"told": ["The pump did not answer."]}),
        (0, "patient reads", {"told": ["Your pump could not be reached."]}),
        (0, "patient asks", {"told": ["Your pump could not be reached."]}),
        (0, "physician programs", {"told": ["nothing was sent"]}),
    )
    assert tell(dark).broken == ()


def test_a_story_is_the_same_every_time():
    told = story((1, "motor stands", {}), (5, "physician reads", {}))
    assert isinstance(tell(told), Told)
    assert tell(told) == tell(told)
