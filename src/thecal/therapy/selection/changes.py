"""What would change the answer: every single fact changed in turn, and the choice really made again.

A change is told when it makes a candidate of whoever is none, or another system the first. For a number the nearest
value that does is looked for. Facts that are not known come first, then numbers by how far they must move, then the
rest: nobody can say how far one word is from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import Any, get_args

from thecal.catalogue.drugs import Status, drug
from thecal.catalogue.listing import entries
from thecal.quantities import DoseRate
from thecal.therapy.patient import Condition
from thecal.therapy.selection.candidacy import Route
from thecal.therapy.selection.contradictions import contradiction
from thecal.therapy.selection.facts import SelectionInputs, WantedDrug
from thecal.therapy.selection.paths import Fact, facts, limits_of, value_of, with_drug, with_value, words_of
from thecal.therapy.selection.systems import Choice, choose

_UNKNOWN, _WORD = Fraction(0), Fraction(1)
_STEPS = 20  # a dose moves in twentieths of what is wanted, up to ten times as much
_HIGHEST_DOSE = 10
_TENTH = Decimal("0.1")
_ALTITUDES = ("life.home_altitude_m", "life.visited_altitude_m")
_DRUGS = "needs.drugs"
_BLOCKED = (Route.NONE, Route.EXTERNAL)


class Effect(Enum):
    """What a change does to the answer."""

    CANDIDATE = "makes a candidate"
    FIRST = "makes another system the first"


@dataclass(frozen=True, slots=True)
class Change:
    """One fact, what it is and what it would have to be; ``size``: how far that is, 0 where it is not known now.

    ``first`` names the system that would be first, None where it cannot be said.
    """

    path: str
    words: str
    was: str
    becomes: str
    effect: Effect
    first: str | None
    size: Fraction


@dataclass(frozen=True, slots=True)
class _Tried:
    """One fact changed, and what that did."""

    becomes: Any
    effect: Effect
    first: str | None


_Ask = Callable[[Any], _Tried | None]  # a value tried: what it does to the answer, None where it stays


def changes(inputs: SelectionInputs, choice: Choice) -> tuple[Change, ...]:
    """Every single change that alters the answer, smallest first."""
    found = [*_of_facts(inputs, choice), *_of_doses(inputs, choice), *_of_drugs(inputs, choice)]
    return tuple(sorted(found, key=lambda each: each.size))


def _of_facts(inputs: SelectionInputs, choice: Choice) -> Iterator[Change]:
    for fact in (each for each in facts() if each.path != _DRUGS):
        now, ask = value_of(inputs, fact.path), partial(_ask_fact, inputs, choice, fact.path)
        if fact.kind.type in (int, Decimal):
            beside = [value_of(inputs, other) or 0 for other in _ALTITUDES if fact.path in _ALTITUDES]
            tried = list(_numbers(fact, now, beside, ask))
        else:
            tried = _grouped(each for value in _others(fact, now) if (each := ask(value)) is not None)
        for each in tried:
            yield _change(fact.path, fact.words, now, each)


def _of_doses(inputs: SelectionInputs, choice: Choice) -> Iterator[Change]:
    """The nearest lower and higher dose of each drug that alters the answer."""
    for place, wanted in enumerate(inputs.needs.drugs):
        if wanted.daily_dose is None:
            continue
        ask = partial(_ask_dose, inputs, choice, place, wanted.daily_dose)
        path = f"needs.drugs.{place + 1}.daily_dose"
        for way, most in ((-1, _STEPS - 1), (1, _STEPS * (_HIGHEST_DOSE - 1))):
            found = _nearest(ask, _STEPS, way, most)
            if found is not None:
                yield _change(path, words_of(path), wanted.daily_dose, found)


def _of_drugs(inputs: SelectionInputs, choice: Choice) -> Iterator[Change]:
    """Another drug for whoever is no candidate; its dose would have to be found anew."""
    if choice.route.candidate or len(inputs.needs.drugs) != 1:
        return
    now = drug(inputs.needs.drugs[0].drug)
    others = (drug(key) for key in entries("drugs") if key != now.key)
    fitting = (each for each in others if each.effect is now.effect and each.status is not Status.UNSUPPORTED)
    asked = (_tried(with_drug(inputs, 0, WantedDrug(each.key)), choice, each.display) for each in fitting)
    found = (each for each in asked if each is not None and each.effect is Effect.CANDIDATE)
    for tried in _grouped(replace(each, first=None) for each in found):
        yield _change(_DRUGS, words_of(_DRUGS), now.display, tried)


def _ask_fact(inputs: SelectionInputs, choice: Choice, path: str, value: Any) -> _Tried | None:
    return _tried(with_value(inputs, path, value), choice, value)


def _ask_dose(inputs: SelectionInputs, choice: Choice, place: int, dose: DoseRate, step: int) -> _Tried | None:
    new = DoseRate(dose.count * step // _STEPS)
    return _tried(with_drug(inputs, place, replace(inputs.needs.drugs[place], daily_dose=new)), choice, new)


def _tried(changed: SelectionInputs, choice: Choice, becomes: Any) -> _Tried | None:
    """What this change does; None where the answer stays, and where the facts would contradict each other."""
    if contradiction(changed) is not None:
        return None
    again = choose(changed)
    first = None if again.first is None else again.first.name
    if again.route.candidate and not choice.route.candidate:
        return _Tried(becomes, Effect.CANDIDATE, first)
    before = None if choice.first is None else choice.first.name
    if choice.route in _BLOCKED or first in (None, before):
        return None
    return _Tried(becomes, Effect.FIRST, first)


def _others(fact: Fact, now: Any) -> Iterator[Any]:
    """Every other value of a closed list; of conditions each one more and each one less."""
    kind = fact.kind.type
    if kind is bool:
        yield from (each for each in (True, False) if each is not now)
    elif get_args(kind)[:1] == (Condition,):
        has = now or ()
        if now is None:
            yield ()
        yield from (tuple(one for one in has if one is not each) for each in has)
        yield from ((*has, each) for each in Condition if each not in has)
    else:
        members: type[Enum] = kind
        yield from (each for each in members if each is not now)


def _numbers(fact: Fact, now: Any, beside: list[Any], ask: _Ask) -> Iterator[_Tried]:
    """The nearest number below and the nearest above that alters the answer.

    For a number that is not known the search begins at one that leaves the answer as it is: beside what is known, the
    lowest, or the highest; where none of them does, the lowest is told.
    """
    low, high = limits_of(fact)
    step = _TENTH if fact.kind.type is Decimal else 1
    starts = [*beside, low, high] if now is None else [now]
    start = next((each for each in starts if ask(each) is None), None)
    if start is None:
        found = [ask(low)]
    else:
        down, up = int((start - low) // step), int((high - start) // step)
        found = [_nearest(ask, start, -step, down), _nearest(ask, start, step, up)]
    yield from (each for each in found if each is not None)


def _nearest(ask: _Ask, start: Any, step: Any, most: int) -> _Tried | None:
    """The change at the fewest steps from ``start`` that alters the answer; found by doubling, then by halving.

    Every distance that is told was really tried; a closer one that lies between two that were tried may be missed.
    """
    same, far = 0, min(1, most)
    found = ask(start + step * far)
    while found is None:
        if far == most:
            return None
        same, far = far, min(far * 2, most)
        found = ask(start + step * far)
    while far - same > 1:
        middle = (same + far) // 2
        tried = ask(start + step * middle)
        if tried is None:
            same = middle
        else:
            far, found = middle, tried
    return found


def _grouped(tried: Iterable[_Tried]) -> list[_Tried]:
    """Words that do the same are one change."""
    found: dict[tuple[Effect, str | None], list[str]] = {}
    for each in tried:
        found.setdefault((each.effect, each.first), []).append(_text(each.becomes))
    return [_Tried(", or ".join(values), effect, first) for (effect, first), values in found.items()]


def _change(path: str, words: str, now: Any, tried: _Tried) -> Change:
    return Change(path, words, _text(now), _text(tried.becomes), tried.effect, tried.first, _size(now, tried.becomes))


def _size(now: Any, becomes: Any) -> Fraction:
    """The share of the larger of two numbers by which they differ; a whole for words, nothing for the unknown."""
    if now is None:
        return _UNKNOWN
    if isinstance(now, DoseRate):
        now, becomes = now.count, becomes.count
    if isinstance(now, bool) or not isinstance(now, int | Decimal):
        return _WORD
    old, new = Fraction(now), Fraction(becomes)
    return abs(new - old) * Fraction(1, max(abs(old), abs(new)))


def _text(value: Any) -> str:
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case tuple():
            return ", ".join(_text(each) for each in value) or "none"
    return str(value)
