"""Exact amounts of several drugs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Masses:
    """Drug -> exact ng, in the order of the names, without zeros. Never negative.

    Raises ValueError for a negative mass, or entries out of order or twice.
    """

    entries: tuple[tuple[str, Fraction], ...] = ()

    def __post_init__(self) -> None:
        names = [name for name, _ in self.entries]
        if names != sorted(set(names)):
            raise ValueError("masses must be in the order of their names, each drug once")
        if any(ng <= 0 for _, ng in self.entries):
            raise ValueError("a mass must be above zero; what is not there is left out")

    @classmethod
    def of(cls, entries: Iterable[tuple[str, Fraction]]) -> Masses:
        """The masses of these drugs; a drug may be named more than once, zeros are left out."""
        sums: dict[str, Fraction] = {}
        for name, ng in entries:
            sums[name] = sums.get(name, Fraction(0)) + ng
        return cls(tuple((name, sums[name]) for name in sorted(sums) if sums[name] != 0))

    def ng(self, drug: str) -> Fraction:
        """The mass of one drug; zero when there is none."""
        return next((ng for name, ng in self.entries if name == drug), Fraction(0))

    def times(self, count: int) -> Masses:
        """``count`` times as much."""
        return Masses(tuple((name, ng * count) for name, ng in self.entries)) if count else NOTHING

    def __add__(self, other: Masses) -> Masses:
        if not other.entries:
            return self
        return Masses.of((*self.entries, *other.entries)) if self.entries else other

    def __sub__(self, other: Masses) -> Masses:
        """Raises ValueError when more is taken away than there is."""
        return Masses.of((*self.entries, *((name, -ng) for name, ng in other.entries)))


NOTHING = Masses()
