"""Why a text is not a number: the slip is named and never repaired.

People type numbers as they learnt to write them. What is a decimal mark to one sets digits apart for another, so a
repaired number may be ten, a hundred or a thousand times the one that was meant. ``1.234`` cannot be told from a
number with three decimals; who means 1234 by it is met by the rules that compare it with what went before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
ACCEPTED = "type digits 0 to 9, and if needed one point between digits (0.5, not .5)"


@dataclass(frozen=True, slots=True)
class Habit:
    """How one locale writes numbers: its digits, its decimal mark, and what sets groups of digits apart."""

    locale: str
    script: str
    zero: str  # the other nine digits follow it
    decimal: str
    apart: str


HABITS = (
    Habit("en-US", "Latin", "0", ".", ","),
    Habit("de-DE", "Latin", "0", ",", "."),
    Habit("de-CH", "Latin", "0", ".", "\u2019"),
    Habit("fr-FR", "Latin", "0", ",", "\u202f"),
    Habit("hi-IN", "Devanagari", "\u0966", ".", ","),
    Habit("ar-EG", "Arabic-Indic", "\u0660", "\u066b", "\u066c"),
)
_MARKS = {
    ",": "a comma",
    ".": "a point",
    "\u2019": "an apostrophe",
    "\u202f": "a space",
    "\u066b": "an Arabic comma",
    "\u066c": "an Arabic separator",
}
_TYPED_FOR = {"'": "\u2019", " ": "\u202f", "\u00a0": "\u202f", "\u2009": "\u202f"}  # what keyboards have instead
_MARK = f"[{re.escape(''.join((*_MARKS, *_TYPED_FOR)))}]"


def _decimal(mark: str) -> str:
    where = ", ".join(habit.locale for habit in HABITS if habit.decimal == mark)
    return f"{_MARKS[mark]} as decimal mark ({where}) is not read"


def _apart(mark: str) -> str:
    where = ", ".join(habit.locale for habit in HABITS if habit.apart == mark)
    return f"{_MARKS[mark]} that sets digits apart{where and f' ({where})'} is not read"


_SHAPES = (
    (re.compile(r"[+\-\u2212\u2013].*"), "a sign is not read"),
    (re.compile(r"[0-9.]+[eE][+-]?[0-9]+"), "a power of ten is not read"),
    (re.compile(r"0[0-9]+(?:\.[0-9]*)?"), "a zero in front of other digits is not read"),
    (re.compile(r"\.[0-9]+"), "a digit is missing before the point"),
    (re.compile(r"[0-9]+\."), "a digit is missing after the point"),
    (re.compile(r".*[^\W\d_].*"), "letters are not read; beside a field that shows its unit the number stands alone"),
    (re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}"), _apart(".")),
    (re.compile(r"[0-9]+(?:\.[0-9]+){2,}"), "more than one point is not read"),
    (re.compile(r"[0-9]+,[0-9]{3}"), "a comma is not read: it may mark decimals or set digits apart"),
    (re.compile(r"[0-9]+,[0-9]+"), _decimal(",")),
    (re.compile(r"[0-9]+\u066b[0-9]+"), _decimal("\u066b")),
)
_GROUPED = re.compile(rf"[0-9]+(?P<apart>{_MARK})[0-9]+(?:(?P=apart)[0-9]+)*(?:{_MARK}[0-9]+)?")


def slip_in(typed: str) -> str | None:
    """What is wrong with the spelling of a number, to follow a colon; None for a well-spelled one."""
    if NUMBER.fullmatch(typed) is not None:
        return None
    if not typed:
        return "nothing is typed"
    if typed != typed.strip():
        return "a space before or after it is not read"
    foreign = _foreign_digits(typed)
    if foreign is not None:
        return foreign
    for shape, words in _SHAPES:
        if shape.fullmatch(typed) is not None:
            return words
    grouped = _GROUPED.fullmatch(typed)
    if grouped is None:
        return "there is more in it than digits and a point"
    return _apart(_TYPED_FOR.get(grouped["apart"], grouped["apart"]))


def quoted(typed: str) -> str:
    """What was typed, in quotes, at most 40 characters of it."""
    return repr(typed if len(typed) <= 40 else typed[:39] + "\u2026")


def _foreign_digits(typed: str) -> str | None:
    """Digits of another script, which look like ours to nobody but a machine."""
    found = [each for each in typed if each.isdecimal() and not each.isascii()]
    if not found:
        return None
    scripts = (habit.script for habit in HABITS if 0 <= ord(found[0]) - ord(habit.zero) <= 9)
    return f"{next(scripts, 'foreign')} digits are not read"
