"""What drugs and solutions are like while they flow: diffusion, thickness, and the spring of bellows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from thecal.catalogue.quoted import Quoted, share
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read

_ANY = "default"


@dataclass(frozen=True, slots=True)
class FlowPhysics:
    """Figures of transport. ``thickness``: viscosity of a drug solution as a multiple of water, least and most."""

    diffusivities: tuple[tuple[str, Sourced], ...]  # drug key -> whole square micrometres per second at 37 degC
    thickness_least: Quoted[Fraction]
    thickness_most: Quoted[Fraction]
    bellows_span: Quoted[Fraction]

    def diffusivity(self, drug: str) -> Sourced:
        """Of this drug at 37 degC, in um2/s, a whole number; the default for a drug without an entry."""
        known = dict(self.diffusivities)
        return known.get(drug, known[_ANY])

    @property
    def sources(self) -> tuple[tuple[str, Sourced], ...]:
        """Every number with its origin."""
        return (
            *((f"diffusivity, {drug}", entry) for drug, entry in self.diffusivities),
            ("thickness_least", self.thickness_least.origin),
            ("thickness_most", self.thickness_most.origin),
            ("bellows_span", self.bellows_span.origin),
        )


@cache
def flow_physics() -> FlowPhysics:
    """The figures of this catalogue. Raises CatalogueError when the file is incomplete."""
    return flow_physics_from(load("hydraulics.toml"))


def flow_physics_from(table: Table) -> FlowPhysics:
    """The figures from a parsed file. Raises CatalogueError in one line that names file and field."""
    drugs, thickness = table.sub("diffusivity"), table.sub("thickness")
    diffusivities = tuple((drug, read(drugs, drug, "um2/s")) for drug in drugs.entries)
    if _ANY not in drugs.entries:
        raise CatalogueError(f"{drugs.where(_ANY)} is missing")
    for drug, entry in diffusivities:
        if entry.whole() <= 0:
            raise CatalogueError(f"{drugs.where(drug)} must be above 0")
    return FlowPhysics(
        diffusivities, share(thickness, "least"), share(thickness, "most"), share(table.sub("bellows"), "span")
    )
