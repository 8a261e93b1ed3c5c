"""What a fluid is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from thecal.column.masses import Masses

NL_PER_ML = 1_000_000


@dataclass(frozen=True, slots=True)
class Fluid:
    """Drugs and their exact concentrations in ng/mL, in the order of the names, without zeros.

    No drug at all is saline or CSF. Raises ValueError for a negative concentration, or entries out of order or twice.
    """

    drugs: tuple[tuple[str, Fraction], ...] = ()

    def __post_init__(self) -> None:
        names = [name for name, _ in self.drugs]
        if names != sorted(set(names)):
            raise ValueError("drugs must be in the order of their names, each drug once")
        if any(concentration <= 0 for _, concentration in self.drugs):
            raise ValueError("a concentration must be above zero; a drug that is not there is left out")

    @classmethod
    def of(cls, drugs: Iterable[tuple[str, int | Fraction]]) -> Fluid:
        """The fluid with these concentrations in ng/mL, in any order; zeros are left out."""
        found = sorted((name, Fraction(concentration)) for name, concentration in drugs if concentration != 0)
        return cls(tuple(found))

    def ng_per_ml(self, drug: str) -> Fraction:
        """The concentration of one drug; zero when it is not there."""
        return next((concentration for name, concentration in self.drugs if name == drug), Fraction(0))

    def mass_in(self, volume_nl: int) -> Masses:
        """The drug in this much of the fluid, exactly."""
        if volume_nl == 0:
            return Masses()
        return Masses(tuple((name, concentration * volume_nl / NL_PER_ML) for name, concentration in self.drugs))


@dataclass(frozen=True, slots=True)
class UnknownFluid(Fluid):
    """What fills a stretch of which nobody knows what it holds. It takes up room; asked for drug, it refuses."""

    def ng_per_ml(self, drug: str) -> Fraction:
        """Raises ValueError."""
        raise ValueError(f"nobody knows how much {drug} is in it")

    def mass_in(self, volume_nl: int) -> Masses:
        """Raises ValueError."""
        raise ValueError(f"nobody knows what is in these {volume_nl} nL")


SALINE = Fluid()
UNKNOWN = UnknownFluid()
