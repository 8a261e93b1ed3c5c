"""What an emergency department is told of a pump: how much CSF to withdraw, what to do and what never to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from thecal.catalogue.drugs import Drug, DrugClass
from thecal.catalogue.quoted import Span, Words, span_or_none
from thecal.catalogue.sourced import Confidence, Table, load
from thecal.quantities import Volume


class OrderKind(StrEnum):
    """Whether it is to be done or to be left."""

    DO = "do"
    NEVER = "never"


class Holds(StrEnum):
    """When an order holds."""

    ALWAYS = "always"
    ACCESS_PORT = "access port"  # the pump has one
    NO_ABRUPT_STOP = "no abrupt stop"  # a drug of the fluid must not be stopped at once
    OPIOID = "opioid"
    GABA_B_AGONIST = "GABA-B agonist"


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to do or never to do."""

    kind: OrderKind
    holds: Holds
    words: Words


@dataclass(frozen=True, slots=True)
class Emergency:
    """Everything for the bedside. ``csf_withdrawal`` names the classes for which a volume is published."""

    csf_withdrawal: tuple[tuple[DrugClass, Span[Volume]], ...]
    orders: tuple[Order, ...]

    def csf_volume(self, of: DrugClass) -> Span[Volume] | None:
        """How much CSF to withdraw after an overdose; None where nobody publishes a volume."""
        return dict(self.csf_withdrawal).get(of)

    def orders_for(self, kind: OrderKind, drugs: Iterable[Drug], *, access_port: bool) -> tuple[Order, ...]:
        """The orders of one kind that hold for these drugs in such a pump, in the order of the file."""
        known = tuple(drugs)
        here = {Holds.ALWAYS.value, *(each.drug_class.value for each in known)}
        if access_port:
            here.add(Holds.ACCESS_PORT.value)
        if not all(each.abrupt_stop_allowed for each in known):
            here.add(Holds.NO_ABRUPT_STOP.value)
        return tuple(each for each in self.orders if each.kind is kind and each.holds.value in here)


@lru_cache
def emergency() -> Emergency:
    """The emergency figures of the catalogue. Raises CatalogueError when the file is incomplete."""
    return emergency_from(load("emergency.toml"))


def emergency_from(table: Table) -> Emergency:
    """Emergency figures from a parsed file. Raises CatalogueError in one line that names file and field."""
    table.only("csf_withdrawal", "orders")
    volumes = table.sub("csf_withdrawal").only(*DrugClass)
    found = ((each, span_or_none(volumes, each.value, Volume, "mL")) for each in DrugClass)
    return Emergency(
        csf_withdrawal=tuple((each, volume) for each, volume in found if volume is not None),
        orders=tuple(_order(row) for row in table.rows("orders")),
    )


def _order(row: Table) -> Order:
    row.only("kind", "holds", "text", "source", "confidence")
    words = Words(row.text("text"), row.text("source"), row.choice("confidence", Confidence))
    return Order(row.choice("kind", OrderKind), row.choice("holds", Holds), words)
