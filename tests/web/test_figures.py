"""How numbers, moments and lengths of time are written."""

from __future__ import annotations

import pytest

from thecal.quantities import DoseRate, Volume
from thecal.web.design.templatetags import figures


def test_a_figure_has_its_unit_in_grey_and_its_thousands_apart() -> None:
    shown = figures.figure(DoseRate.of("1440", "microgram/day"), "microgram/day")
    assert shown == '<span class="figure">1\u202f440 <span class="unit">microgram/day</span></span>'


def test_counts_of_the_link_are_read_into_quantities_before_they_are_shown() -> None:
    assert figures.counted(500, "nL", "µL") == figures.figure(Volume(500), "µL")
    assert "0.5 " in figures.counted(500, "nL", "µL")
    assert "none" in figures.counted(None, "nL", "µL")


def test_a_moment_is_never_ambiguous() -> None:
    at_ms = 1_795_334_705_000
    assert figures.day(at_ms) == "22 Nov 2026"
    assert figures.moment(at_ms) == "22 Nov 2026, 08:05"
    assert figures.moment(at_ms, 60) == "22 Nov 2026, 09:05"
    assert figures.moment_exact(at_ms) == "22 Nov 2026, 08:05:05"
    assert figures.day(None) == "never"


@pytest.mark.parametrize(
    ("ms", "words", "digits"),
    [
        (1, "1 s", "00:01"),
        (80_000, "1 min 20 s", "01:20"),
        (600_000, "10 min", "10:00"),
        (14_399_999, "4 h", "4:00:00"),
        (13_750_000, "3 h 49 min", "3:49:10"),
        (90_000_000, "1 day 1 h", "25:00:00"),
    ],
)
def test_a_countdown_is_rounded_up_so_that_it_never_ends_early(ms: int, words: str, digits: str) -> None:
    assert figures.span_words(ms) == words
    assert figures.countdown(ms) == digits
