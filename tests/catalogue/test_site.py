"""A site tightens freely. What is looser, or vouched for by nobody else, needs a reviewer and a reason."""

import pytest

from thecal.catalogue.drugs import Authority, Setting, Situation, Tolerance, drug
from thecal.catalogue.listing import entries
from thecal.catalogue.mixtures import stability_of
from thecal.catalogue.policy import policy
from thecal.catalogue.site import site
from thecal.catalogue.site_figures import FIGURES
from thecal.catalogue.sourced import CatalogueError, Confidence
from thecal.quantities import Concentration, DoseRate, Duration

SIGNED = 'by = "Demo Pharmacist Birch"\non = "2026-11-20"\n'
REVIEWED = SIGNED + 'reviewer = "Demo Doctor Hazel"\nreason = "end-of-life care, agreed in writing"\n'


def change(figure, value, unit, *, of="morphine", signed=SIGNED, **narrowed):
    lines = [f'drug = "{of}"', f'figure = "{figure}"', f"value = {value}", f'unit = "{unit}"']
    lines += [f'{key} = "{text}"' for key, text in narrowed.items()]
    return "[[drugs]]\n" + "\n".join(lines) + "\n" + signed


def planning(figure, value, unit, signed=SIGNED):
    return f'[[planning]]\nfigure = "{figure}"\nvalue = {value}\nunit = "{unit}"\n' + signed


def at(*changes):
    return site('name = "Demo Pain Clinic"\n' + "\n".join(changes))


# figure, drug, one value tighter than the library and one looser, unit, what narrows it
FREE_AND_NOT = [
    ("daily_dose", "morphine", 10, 16, "mg/day", {}),
    ("daily_dose", "morphine", 15, 51, "mg/day", {}),
    ("daily_dose", "ziconotide", 9.6, 21.6, "microgram/day", {}),
    ("concentration", "morphine", 10, 25, "mg/mL", {}),
    ("concentration", "baclofen", 1000, 4000, "microgram/mL", {}),
    ("daily_dose_ceiling", "morphine", 20, 51, "mg/day", {}),
    ("concentration_ceiling", "morphine", 25, 101, "mg/mL", {}),
    ("start", "morphine", 0.5, 0.6, "mg/day", {"tolerance": "naive"}),
    ("start", "morphine", 5, 11, "mg/day", {"tolerance": "tolerant"}),
    ("start", "morphine", 0.2, 0.6, "mg/day", {}),
    ("start", "fentanyl", 25, 76, "microgram/day", {"tolerance": "naive"}),
    ("step_up", "morphine", 20, 31, "%", {}),
    ("step_up", "morphine", 40, 51, "%", {"setting": "cancer pain"}),
    ("step_up", "baclofen", 5, 16, "%", {"setting": "cerebral spasticity, titration"}),
    ("step_dose", "ziconotide", 0.5, 2.5, "microgram/day", {"setting": "US label"}),
    ("step_interval", "ziconotide", 7, 2, "day", {"setting": "US label"}),
    ("step_interval", "morphine", 7, None, "day", {}),
    ("step_ratio", "morphine", 1.5, 2.1, "1", {}),
    ("naive_gap", "morphine", 24, 49, "h", {}),
    ("bolus_share", "morphine", 10, 21, "%", {}),
    ("bolus_share", "morphine", 2, 25, "%", {}),
    ("bolus_share", "bupivacaine", 10, None, "%", {}),
    ("stability", "morphine", 60, 91, "day", {}),
    ("stability", "ziconotide", 30, 85, "day", {}),
    ("stability", "ziconotide", 30, 41, "day", {"situation": "diluted"}),
    ("stability", "fentanyl", 30, None, "day", {"situation": "any"}),
    ("naive_gap", "ziconotide", 24, None, "h", {}),
]


def test_every_figure_a_site_may_change_is_tried():
    assert {row[0] for row in FREE_AND_NOT} == set(FIGURES)


@pytest.mark.parametrize(
    ("figure", "of", "tighter", "unit", "narrowed"),
    [(figure, of, tighter, unit, narrowed) for figure, of, tighter, _, unit, narrowed in FREE_AND_NOT],
)
def test_a_tighter_figure_is_taken_and_says_whose_it_is(figure, of, tighter, unit, narrowed):
    told = at(change(figure, tighter, unit, of=of, **narrowed))
    theirs = drug(of).at_site(told)
    assert theirs != drug(of)
    added = [number for _, number in theirs.sources if number.source.startswith("Demo Pain Clinic")]
    assert added
    for number in added:
        assert (str(number.value), number.unit, number.confidence) == (str(tighter), unit, Confidence.ASSUMED)
        assert number.source == "Demo Pain Clinic: Demo Pharmacist Birch, 2026-11-20"


