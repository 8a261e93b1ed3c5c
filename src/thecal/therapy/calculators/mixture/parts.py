"""What the preparation calculation answers with."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.quantities import Concentration, Mass, Volume


@dataclass(frozen=True, slots=True)
class Part:
    """One drug of the preparation.

    ``target``: what the syringe must hold, rounded down; above ``wanted`` where the residual is thinner. ``prepared``:
    what it holds once stocks are drawn up, rounded down. ``in_reservoir``: after the fill, rounded down; None where
    nobody said what the residual is. ``assay``: the range within which a sample of the preparation is accepted.
    """

    drug: str
    wanted: Concentration
    target: Concentration
    stock: Concentration
    volume: Volume
    amount: Mass
    prepared: Concentration
    in_reservoir: Concentration | None
    assay: tuple[Concentration, Concentration]


@dataclass(frozen=True, slots=True)
class Left:
    """A drug of the old fluid that is not in the new one: what the reservoir still holds, rounded up.

    ``shares``: of its old concentration, after this fill and each further one of the same size.
    """

    drug: str
    in_reservoir: Concentration
    shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Volumes to draw up; together they are ``prepared``, of which the fill is injected."""

    prepared: Volume
    parts: tuple[Part, ...]
    diluent: Volume
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Mixture:
    """A preparation. ``recipe`` None: it cannot be made from these stocks, or not injected; a finding says why.

    ``rinsed``: share of the old fluid that the residual still is after the rinses; None where none are made.
    """

    recipe: Recipe | None
    rinsed: Fraction | None
