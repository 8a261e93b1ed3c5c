"""What one site changes: limits of its own, tighter starts and steps, tighter planning figures, each with who and when.

A site file tightens freely. Whatever is looser than what stands, and every figure of a drug nobody else vouches for,
needs a ``reviewer`` (not the one who wrote it) and a ``reason``::

    name = "Demo Pain Clinic"

    [[drugs]]
    drug = "morphine"
    figure = "daily_dose"
    value = 10
    unit = "mg/day"
    by = "Demo Pharmacist Birch"
    on = "2026-11-20"

    [[planning]]
    figure = "lead_before_alarm"
    value = 10
    unit = "day"
    by = "Demo Nurse Rowan"
    on = "2026-11-20"
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.policy import Policy, policy
from thecal.catalogue.site_change import DrugChange, PlanningChange, drug_change, planning_change
from thecal.catalogue.site_figures import FIGURES, changed
from thecal.catalogue.sourced import CatalogueError, parse


@dataclass(frozen=True, slots=True)
class Site:
    """One site with its changes in the order of its file."""

    name: str
    drugs: tuple[DrugChange, ...]
    planning: tuple[PlanningChange, ...]

    def applied_to(self, known: Drug) -> Drug:
        """The drug as this site gives it. Raises CatalogueError when a change is looser and not reviewed."""
        for change in self.drugs:
            if change.drug == known.key:
                known = changed(known, change)
        return known

    def planning_of(self, known: Policy) -> Policy:
        """The planning figures of this site. Raises CatalogueError when a change is looser and not reviewed."""
        for change in self.planning:
            change.must_be_allowed(getattr(known, change.figure))
            sources = tuple(
                (name, change.origin if name == change.figure else origin) for name, origin in known.sources
            )
            known = replace(known, **{change.figure: change.amount, "sources": sources})
        return known


def site(text: str, file: str = "site file") -> Site:
    """The site a file describes, every change already held against the library. ``file`` is for messages.

    Raises CatalogueError in one line that names the entry and what would be accepted.
    """
    table = parse(file, text).only("name", "drugs", "planning")
    name = table.text("name")
    found = Site(
        name,
        tuple(drug_change(row, name, FIGURES) for row in table.rows("drugs")),
        tuple(planning_change(row, name) for row in table.rows("planning")),
    )
    _refuse_twice(file, ((each.drug, each.figure, each.when) for each in found.drugs))
    _refuse_twice(file, ((each.figure,) for each in found.planning))
    for each in found.drugs:
        found.applied_to(drug(each.drug))
    found.planning_of(policy())
    return found


def _refuse_twice(file: str, entries: Iterable[tuple[str | None, ...]]) -> None:
    seen: set[tuple[str | None, ...]] = set()
    for entry in entries:
        if entry in seen:
            raise CatalogueError(
                f"{file}: {', '.join(part for part in entry if part)} is changed twice; keep one entry"
            )
        seen.add(entry)
