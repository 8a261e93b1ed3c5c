"""What a hard rule finds: met, against, still to be done, or not known for want of facts that are named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from thecal.catalogue.quoted import Words
from thecal.catalogue.selection import choosing
from thecal.catalogue.selection_terms import HardRule


class Standing(Enum):
    """How the facts stand to a hard rule."""

    MET = "met"
    AGAINST = "against"
    TO_DO = "still to be done"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One hard rule and how the facts stand to it.

    ``found`` is what it was held against, in words; ``missing`` are the paths of facts without which it cannot speak;
    ``basis`` is what it asks for and on whose word.
    """

    rule: HardRule
    standing: Standing
    basis: Words
    found: str = ""
    missing: tuple[str, ...] = ()


def ruling(
    rule: HardRule,
    holds: bool | None,
    found: str = "",
    *missing: str,
    basis: Words | None = None,
) -> Ruling:
    """The ruling for what is known to hold (True), not to hold (False), or not known (None), for want of ``missing``.

    ``basis`` replaces the rule's own where a label or a notice says it itself.
    """
    standing = Standing.NOT_KNOWN if holds is None else Standing.MET if holds else Standing.AGAINST
    said = _asked(rule) if basis is None else basis
    return Ruling(rule, standing, said, found, missing if holds is None else ())


@lru_cache
def _asked(rule: HardRule) -> Words:
    return choosing().rule(rule)


def every(*parts: bool | None) -> bool | None:
    """Whether all hold: False as soon as one is known not to, None while one is not known."""
    if False in parts:
        return False
    return None if None in parts else True


def inverse(fact: bool | None) -> bool | None:
    """Not; what is not known stays so."""
    return None if fact is None else not fact


def any_of(*parts: bool | None) -> bool | None:
    """Whether at least one holds: True as soon as one is known to, None while one is not known."""
    if True in parts:
        return True
    return None if None in parts else False
