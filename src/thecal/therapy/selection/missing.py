"""Which facts are missing, and which rules and reasons would speak if they were known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thecal.therapy.selection.facts import SelectionInputs
from thecal.therapy.selection.paths import value_of, words_of
from thecal.therapy.selection.reasons import WEIGHED_FACTS
from thecal.therapy.selection.systems import Choice


@dataclass(frozen=True, slots=True)
class Missing:
    """One fact nobody has given; ``rules`` and ``reasons`` that wait for it, by their names."""

    path: str
    words: str
    rules: tuple[str, ...]
    reasons: tuple[str, ...]


def missing(inputs: SelectionInputs, choice: Choice) -> tuple[Missing, ...]:
    """Facts that rules wait for, then facts that only weigh; what matters to no system that is left is not asked."""
    waiting: dict[str, tuple[list[str], list[str]]] = {}
    for path, rule in _rules(choice):
        waiting.setdefault(path, ([], []))[0].append(rule)
    for reason, path in WEIGHED_FACTS if choice.systems else ():
        if value_of(inputs, path) is None:
            waiting.setdefault(path, ([], []))[1].append(reason.value)
    return tuple(
        Missing(path, words_of(path), tuple(dict.fromkeys(rules)), tuple(reasons))
        for path, (rules, reasons) in waiting.items()
    )


def _rules(choice: Choice) -> Iterator[tuple[str, str]]:
    """Rules about the patient first, then those about pumps that nothing else excludes."""
    about_pumps = (each for system in choice.systems for each in system.open)
    for ruling in (*choice.rulings, *about_pumps):
        for path in ruling.missing:
            yield path, ruling.rule.value
