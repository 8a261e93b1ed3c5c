"""What does not fit together: connector and pump, catheter and pump, needle and pump."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from thecal.catalogue.catheters import Catheter, Connector
from thecal.catalogue.pump_parts import texts
from thecal.catalogue.pumps import Pump
from thecal.catalogue.quoted import Words, words
from thecal.catalogue.sourced import Table, load


class Fit(StrEnum):
    """How ill they fit."""

    FORBIDDEN = "forbidden"  # a published hazard: never together
    NOT_NAMED = "not named"  # the maker names other parts only


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two parts that must not, or are not known to, work together, and why."""

    fit: Fit
    statement: Words


@dataclass(frozen=True, slots=True)
class _Rule:
    families: tuple[str, ...]
    connector: Connector | None  # with this connector
    other_than: tuple[str, ...]  # or with a catheter of any other maker
    needles_of: tuple[str, ...]  # or with needles of these makers
    pairing: Pairing

    def is_about(self, pump: Pump) -> bool:
        return any(pump.key.startswith(f"{family}-") for family in self.families)

    def meets(self, catheter: Catheter) -> bool:
        if self.connector is not None:
            return catheter.connector is self.connector
        return bool(self.other_than) and catheter.maker not in self.other_than


def pairing(pump: Pump, catheter: Catheter) -> Pairing | None:
    """Why this catheter must not, or is not known to, go on this pump, the gravest first; None: nothing against it."""
    found = (rule.pairing for rule in _rules() if rule.is_about(pump) and rule.meets(catheter))
    return next(found, None)


def needle_pairing(pump: Pump, needle_maker: str) -> Pairing | None:
    """Why needles of this maker must not go into this pump; None: nothing against it is known."""
    found = (rule.pairing for rule in _rules() if rule.is_about(pump) and needle_maker in rule.needles_of)
    return next(found, None)


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        sorted(
            map(_rule, load("pairings.toml").rows("pairing")), key=lambda rule: rule.pairing.fit is not Fit.FORBIDDEN
        )
    )


def _rule(row: Table) -> _Rule:
    row.only("pumps", "connector", "makers_other_than", "needles_of", "fit", "statement")
    return _Rule(
        families=texts(row, "pumps"),
        connector=row.choice("connector", Connector) if "connector" in row.entries else None,
        other_than=texts(row, "makers_other_than") if "makers_other_than" in row.entries else (),
        needles_of=texts(row, "needles_of") if "needles_of" in row.entries else (),
        pairing=Pairing(row.choice("fit", Fit), words(row, "statement")),
    )
