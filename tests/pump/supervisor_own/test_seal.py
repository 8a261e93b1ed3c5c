"""What the supervisor vouches for: declarations at their limits and one beyond, and the limits it makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pump.supervisor_own.sealed import CEILING, DAY, HOUR, MINUTE, PROGRAM, START, STROKE, basal, bolus, sealed
from thecal.pump.strokes import Strokes, Train
from thecal.pump.supervisor import Declared, Limits, Passed, SealRefused, examine, new_guard, seal

NOTHING = Declared(STROKE, CEILING, 0, 0, 0, 0, 0, 0, 0)


def refusal(declared: Declared) -> str | None:
    outcome = seal(new_guard(STROKE, CEILING, START), declared, START)
    return outcome.why if isinstance(outcome, SealRefused) else None


@pytest.mark.parametrize(
    ("accepted", "refused", "why"),
    [
        ({}, {"stroke_nl": 501}, "stroke_nl: this pump was made with 500 nL"),
        (
            {},
            {"ceiling_nl_per_day": CEILING - 1},
            f"ceiling_nl_per_day: this pump was made for at most {CEILING} nL/day",
        ),
        (
            {"highest_basal_nl_per_day": CEILING, "daily_basal_nl": 0},
            {"highest_basal_nl_per_day": CEILING + 1, "daily_basal_nl": 0},
            f"highest_basal_nl_per_day: at most the ceiling of {CEILING} nL/day",
        ),
        (
            {"daily_basal_nl": 300_000},
            {"daily_basal_nl": 300_001},
            "daily_basal_nl: at most a day of the highest basal, 300000 nL",
        ),
        (
            {"volume_limit_nl_per_24h": 300_000},
            {"volume_limit_nl_per_24h": 299_999},
            "volume_limit_nl_per_24h: at least the basal of a day, 300000 nL",
        ),
        (
            {"volume_limit_nl_per_24h": 90_000, "daily_basal_nl": 90_000},
            {"volume_limit_nl_per_24h": 89_999, "daily_basal_nl": 90_000},
            "volume_limit_nl_per_24h: at least the basal of a day, 90000 nL",
        ),
        (
            {"bolus_duration_ms": 20 * 1_800},
            {"bolus_duration_ms": 20 * 1_800 - 1},
            f"bolus_nl: faster than the ceiling of {CEILING} nL/day",
        ),
        (
            {"bolus_lockout_ms": 10 * MINUTE},
            {"bolus_lockout_ms": 10 * MINUTE - 1},
            "bolus_lockout_ms: at least as long as the bolus lasts",
        ),
        (
            {"once_duration_ms": 30 * 1_800},
            {"once_duration_ms": 30 * 1_800 - 1},
            f"once_nl: faster than the ceiling of {CEILING} nL/day",
        ),
        ({}, {"bolus_duration_ms": 0}, "bolus_duration_ms: a bolus must last"),
        ({}, {"once_duration_ms": 0}, "once_duration_ms: a bolus must last"),
        ({"once_nl": 0, "once_duration_ms": 0}, {"once_nl": 0}, "once_duration_ms: 0 where there is no bolus"),
        ({"once_nl": 1}, {"once_nl": 0, "once_duration_ms": 1}, "once_duration_ms: 0 where there is no bolus"),
        (
            {"bolus_nl": 0, "bolus_duration_ms": 0, "bolus_lockout_ms": 0},
            {"bolus_nl": 0, "bolus_duration_ms": 0, "bolus_lockout_ms": 1},
            "bolus_lockout_ms: 0 where there is no bolus",
        ),
        ({"bolus_nl": 1}, {"bolus_nl": 0}, "bolus_duration_ms: 0 where there is no bolus"),
    ],
)
def test_a_declaration_is_possible_up_to_its_limit(accepted, refused, why):
    assert refusal(PROGRAM._replace(**accepted)) is None
    assert refusal(PROGRAM._replace(**refused)) == why


@pytest.mark.parametrize("field", Declared._fields)
@pytest.mark.parametrize("value", [-1, True, 1.0, "1", None])
def test_a_number_is_whole_and_from_zero_up(field, value):
    expected = None if (field, value) == ("daily_basal_nl", None) else f"{field}: must be a whole number from 0 up"
    assert refusal(PROGRAM._replace(**{field: value})) == expected


def test_a_refused_seal_or_one_in_the_past_changes_nothing():
    guard = sealed()
    assert seal(guard, PROGRAM, START - 1) == SealRefused("time: the seal is before strokes that are settled")
    assert seal(guard, PROGRAM, START) == guard


@pytest.mark.parametrize(
    ("stroke", "ceiling", "line"),
    [
        (0, 1, "stroke must be at least 1 nL"),
        (1, 0, "ceiling must be at least 1 nL/day and at most one stroke per ms"),
        (2, 2 * DAY + 1, "ceiling must be at least 1 nL/day and at most one stroke per ms"),
    ],
)
def test_a_model_that_cannot_be_is_not_made(stroke, ceiling, line):
    with pytest.raises(ValueError, match=f"^{line}$"):
        new_guard(stroke, ceiling, 0)


@pytest.mark.parametrize(("stroke", "ceiling", "shortest"), [(1, 1, DAY), (2, 2 * DAY, 1), (7, 2 * DAY + 1, 3)])
def test_the_shortest_interval_is_rounded_down(stroke, ceiling, shortest):
    guard = new_guard(stroke, ceiling, START)
    assert guard.limits.shortest_interval_ms == shortest
    assert guard.last_tick_ms == guard.before_last_tick_ms == START - shortest


def test_a_model_has_its_ceilings_and_no_program():
    made = new_guard(STROKE, CEILING, START).limits
    assert made == Limits(STROKE, CEILING, 1_800, 2_501, 48_501, 0, 0, 0, 0, 0)


def test_the_limits_of_a_program_are_those_of_the_docstring():
    """Verify the worked example: 300 000 nL/day is 0.4167 strokes a minute; a bolus has 20 strokes, every 4 h."""
    limits = sealed().limits
    assert limits.ceiling_hour == 2_500 + 1  # 33 1/3 a minute for 75 min
    assert limits.ceiling_day == 48_500 + 1  # 48 000 a day, and 500 in 15 min
    assert limits.program_hour == 32 + 20 + 1  # 31.25 rounded up
    assert limits.program_day == 680 + 7 + 20 + 1  # 6.25 in 15 min rounded up
    assert (limits.bolus_strokes, limits.bolus_lockout_ms, limits.once_strokes) == (20, 4 * HOUR, 30)


@pytest.mark.parametrize(
    ("duration_ms", "lockout_ms", "in_hour", "in_day"),
    [
        (10 * MINUTE, 95 * MINUTE, 1, 1),  # 75 + 2 * 10
        (10 * MINUTE, 95 * MINUTE - 1, 2, 1),
        (10 * MINUTE, 35 * MINUTE - 1, 3, 2),  # 15 + 2 * 10
        (15 * MINUTE, 15 * MINUTE, 7, 3),
    ],
)
def test_boluses_count_in_a_window_as_often_as_their_lockout_allows(duration_ms, lockout_ms, in_hour, in_day):
    limits = sealed(PROGRAM._replace(bolus_duration_ms=duration_ms, bolus_lockout_ms=lockout_ms)).limits
    assert (limits.program_hour, limits.program_day) == (33 + 20 * in_hour, 688 + 20 * in_day)


def test_a_stopped_program_has_no_allowance():
    """Verify: not a stroke, whatever its volume limit; a bolus alone, or the lowest basal alone, has one."""
    limits = sealed(NOTHING._replace(volume_limit_nl_per_24h=10**6)).limits
    assert (limits.program_hour, limits.program_day, limits.bolus_strokes, limits.once_strokes) == (0, 0, 0, 0)
    slow = sealed(NOTHING._replace(highest_basal_nl_per_day=1, volume_limit_nl_per_24h=1)).limits
    assert (slow.program_hour, slow.program_day) == (2, 2)
    alone = NOTHING._replace(bolus_nl=500, bolus_duration_ms=MINUTE, bolus_lockout_ms=DAY)
    assert sealed(alone).limits.program_hour == 2


@settings(max_examples=40, deadline=None)
@given(st.integers(1, CEILING), st.integers(1, 10), st.integers(0, 2))
def test_a_correct_controller_never_meets_a_limit(rate, per_bucket, late):
    """Verify at the tightest limits there are: a basal at its highest rate for 30 h, whose volume is the limit, and,
    where the rates leave room, a bolus as soon as the one of 24 h before has left the exact window.
    """
    strokes = rate * 30 * HOUR // (STROKE * DAY)
    volume = rate
    only = Declared(STROKE, CEILING, volume, rate, 0, 0, 0, 0, 0)
    assert isinstance(examine(sealed(only), Strokes((basal(rate, START, strokes),))), Passed)
    lasts_ms = 2 * per_bucket * MINUTE
    if (CEILING - rate) * lasts_ms < 20 * STROKE * DAY:
        return
    both = only._replace(
        volume_limit_nl_per_24h=volume + 10_000, bolus_nl=10_000, bolus_duration_ms=lasts_ms, bolus_lockout_ms=20 * HOUR
    )
    boluses = [
        Train(bolus(0).kind, at_ms, lasts_ms, 0, 20, 1, 20, at_ms) for at_ms in (START + late, START + late + DAY)
    ]
    verdict = examine(sealed(both), Strokes((basal(rate, START, strokes), *boluses)))
    assert isinstance(verdict, Passed), verdict
