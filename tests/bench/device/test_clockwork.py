"""The parts of a device on the bench, each by itself: clockwork, agenda, battery, motor, tones, library."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.device.benches import DAY_MS, FILL_NL, HOUR_MS, SITE, infusing, program
from thecal.bench.device import DeviceBench, Setup, library_of
from thecal.bench.device.agenda import Agenda
from thecal.bench.device.battery import MS_PER_MONTH, Battery
from thecal.bench.device.oscillator import Oscillator
from thecal.catalogue.drugs import drug
from thecal.catalogue.pumps import programmable_pump
from thecal.catalogue.site import site
from thecal.catalogue.sourced import CatalogueError
from thecal.device import Component, Limit, Reason, Role
from thecal.telemetry import Applied

ppms = st.integers(-100_000, 100_000)


@given(st.lists(st.tuples(st.integers(0, 10**9), ppms), max_size=4), st.integers(0, 10**10))
def test_the_moment_of_a_tick_is_the_first_at_which_it_is_reached(changes, tick_ms):
    oscillator, at_ms = Oscillator(), 0
    for after_ms, ppm in changes:
        at_ms += after_ms
        oscillator.drift(ppm, at_ms)
    moment_ms = oscillator.moment(tick_ms)
    assert oscillator.tick(moment_ms) >= tick_ms
    assert moment_ms == 0 or oscillator.tick(moment_ms - 1) < tick_ms


@given(ppms, st.integers(0, 10**12))
def test_a_tick_is_never_more_than_one_off_the_exact_drift(ppm, at_ms):
    exact = Fraction(at_ms) * (10**6 + ppm) / 10**6
    assert exact - 1 < Oscillator(ppm).tick(at_ms) <= exact


def test_the_agenda_is_kept_in_time_and_within_one_moment_in_order():
    agenda, done = Agenda(), []
    for at_ms, name in ((5, "b"), (3, "a"), (5, "c")):
        agenda.put(at_ms, lambda name=name: done.append(name))
    agenda.put(5, lambda: agenda.put(5, lambda: done.append("d")))
    assert agenda.next_ms == 3
    agenda.run(4)
    assert done == ["a"]
    agenda.run(5)
    assert done == ["a", "b", "c", "d"]
    assert agenda.next_ms is None


CURVE = programmable_pump("synchromed-ii-20").longevity


@pytest.mark.parametrize(
    ("flow_nl_per_day", "months"),
    [(0, 84), (500_000, 84), (750_000, 81), (1_000_000, 78), (4_000_000, 48), (24_000_000, 15), (28_000_000, 15)],
)
def test_the_life_of_a_cell_lies_on_the_curve_of_its_model(flow_nl_per_day, months):
    assert Battery(CURVE).life_ms(flow_nl_per_day) == months * MS_PER_MONTH


@given(st.lists(st.tuples(st.integers(0, 28_800_000), st.integers(1, 10**10)), max_size=20))
def test_charge_never_rises_and_never_falls_below_nothing(days):
    battery = Battery(CURVE)
    left = [battery.permille]
    for flow, for_ms in days:
        battery.drain(flow, for_ms)
        left.append(battery.permille)
    assert left == sorted(left, reverse=True)
    assert 0 <= left[-1] <= left[0] == 1_000


def test_a_cell_is_empty_at_the_end_of_its_life_and_not_a_day_earlier():
    battery = Battery(CURVE)
    for _ in range(83):
        battery.drain(500_000, MS_PER_MONTH)
    assert battery.permille == 11
    battery.drain(500_000, MS_PER_MONTH)
    assert battery.permille == 0


def test_the_battery_of_a_running_pump_falls_by_the_day_and_by_its_flow():
    slow, _ = infusing()
    fast, _ = infusing(rate_nl_per_day=4_800_000, bolus=None)
    for bench in (slow, fast):
        bench.advance(90 * DAY_MS)
    assert fast.faults.battery_permille < slow.faults.battery_permille < 1_000
    assert slow.faults.battery_permille == 1_000 - 35 - 1  # 90 days of 84 months, floor


def test_a_cell_without_a_curve_is_none():
    with pytest.raises(ValueError, match="no curve"):
        Battery(())


def test_every_programmable_model_has_a_battery():
    for key in ("medstream-20", "prometra-ii-40", "synchromed-el-18", "synchromed-iii-40"):
        assert DeviceBench(Setup(key)).faults.battery_permille == 1_000


def test_a_motor_that_misses_counts_down_only_the_strokes_it_is_asked_for():
    bench, _ = infusing()
    bench.faults.miss_strokes(2)
    bench.faults.stall(HOUR_MS)
    bench.advance(2 * HOUR_MS)
    assert bench.left_tip_nl == (40 - 19 - 2) * 500  # 19 within the stall, then the two


def test_tones_are_counted_from_an_alarms_first_ms_to_its_last():
    bench, _ = infusing()
    bench.advance(HOUR_MS)
    bench.faults.stall(3 * HOUR_MS)
    bench.advance(9 * HOUR_MS)
    began_ms = HOUR_MS + 3 * 180_000  # the third stroke in a row that was not made
    ended_ms = 4 * HOUR_MS
    tones = bench.believes.tones
    assert tones(0, began_ms) == (0, 0)
    assert tones(began_ms, began_ms + 1) == (1, 0)
    assert tones(0, bench.at_ms) == tones(began_ms, ended_ms) == (-(-(ended_ms - began_ms) // 600_000), 0)
    with pytest.raises(ValueError, match="before the first"):
        tones(5, 4)


@given(st.integers(0, 12 * HOUR_MS), st.integers(0, 12 * HOUR_MS), st.integers(0, 12 * HOUR_MS))
def test_tones_of_two_stretches_that_meet_are_those_of_both_together(a, b, c):
    first, middle, last = sorted((a, b, c))
    tones = SOUNDED.believes.tones
    together = tones(first, last)
    assert together == tuple(x + y for x, y in zip(tones(first, middle), tones(middle, last), strict=True))


SOUNDED, _ = infusing()
SOUNDED.faults.correct_memory()
SOUNDED.advance(3 * HOUR_MS)
SOUNDED.faults.stall(2 * HOUR_MS)
SOUNDED.advance(9 * HOUR_MS)


def test_the_library_of_a_site_holds_the_tighter_of_label_consensus_and_site_as_soft_and_the_ceiling_as_hard():
    morphine = library_of(SITE).limits_of("morphine")
    assert morphine.daily_dose_ng == Limit(soft=2_000_000, hard=50_000_000)  # the site's 2 mg/day
    assert morphine.concentration_ng_per_ml == Limit(soft=20_000_000, hard=100_000_000)  # PACC 2017 below the label


def test_a_drug_nobody_vouches_for_is_not_in_the_library():
    held = {each.drug for each in library_of(SITE).drugs}
    assert "morphine" in held
    assert not any(drug(key).at_site(_no_site()).needs_site_limits for key in held)
    assert "meperidine" not in held


def _no_site():
    return site('name = "Nowhere"')


def test_another_text_is_another_version_and_a_bad_one_is_one_line():
    assert library_of(SITE).version != library_of(SITE + "\n").version
    with pytest.raises(CatalogueError, match=r"^[^\n]+$"):
        DeviceBench(Setup("synchromed-ii-20", site="name = 3"))


def test_a_pump_holds_programs_against_its_sites_limits_and_shows_what_was_overridden():
    bench, _ = infusing(site=SITE, rate_nl_per_day=2_400_000, bolus=None)  # 2.4 mg/day: above the site's 2
    (override,) = bench.believes.status.overrides
    assert (override.drug, override.value, override.limit) == ("morphine", 2_400_000, 2_000_000)


def test_a_dose_above_the_ceiling_is_refused_by_the_pump_itself():
    bench = DeviceBench(Setup("synchromed-ii-20", site=SITE))
    physician = bench.attach(Role.PHYSICIAN)
    version = bench.believes.library.version
    strong = (Component("morphine", 10_000_000),)
    assert isinstance(physician.record_refill(FILL_NL, strong), Applied)

    def answer(rate_nl_per_day):
        dose_ng = rate_nl_per_day * 10
        told = program(
            bench,
            rate_nl_per_day,
            components=strong,
            stated_daily_dose_ng=(dose_ng,),
            library_version=version,
        )
        return physician.program(told)

    assert answer(5_040_000).why.reason is Reason.HARD_LIMIT  # 50.4 mg a day
    assert isinstance(answer(4_992_000), Applied)
    assert bench.believes.status.overrides


def test_a_program_checked_against_another_library_is_refused():
    bench, physician = infusing(site=SITE)
    refused = physician.program(program(bench, library_version="another"))
    assert refused.why.reason is Reason.LIBRARY_DIFFERS


def test_clients_of_one_role_are_numbered_and_may_be_named():
    bench, _ = infusing()
    assert [bench.attach(Role.PATIENT).name, bench.attach(Role.PATIENT).name] == ["patient 1", "patient 2"]
    assert bench.attach(Role.SERVICE, "workshop").name == "workshop"
