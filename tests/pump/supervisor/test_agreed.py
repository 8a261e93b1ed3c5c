"""What the controller takes at its very limit the supervisor seals: the two sums never disagree about a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.driven import DAY, HOUR, MINUTE, once_bolus, program
from tests.pump.supervisor.both import Both
from thecal.device import BolusKind, Mode, OutOfBounds, PatientBolus, PeriodicBolus, Program, Staged


def greatest_accepted(make: Callable[[int], Program], low: int, high: int) -> Program | None:
    """The program with the greatest number that the pump stages, by bisection; None where it takes not even low."""
    both = Both()
    both.refill()

    def staged(number: int) -> bool:
        try:
            return isinstance(both.stage(make(number)), Staged)
        except OutOfBounds:
            return False

    if not staged(low):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if staged(middle) else (low, middle)
        both.wait(30_001)  # so that the pump has room to remember the next
    return make(low)


def check_taken(wanted: Program | None) -> None:
    """Staged, committed and sealed; a day of it passes."""
    if wanted is None:
        return
    both = Both()
    both.refill()
    assert both.commit(wanted), wanted
    assert both.pump.guard.trip is None
    both.wait(26 * HOUR)
    assert both.pump.guard.trip is None
    assert len(both.strokes) == both.pump.state.strokes_total


RATES = st.sampled_from([48_000, 240_000, 999_999, 12_345_678, 23_990_000])


@settings(max_examples=6, deadline=None)
@given(RATES, st.integers(1, 7_200) | st.sampled_from([60, 61, 600]), st.integers(0, 999))
def test_the_largest_patient_bolus_that_fits_is_sealed(rate, seconds, odd_ms):
    duration = max(MINUTE, min(7_200_000, seconds * 1_000 + odd_ms))

    def wanted(volume: int) -> Program:
        bolus = PatientBolus(volume, duration, max(15 * MINUTE, duration + 1), 24)
        return program((0, rate), bolus=bolus, limit_nl=28_800_000, low_nl=0)

    check_taken(greatest_accepted(wanted, 500, 5_000_001))


@settings(max_examples=6, deadline=None)
@given(RATES, st.sampled_from(list(BolusKind)[2:]), st.integers(60, 86_400), st.integers(0, 999))
def test_the_largest_bolus_given_once_that_fits_is_sealed(rate, kind, seconds, odd_ms):
    duration = min(86_400_000, seconds * 1_000 + odd_ms)

    def wanted(volume: int) -> Program:
        once = replace(once_bolus(kind, 1, duration), volume_nl=volume)
        return program((0, rate), once=once, limit_nl=28_800_000, low_nl=0)

    check_taken(greatest_accepted(wanted, 500, 5_000_001))


@settings(max_examples=6, deadline=None)
@given(st.sampled_from([0, 48_000, 999_999, 12_345_678]), st.integers(15 * MINUTE, 50 * HOUR), st.integers(60, 7_200))
def test_the_largest_periodic_bolus_that_fits_is_sealed_and_never_trips(rate, interval, seconds):
    duration = min(seconds * 1_000, interval - 1)

    def wanted(volume: int) -> Program:
        return program((0, rate), periodic=PeriodicBolus(volume, duration, interval), limit_nl=28_800_000, low_nl=0)

    check_taken(greatest_accepted(wanted, 500, 5_000_001))


@settings(max_examples=6, deadline=None)
@given(st.integers(48_000, 24_000_000), st.integers(1, 1_439), st.sampled_from([500, 501, 10_250]))
def test_the_least_limit_that_is_taken_is_sealed(rate, minute, volume):
    bolus = PatientBolus(volume, 2 * HOUR, 3 * HOUR, 4) if rate < 20_000_000 else None

    def wanted(less: int) -> Program:
        return program((0, rate), (minute, 48_000), bolus=bolus, limit_nl=28_800_000 - less, low_nl=0)

    check_taken(greatest_accepted(wanted, 0, 28_800_001))


@pytest.mark.parametrize("mode", [Mode.STOPPED, Mode.MINIMUM_RATE])
@pytest.mark.parametrize("limit", [0, 1, 28_800_000])
def test_a_pump_that_stands_or_nearly_stands_is_sealed_whatever_its_limit(mode, limit):
    both = Both()
    both.refill()
    staged = both.stage(program(mode=mode, limit_nl=limit, low_nl=0))
    if isinstance(staged, Staged):
        assert both.commit(program(mode=mode, limit_nl=limit, low_nl=0))
        both.wait(40 * DAY)
        assert both.pump.guard.trip is None
        assert len(both.strokes) == (0 if mode is Mode.STOPPED else 40 * 6_000 // 500)