@pytest.mark.parametrize(
    ("figure", "of", "looser", "unit", "narrowed"),
    [(figure, of, looser, unit, narrowed) for figure, of, _, looser, unit, narrowed in FREE_AND_NOT if looser],
)
def test_a_looser_figure_is_refused_unless_reviewed(figure, of, looser, unit, narrowed):
    with pytest.raises(
        CatalogueError, match=f"{figure} of {of} is looser than .*name a reviewer and a reason"
    ) as refused:
        at(change(figure, looser, unit, of=of, **narrowed))
    assert "\n" not in str(refused.value)
    told = at(change(figure, looser, unit, of=of, signed=REVIEWED, **narrowed))
    sources = [number.source for _, number in drug(of).at_site(told).sources]
    assert any("reviewed by Demo Doctor Hazel: end-of-life care" in source for source in sources)


@pytest.mark.parametrize("key", entries("drugs"))
def test_a_site_that_says_nothing_changes_nothing(key):
    assert drug(key).at_site(at()) is drug(key)
    assert drug(key).at_site(at(change("daily_dose", 1, "mg/day", of="hydromorphone"))) is drug(key) or (
        key == "hydromorphone"
    )


def test_a_site_limit_stands_beside_the_others_and_replaces_none():
    theirs = drug("morphine").at_site(at(change("daily_dose", 10, "mg/day"), change("concentration", 10, "mg/mL")))
    named = dict(theirs.daily_dose.named())
    assert named.pop(Authority.SITE).amount == DoseRate.parse("10 mg/day")
    assert named == dict(drug("morphine").daily_dose.named())
    assert theirs.concentration.site.amount == Concentration.parse("10 mg/mL")


def test_the_built_in_ceiling_is_lowered_freely_and_raised_only_with_a_reviewer():
    lowered = drug("morphine").at_site(at(change("daily_dose_ceiling", 25, "mg/day")))
    raised = drug("morphine").at_site(at(change("daily_dose_ceiling", 60, "mg/day", signed=REVIEWED)))
    assert lowered.daily_dose.hard.amount == DoseRate.parse("25 mg/day")
    assert raised.daily_dose.hard.amount == DoseRate.parse("60 mg/day")


def test_a_start_of_the_site_is_added_for_whom_it_is_meant():
    theirs = drug("morphine").at_site(at(change("start", 0.1, "mg/day", tolerance="naive")))
    (added,) = set(theirs.starts) - set(drug("morphine").starts)
    assert (added.authority, added.tolerance) == (Authority.SITE, Tolerance.NAIVE)
    assert added.dose.high.amount == DoseRate.parse("0.1 mg/day")


def test_a_smaller_step_touches_only_the_settings_it_is_meant_for():
    theirs = drug("baclofen").at_site(at(change("step_up", 5, "%", of="baclofen", setting="spasticity, high dose")))
    ups = {each.setting: each.up.high.amount * 100 for each in theirs.titrations if each.up}
    assert ups[Setting.HIGH_DOSE] == 5
    assert ups[Setting.SPINAL_MAINTENANCE] == 40


def test_a_step_below_the_usual_range_leaves_no_range_upside_down():
    theirs = drug("morphine").at_site(at(change("step_up", 10, "%"), change("bolus_share", 2, "%")))
    for each in (*(step.up for step in theirs.titrations), theirs.bolus_share):
        assert each.low.amount <= each.high.amount


def test_longer_waiting_also_moves_the_advised_interval():
    theirs = drug("ziconotide").at_site(at(change("step_interval", 7, "day", of="ziconotide")))
    assert {each.interval.amount for each in theirs.titrations} == {Duration.parse("7 day")}
    (european,) = [each for each in theirs.titrations if each.usual_interval]
    assert european.usual_interval.amount == Duration.parse("7 day")
    some = drug("ziconotide").at_site(at(change("step_interval", 36, "h", of="ziconotide", setting="EU label")))
    (european,) = [each for each in some.titrations if each.setting is Setting.EU_LABEL]
    assert european.usual_interval.amount == Duration.parse("48 h")


def test_a_shorter_stay_caps_what_is_longer_and_leaves_what_is_shorter():
    theirs = drug("ziconotide").at_site(at(change("stability", 30, "day", of="ziconotide")))
    days = {each.situation: str(each.days.amount) for each in theirs.stability}
    assert days == {Situation.FIRST_FILL: "14 day", Situation.LATER: "30 day", Situation.DILUTED: "30 day"}
    assert stability_of(["ziconotide"], Situation.LATER, (theirs,)).amount == Duration.parse("30 day")


def test_a_site_may_say_how_long_a_drug_keeps_of_which_nobody_else_says_so():
    told = at(change("stability", 30, "day", of="fentanyl"), change("stability", 20, "day", of="bupivacaine"))
    for key, days in (("fentanyl", "30 day"), ("bupivacaine", "20 day")):
        assert stability_of([key], Situation.LATER, (drug(key).at_site(told),)).amount == Duration.parse(days)


def test_an_unsupported_drug_waits_for_both_limits_and_a_second_name():
    dose = change("daily_dose", 20, "mg/day", of="ropivacaine", signed=REVIEWED)
    strength = change("concentration", 7.5, "mg/mL", of="ropivacaine", signed=REVIEWED)
    assert drug("ropivacaine").at_site(at(dose)).needs_site_limits
    assert not drug("ropivacaine").at_site(at(dose, strength)).needs_site_limits
    with pytest.raises(CatalogueError, match="needs a reviewer and a reason: the drug is unsupported"):
        at(change("daily_dose", 20, "mg/day", of="ropivacaine"))


