"""When the refill is due: the earliest of all limits, expected and at worst, and what no alarm would tell of."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from thecal.catalogue.policy import policy
from thecal.device import FlexStep
from thecal.quantities import Duration, Instant, Volume
from thecal.therapy import EntryRefused, Profile, Verdict
from thecal.therapy.calculators.refill import CALCULATOR
from thecal.therapy.due import Bound, Limit, due, moment_after
from thecal.therapy.projection import Fill, dry_before_alarm, project, reaches
from thecal.therapy.showing import share_text

from .given import bolus, continuous, standing, translated
from .worked import explains_itself, numbers, said, worked

AT = "2026-11-22T07:00:00Z"
NOW = Instant.parse(AT)
DAY = 86_400_000


def asked(dose="5 mg/day", fluid=(("morphine", "10 mg/mL"),), therapy=None, **more):
    document = {
        "pump": "synchromed-ii-20",
        "filled": "20 mL",
        "filled_at": AT,
        "fluid": [{"drug": drug, "concentration": strength} for drug, strength in fluid],
        "therapy": {"mode": "simple continuous", "daily_dose": dose} if therapy is None else therapy,
        **more,
    }
    return worked(CALCULATOR, document)


def days(found, bound, which="expected"):
    """Whole days from the fill to this limit; None when it is not one."""
    at = {limit.bound: limit.at for limit in getattr(found.answer, which).limits}.get(bound)
    return None if at is None else at.since(NOW).count // DAY


# --- over-delivery inside the label -------------------------------------------------------------


# fill, alarm level, left -> over-delivery [programmable pumps 1.2: above 11.1 % and above 5.3 %]
@pytest.mark.parametrize(
    ("filled", "alarm", "left", "margin"),
    [
        ("20 mL", "2 mL", "0 mL", "11.11 %"),
        ("40 mL", "2 mL", "0 mL", "5.26 %"),
        ("20 mL", "2 mL", "1.4 mL", "3.33 %"),
        ("10 mL", "2 mL", "0 mL", "25 %"),
        ("20 mL", "10 mL", "0 mL", "100 %"),
    ],
)
def test_over_delivery_inside_the_label_can_empty_the_reservoir_before_the_computed_alarm(filled, alarm, left, margin):
    found = dry_before_alarm(Volume.parse(filled), Volume.parse(alarm), Volume.parse(left))
    assert share_text(found) == margin


def test_a_fill_below_its_alarm_level_has_no_such_margin():
    assert dry_before_alarm(Volume.parse("2 mL"), Volume.parse("2 mL"), Volume(0)) is None


@settings(max_examples=80)
@given(
    filled=st.integers(3_000_000, 40_000_000),
    alarm=st.integers(100_000, 2_500_000),
    rate=st.integers(48_000, 4_000_000),
    beyond=st.integers(1, 50),
)
def test_at_the_margin_it_is_dry_when_the_alarm_is_computed_and_beyond_it_before(filled, alarm, rate, beyond):
    profile = Profile((FlexStep(0, rate),))
    fill = Fill(Volume(filled), Volume(40_000_000), Volume(alarm), Volume(0), NOW, 0)
    margin = dry_before_alarm(fill.reservoir, fill.low_reservoir, Volume(0))
    computed = reaches(profile, 0, fill, fill.low_reservoir)
    at_margin = reaches(profile, 0, fill, Volume(0), margin)
    one_nl_ms = DAY // rate + 1
    assert abs(at_margin.epoch_ms - computed.epoch_ms) <= one_nl_ms
    assert reaches(profile, 0, fill, Volume(0), margin + Fraction(beyond, 100)) < computed


@pytest.mark.parametrize(
    ("pump", "filled", "told"),
    [
        ("synchromed-ii-20", "20 mL", True),  # 11.1 % is within 14.5 %
        ("synchromed-ii-40", "40 mL", True),
        ("synchromed-ii-20", "10 mL", False),  # 25 % is not
        ("medstream-20", "20 mL", False),  # it measures its reservoir
    ],
)
def test_only_where_the_label_allows_it_and_nothing_measures_the_reservoir_is_it_told(pump, filled, told):
    found = asked("2 mg/day", pump=pump, filled=filled)
    assert ("dry-before-alarm" in said(found)) is told
    assert said(found).get("dry-before-alarm", Verdict.INFO) is Verdict.INFO


# --- dates --------------------------------------------------------------------------------------


# pump, dose of morphine 10 mg/mL, boluses -> days to the computed alarm, expected refill, at worst, what binds
@pytest.mark.parametrize(
    ("pump", "filled", "dose", "boluses", "alarm", "expected", "worst", "binds"),
    [
        ("synchromed-ii-20", "20 mL", "5 mg/day", 0, 36, 29, 24, Bound.ALARM),  # 0.5 mL/day: 36 days to 2 mL
        ("synchromed-ii-20", "20 mL", "10 mg/day", 0, 18, 11, 8, Bound.ALARM),
        ("synchromed-ii-20", "20 mL", "5 mg/day", 4, 36, 23, 19, Bound.ALARM),  # 4 x 0.25 mg: 0.6 mL/day
        ("synchromed-ii-40", "40 mL", "5 mg/day", 0, 76, 69, 59, Bound.ALARM),
        ("synchromed-ii-20", "20 mL", "1 mg/day", 0, 180, 90, 90, Bound.STABILITY),  # 0.1 mL/day: morphine keeps 90
        ("synchromed-ii-20", "2 mL", "5 mg/day", 0, 0, 0, 0, Bound.ALARM),
    ],
)
def test_worked_examples(pump, filled, dose, boluses, alarm, expected, worst, binds):
    therapy = {"mode": "simple continuous", "daily_dose": dose}
    if boluses:
        lasts = {"duration": "10 min", "lockout": "4 h"}
        therapy["patient_bolus"] = {"dose": "0.25 mg", "maximum_per_24h": boluses, **lasts}
    found = asked(pump=pump, filled=filled, therapy=therapy)
    assert found.answer.projection.days_to_alarm == alarm
    assert found.answer.expected.at.since(NOW).count // DAY == expected
    assert found.answer.worst.at.since(NOW).count // DAY == worst
    assert found.answer.expected.binding.bound is binds
    assert explains_itself(found)


def test_the_expected_refill_by_volume_is_the_date_every_screen_shows():
    prescription = continuous("5 mg/day", bolus=bolus("0.25 mg"))
    at, program = standing(running=prescription), translated(prescription)
    shown = at.projection(program.program, program.derived)
    patient_bolus = {"dose": "0.25 mg", "duration": "10 min", "lockout": "4 h", "maximum_per_24h": 4}
    therapy = {"mode": "simple continuous", "daily_dose": "5 mg/day", "patient_bolus": patient_bolus}
    found = asked(therapy=therapy, clock_offset_min=60)
    assert found.answer.expected.binding == Limit(Bound.ALARM, shown.refill, policy().source_of("lead_before_alarm"))
    assert found.answer.projection == shown


@pytest.mark.parametrize(("kind", "keeps"), [("first fill", 14), ("later", 84), ("diluted", 40)])
def test_ziconotide_is_refilled_by_its_stability_whatever_the_volume(kind, keeps):
    found = asked("2.4 microgram/day", (("ziconotide", "25 microgram/mL"),), kind=kind)
    assert found.answer.expected.binding.bound is Bound.STABILITY
    assert days(found, Bound.STABILITY) == keeps
    assert days(found, Bound.ALARM) > keeps


@pytest.mark.parametrize(
    ("dose", "fluid", "keeps"),
    [
        ("20 microgram/day", (("sufentanil", "50 microgram/mL"), ("clonidine", "100 microgram/mL")), 7),
        ("2 mg/day", (("morphine", "10 mg/mL"), ("clonidine", "100 microgram/mL")), 90),
        ("2 mg/day", (("morphine", "10 mg/mL"), ("bupivacaine", "5 mg/mL"), ("clonidine", "100 microgram/mL")), 90),
        ("2 mg/day", (("hydromorphone", "10 mg/mL"), ("bupivacaine", "5 mg/mL")), None),
    ],
)
def test_a_mixture_keeps_as_long_as_it_was_studied_and_one_nobody_studied_is_said_to_be_unknown(dose, fluid, keeps):
    found = asked(dose, fluid)
    assert days(found, Bound.STABILITY) == keeps
    assert ("stability-unknown" in said(found)) is (keeps is None)


def test_label_clinic_and_replacement_limit_a_slow_flow():
    found = asked("200 microgram/day", (("baclofen", "2000 microgram/mL"),))
    bounds = [limit.bound for limit in found.answer.expected.limits]
    assert bounds == [Bound.ALARM, Bound.STABILITY, Bound.LABEL, Bound.SITE]
    assert [days(found, bound) for bound in bounds] == [173, 180, 180, 180]
    own = asked("200 microgram/day", (("baclofen", "2000 microgram/mL"),), longest_interval="100 day")
    assert own.answer.expected.binding.bound is Bound.SITE
    assert own.answer.expected.binding.origin.source == "as given for this calculation"
    assert own.answer.expected.following.bound is Bound.ALARM


def test_a_longer_lead_brings_the_refill_forward():
    assert days(asked(lead="10 day"), Bound.ALARM) == days(asked(), Bound.ALARM) - 3


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ({"implanted": "2019-12-01T00:00:00Z"}, 8),  # 84 months at 0.5 mL/day end on 30 Nov 2026, 18:00
        ({"implanted": "2019-12-01T00:00:00Z", "flow_since_implant": "2 mL/day"}, 0),  # long overdue
        ({"warned": "2026-09-01T00:00:00Z"}, 7),  # 90 days after its own warning
        ({"implanted": "2026-01-01T00:00:00Z", "warned": "2026-09-01T00:00:00Z"}, 7),
        ({"implanted": "2026-11-22T07:00:00Z"}, 2556),
        ({}, None),
    ],
)
def test_a_pump_is_not_filled_beyond_its_replacement(more, day):
    assert days(asked(**more), Bound.REPLACEMENT) == day


def test_the_patient_programmer_of_a_prometra_counts_to_3_ml_with_every_allotted_bolus():
    """20 mL, 0.5 mL/day and 4 boluses of 0.025 mL: 17 mL at 0.6 mL/day [programmable pumps 4]."""
    patient_bolus = {"dose": "0.25 mg", "duration": "10 min", "lockout": "4 h", "maximum_per_24h": 4}
    therapy = {"mode": "simple continuous", "daily_dose": "5 mg/day", "patient_bolus": patient_bolus}
    prometra, other = asked(pump="prometra-ii-20", therapy=therapy), asked(therapy=therapy)
    assert days(prometra, Bound.HANDHELD) == 28
    assert days(other, Bound.HANDHELD) is None


def test_a_stopped_pump_is_limited_by_the_calendar_alone():
    found = asked(therapy={"mode": "stopped"})
    assert [limit.bound for limit in found.answer.expected.limits] == [Bound.STABILITY, Bound.LABEL, Bound.SITE]
    assert numbers(found)["alarm"] == "–"
    assert found.answer.worst_empty is None


@settings(max_examples=60, deadline=None)
@given(
    rate=st.integers(48_000, 6_000_000),
    boluses=st.integers(0, 2_000_000),
    filled=st.integers(0, 40_000_000),
    less=st.integers(0, 5_000_000),
    more=st.fractions(0, 1, max_denominator=200),
)
def test_more_flow_boluses_or_over_delivery_and_less_fluid_never_give_a_later_date(rate, boluses, filled, less, more):
    def reached(rate, boluses, filled, more):
        fill = Fill(Volume(filled), Volume(40_000_000), Volume(2_000_000), Volume(1_400_000), NOW, 0)
        return reaches(Profile((FlexStep(0, rate),)), boluses, fill, fill.low_reservoir, more)

    usual = reached(rate, boluses, filled, Fraction(0))
    assert reached(rate, boluses, filled, more) <= usual
    assert reached(rate + less, boluses, filled, Fraction(0)) <= usual
    assert reached(rate, boluses + less, filled, Fraction(0)) <= usual
    assert reached(rate, boluses, max(0, filled - less), Fraction(0)) <= usual


def by_the_day(rate, boluses, usable):
    """Ms until it is used, day after day: all boluses at its start, then the basal flow."""
    day, left = 0, Fraction(usable)
    while True:
        left -= boluses
        if left <= 0:
            return day * DAY
        if left <= rate:
            return day * DAY + -(-left * DAY // rate)
        left, day = left - rate, day + 1


def lasts(rate, boluses, usable):
    fill = Fill(Volume(usable), Volume(40_000_000), Volume(0), Volume(0), NOW, 0)
    return reaches(Profile((FlexStep(0, rate),)), boluses, fill, Volume(0)).epoch_ms - NOW.epoch_ms


@pytest.mark.parametrize("rate", range(7))
@pytest.mark.parametrize("boluses", range(7))
def test_the_closed_form_is_what_counting_day_by_day_gives_for_every_small_number(rate, boluses):
    for usable in range(50 if rate + boluses else 0):
        assert lasts(rate, boluses, usable) == by_the_day(rate, boluses, usable)


@settings(max_examples=60)
@example(rate=3_862_806, boluses=876_130, usable=5_103_311)  # the next day's boluses come before its basal flow
@given(rate=st.integers(48_000, 6_000_000), boluses=st.integers(0, 2_000_000), usable=st.integers(1, 20_000_000))
def test_the_closed_form_is_what_counting_day_by_day_gives(rate, boluses, usable):
    assert lasts(rate, boluses, usable) == by_the_day(rate, boluses, usable)


def test_without_boluses_the_worst_case_is_the_usual_one():
    prescription = continuous("5 mg/day")
    program = translated(prescription)
    shown = standing(running=prescription, reservoir="11.4 mL").projection(program.program, program.derived)
    assert (shown.worst_case_alarm, shown.worst_case_empty) == (shown.alarm, shown.empty)
    assert (shown.days_to_alarm, shown.days_to_empty) == (18, 20)  # 9.4 and 10 mL at 0.5 mL/day


def test_a_level_that_is_already_passed_was_reached_at_the_fill():
    fill = Fill(Volume(5), Volume(10), Volume(6), Volume(0), NOW, 0)
    assert reaches(Profile((FlexStep(0, 1),)), 0, fill, fill.low_reservoir) == NOW


def test_the_calendar_ends_with_the_year_9999():
    assert moment_after(Instant(0), 253_402_300_799_999) == Instant.parse("9999-12-31T23:59:59.999Z")
    assert moment_after(Instant(0), 253_402_300_800_000) is None


def test_what_would_last_beyond_the_calendar_has_no_date():
    fill = Fill(Volume(2**62), Volume(2**62), Volume(0), Volume(0), NOW, 0)
    found = project(Profile((FlexStep(0, 1),)), 0, fill, 0)
    assert found.alarm is None
    assert found.refill is None


# --- what binds ---------------------------------------------------------------------------------


@settings(max_examples=60)
@given(told=st.lists(st.tuples(st.sampled_from(Bound), st.integers(0, 20)), min_size=1, max_size=8))
def test_the_earliest_limit_binds_and_the_next_one_follows(told):
    origin = policy().source_of("longest_interval")
    limits = [Limit(bound, Instant(NOW.epoch_ms + day), origin) for bound, day in told]
    found = due(limits)
    assert found.at == min(limit.at for limit in limits) == found.binding.at
    assert sorted(found.limits, key=lambda each: each.at) == list(found.limits)
    assert sorted(map(repr, found.limits)) == sorted(map(repr, limits))
    assert found.following == (found.limits[1] if len(told) > 1 else None)


# --- what is said and refused --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "rules"),
    [
        ("2 mg/day", set()),  # a sound plan is not warned of
        ("5 mg/day", set()),
        ("10 mg/day", {"refill-interval"}),
        ("24 mg/day", {"refill-interval"}),
    ],
)
def test_a_refill_that_comes_too_soon_is_warned_of(dose, rules):
    found = asked(dose)
    assert {rule for rule, verdict in said(found).items() if verdict is Verdict.WARN} == rules


def test_a_refill_that_is_due_at_once_says_so():
    (warned,) = [each for each in asked("5 mg/day", filled="2 mL").findings if each.rule == "refill-interval"]
    assert "at once" in warned.words


@pytest.mark.parametrize(
    ("more", "rule"),
    [({"filled": "20.001 mL"}, "fill-too-large"), ({"dose": "0.1 mg/day"}, "rate-too-low")],
)
def test_what_the_pump_cannot_do_has_no_answer_and_says_why(more, rule):
    found = asked(**more)
    assert found.answer is None
    assert said(found) == {rule: Verdict.REFUSE}
    assert set(numbers(found).values()) == {"–"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"pump": "isomed-20-05"}, "pump"),
        ({"implanted": "2026-12-01T00:00:00Z"}, "implanted"),
        ({"therapy": {"mode": "simple continuous"}}, "therapy.daily_dose"),
        ({"fluid": ()}, "fluid"),
    ],
)
def test_what_contradicts_itself_is_refused_in_one_line(more, field):
    with pytest.raises(EntryRefused) as refused:
        asked(**more)
    assert refused.value.field == field
    assert "\n" not in str(refused.value)


def test_unknown_names_are_refused():
    with pytest.raises(EntryRefused, match=r"^pump: 'synchromed-9' is not"):
        asked(pump="synchromed-9")


def test_the_answer_says_what_binds_in_words_and_every_date_in_utc():
    shown = numbers(asked())
    assert shown["expected"] == "21 Dec 2026, 07:00"
    assert shown["expected.binding"] == "low-reservoir alarm less the lead"
    assert shown["expected.following"] == "stability of the fluid"
    assert (shown["dry_before_alarm"], shown["empty_before_alarm"]) == ("11.1111 %", "3.3333 %")


def test_empty_leaves_what_the_pump_cannot_give_and_dry_leaves_nothing():
    """SynchroMed II keeps 1.4 mL: 18.6 mL until it is empty; the over-delivery that empties it is the smaller one."""
    found = asked()
    labels = {line.key: line.label for line in found.outputs}
    assert found.answer.projection.empty == NOW.plus(Duration.parse("892.8 h"))  # 18.6 mL at 0.5 mL/day
    assert found.answer.empty_before_alarm < found.answer.dry_before_alarm
    assert {key for key, label in labels.items() if "empty" in label} == {"empty", "empty.worst", "empty_before_alarm"}
    assert {key for key, label in labels.items() if "dry" in label} == {"dry_before_alarm"}


@pytest.mark.parametrize(
    ("allotted", "handheld", "alarm_then_lead"),
    [
        (None, 34, 27),  # 17 mL at 0.5 mL/day; alarm at 3 mL, a week's lead
        (4, 28, 21),  # 0.6 mL/day
        (10, 22, 17),  # 0.75 mL/day by the handset; lockout leaves 8 in a day: 0.7 mL/day for the alarm
    ],
)
def test_the_handset_counts_what_is_allotted_and_the_alarm_what_is_possible(allotted, handheld, alarm_then_lead):
    therapy = {"mode": "simple continuous", "daily_dose": "5 mg/day"}
    if allotted is not None:
        lasts = {"duration": "10 min", "lockout": "3 h"}
        therapy["patient_bolus"] = {"dose": "0.25 mg", "maximum_per_24h": allotted, **lasts}
    found = asked(pump="prometra-ii-20", therapy=therapy)
    limits = {each.bound: each.at for each in found.answer.expected.limits}
    if allotted is None:
        assert limits[Bound.HANDHELD] == NOW.plus(Duration.parse("34 day"))
    assert (days(found, Bound.HANDHELD), days(found, Bound.ALARM)) == (handheld, alarm_then_lead)
