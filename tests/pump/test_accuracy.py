"""The commanded flow by the tests of IEC 60601-2-24: never more than a stroke off what was set."""

from pathlib import Path

import pytest
from verification.pump_accuracy import (
    BOLUSES,
    INTERMEDIATE_NL_PER_DAY,
    MODELS,
    WINDOWS_MIN,
    Measured,
    all_boluses,
    all_continuous,
    markdown,
    rates_of,
    settings_of,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "models" / "pump.md"
ROWS = all_continuous()
GIVEN = all_boluses()


def test_every_model_is_watched_at_its_lowest_an_intermediate_and_its_highest_rate():
    assert [(row.model, row.rate_nl_per_day) for row in ROWS] == [(m, rate) for m in MODELS for rate in rates_of(m)]
    for model in MODELS:
        lowest, intermediate, highest = rates_of(model)
        assert lowest < intermediate == INTERMEDIATE_NL_PER_DAY < highest


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.model} {row.rate_nl_per_day}")
def test_no_window_is_more_than_a_stroke_off_the_volume_that_was_set(row):
    assert [each.window_min for each in row.trumpets] == list(WINDOWS_MIN[: len(row.trumpets)])
    assert len(row.trumpets) >= 4
    for each in row.trumpets:
        assert each.strokes_off <= 1
        assert each.lowest_percent <= 0 <= each.highest_percent


@pytest.mark.parametrize("each", GIVEN, ids=lambda each: f"{each.model} {each.set_nl}")
def test_each_of_25_boluses_is_the_whole_strokes_of_what_was_set_and_never_more(each):
    assert BOLUSES == 25
    assert each.highest_percent <= 0
    assert each.strokes_off < 1
    assert each.lowest_percent == each.mean_percent == each.highest_percent  # one as the other


@pytest.mark.parametrize("model", MODELS)
def test_the_smallest_bolus_is_one_stroke_and_the_largest_fits_the_highest_rate(model):
    smallest, largest = settings_of(model)
    limits = Measured(model).descriptor
    assert smallest == limits.stroke_nl
    assert largest // limits.stroke_nl * limits.stroke_nl * 12 <= limits.highest_rate_nl_per_day


def test_the_documented_tables_are_those_that_were_measured():
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(
        "<!-- generated: python -m verification.pump_accuracy -->\n"
    )
    documented, _, _ = rest.partition("\n<!-- end -->")
    assert documented == markdown()