@pytest.mark.parametrize(
    ("figure", "tighter", "looser", "unit"),
    [
        ("lead_before_alarm", 10, 6, "day"),
        ("highest_alarm_share", 0.4, 0.6, "1"),
        ("tolerance_small", 0.5, 1.5, "mL"),
        ("steps_without_response", 2, 4, "1"),
    ],
)
def test_planning_figures_too_are_tightened_freely_and_loosened_only_with_a_reviewer(figure, tighter, looser, unit):
    ours, theirs = policy(), at(planning(figure, tighter, unit)).planning_of(policy())
    assert getattr(theirs, figure) != getattr(ours, figure)
    assert theirs.source_of(figure).source.startswith("Demo Pain Clinic")
    unchanged = [pair for pair in ours.sources if pair[0] != figure]
    assert [pair for pair in theirs.sources if pair[0] != figure] == unchanged
    with pytest.raises(CatalogueError, match=f"{figure} is looser than the library; name a reviewer and a reason"):
        at(planning(figure, looser, unit))
    assert getattr(at(planning(figure, looser, unit, REVIEWED)).planning_of(ours), figure) != getattr(ours, figure)


@pytest.mark.parametrize("value", [10, 40])
def test_a_figure_without_a_tighter_side_is_moved_by_a_reviewer_only(value):
    with pytest.raises(CatalogueError, match="small_reservoir is looser"):
        at(planning("small_reservoir", value, "mL"))


def changed_twice(narrowed):
    return change("start", 0.1, "mg/day", **narrowed) + change("start", 0.2, "mg/day", **narrowed)


REFUSED = [
    ('name = ""', "name must be text"),
    ("", "name must be text"),
    ("name =", "not a TOML document"),
    ('name = "x"\ncolour = "blue"', "colour is not a known field"),
    ('name = "x"\ndrugs = "all"', "drugs must be an array of tables"),
    (change("daily_dose", 10, "mg/day", of="laudanum"), "'laudanum' is not a drug of this library"),
    (change("dose", 10, "mg/day"), "figure is 'dose', expected one of concentration, "),
    (planning("lead", 10, "day"), "figure is 'lead', expected one of lead_before_alarm, "),
    (change("daily_dose", 10, "mg"), "unit is 'mg', expected one of"),
    (change("daily_dose", '"10"', "mg/day"), "value must be a finite number"),
    (change("daily_dose", -1, "mg/day"), "'-1' is not accepted as a number"),
    (planning("lead_before_alarm", 10, "h"), "unit is 'h', expected 'day'"),
    (change("step_ratio", 1, "1"), "must be above 1"),
    (change("daily_dose", 10, "mg/day", signed='by = "Demo Pharmacist Birch"\n'), "on must be text"),
    (change("daily_dose", 10, "mg/day", signed='on = "2026-11-20"\n'), "by must be text"),
    (change("daily_dose", 10, "mg/day", signed=SIGNED.replace("2026-11-20", "20.11.2026")), "expected a day such as"),
    (change("daily_dose", 10, "mg/day", signed=SIGNED + 'reviewer = "Demo Doctor Hazel"\n'), "reason must be text"),
    (change("daily_dose", 10, "mg/day", signed=SIGNED + 'reason = "agreed"\n'), "reviewer must be text"),
    (
        change("daily_dose", 10, "mg/day", signed=REVIEWED.replace("Doctor Hazel", "Pharmacist Birch")),
        "reviewer must be another person",
    ),
    (change("daily_dose", 10, "mg/day", tolerance="naive"), "tolerance is not a known field"),
    (change("start", 0.1, "mg/day", tolerance="used to it"), "expected one of naive, tolerant"),
    (change("step_up", 5, "%", setting="US label"), "changes nothing: the library has no such figure"),
    (change("step_up", 5, "%", of="ziconotide"), "changes nothing"),
    (change("step_dose", 1, "mg/day"), "changes nothing"),
    (changed_twice({}), "morphine, start is changed twice"),
    (changed_twice({"tolerance": "naive"}), "morphine, start, naive is changed twice"),
    (planning("lead_before_alarm", 10, "day") + planning("lead_before_alarm", 11, "day"), "is changed twice"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_wrong_file_is_refused_in_one_line_that_says_what_would_be_accepted(text, message):
    whole = text if text.startswith(("name", "#")) or not text else 'name = "Demo Pain Clinic"\n' + text
    with pytest.raises(CatalogueError, match=message) as refused:
        site(whole, "clinic.toml")
    assert "\n" not in str(refused.value)


def test_starts_for_different_patients_are_not_the_same_change():
    told = at(
        change("start", 0.1, "mg/day", tolerance="naive"),
        change("start", 2, "mg/day", tolerance="tolerant"),
    )
    assert len(drug("morphine").at_site(told).starts) == len(drug("morphine").starts) + 2
