"""What people of six locales type by habit: refused in each of them, with a line that names the slip."""

from __future__ import annotations

import pytest

from thecal.quantities import DoseRate, QuantityError
from thecal.quantities.spelling import HABITS, Habit
from thecal.therapy import EntryRefused, Field, read_clock, read_count

from .dosed import Told

DOSE = Field("daily dose", DoseRate, "microgram/day")
GROUPS = {"hi-IN": (3, 2)}  # thousands, then hundreds: 12,34,567
NUMBERS = ("0.5", "1.5", "1234.5", "1234567", "1234567.25")


def written(habit: Habit, number: str) -> str:
    """A number as it is written there: ``1234567.5`` as ``12,34,567.5``."""
    whole, point, decimals = number.partition(".")
    lengths = list(GROUPS.get(habit.locale, (3,)))
    pieces: list[str] = []
    while whole:
        length = lengths.pop(0) if len(lengths) > 1 else lengths[0]
        whole, pieces = whole[:-length], [whole[-length:], *pieces]
    text = habit.apart.join(pieces) + (habit.decimal if point else "") + decimals
    return "".join(chr(ord(habit.zero) + int(each)) if each in "0123456789" else each for each in text)


def test_the_habits_are_six_and_differ():
    assert len({habit.locale for habit in HABITS}) == 6
    assert len({(habit.zero, habit.decimal, habit.apart) for habit in HABITS}) == 6
    assert {written(habit, "1234567.5") for habit in HABITS} == {
        "1,234,567.5",
        "1.234.567,5",
        "1\u2019234\u2019567.5",
        "1\u202f234\u202f567,5",
        "\u0967\u0968,\u0969\u096a,\u096b\u096c\u096d.\u096b",
        "\u0661\u066c\u0662\u0663\u0664\u066c\u0665\u0666\u0667\u066b\u0665",
    }


NAMED = {
    "en-US": "comma",
    "de-DE": "point|comma",
    "de-CH": "apostrophe",
    "fr-FR": "space|comma",
    "hi-IN": "Devanagari digits",
    "ar-EG": "Arabic-Indic digits",
}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.locale)
def test_a_number_of_the_habit_is_read_as_it_stands_or_refused_by_the_name_of_the_slip(habit, number):
    typed = written(habit, number)
    if typed == number:
        assert DOSE.read(typed) == DoseRate.of(number, "microgram/day")
        return
    with pytest.raises(EntryRefused, match=NAMED[habit.locale]) as refused:
        DOSE.read(typed)
    assert "type digits 0 to 9" in refused.value.message
    assert refused.value.message.endswith("[microgram/day]")
    with pytest.raises(QuantityError, match=NAMED[habit.locale]):
        DoseRate.parse(f"{typed} microgram/day")


ALWAYS = [".05", "1.2.3", "1 234", "1'234", "1,5", "1.23456", "5.", "05", "1e3", "", "2.4 microgram/day"]


@pytest.mark.parametrize("typed", ALWAYS)
def test_what_is_no_number_is_refused_whoever_types_it(typed):
    for habit in HABITS:
        by_hand = "".join(chr(ord(habit.zero) + int(each)) if each in "0123456789" else each for each in typed)
        with pytest.raises(EntryRefused) as refused:
            DOSE.read(by_hand)
        assert str(refused.value).startswith("daily dose: ")
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.locale)
def test_a_count_and_a_time_of_day_are_read_in_our_digits_only(habit):
    typed = written(habit, "1234")
    with pytest.raises(EntryRefused, match="from 1 to 24"):
        read_count("boluses per 24 h", typed, 1, 24, "boluses")
    if habit.zero != "0":
        four = written(habit, "4")
        with pytest.raises(EntryRefused, match=f"{habit.script} digits are not read"):
            read_count("boluses per 24 h", four, 1, 24, "boluses")
        with pytest.raises(EntryRefused, match="HH:MM"):
            read_clock("step start", f"{four}:00")


def test_thousands_set_apart_by_one_point_are_a_number_here_and_met_by_comparison():
    """1.234 for 1234 is well spelled: entry cannot refuse it. A thousandth of the last dose is stopped instead."""
    assert DOSE.read("1.234") == DoseRate.parse("1234 ng/day")
    told = Told("fentanyl 25 microgram/mL", "1.234 microgram/day", "1234 microgram/day", "fentanyl 10000 microgram/mL")
    assert any("mg and microgram" in each.words for each in told.findings() if each.rule == "unit-slip")
