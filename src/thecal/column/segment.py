"""A stretch of one fluid, and what stretches hold together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from thecal.column.fluid import NL_PER_ML, SALINE, Fluid
from thecal.column.masses import NOTHING, Masses


@dataclass(frozen=True, slots=True)
class Segment:
    """A whole number of nL of one fluid. Raises ValueError unless it is above zero."""

    volume_nl: int
    fluid: Fluid

    def __post_init__(self) -> None:
        if type(self.volume_nl) is not int or self.volume_nl <= 0:
            raise ValueError("a segment holds a whole number of nL above zero")


def joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The same stretches, with neighbours of equal fluid made one."""
    found: list[Segment] = []
    for segment in segments:
        if found and found[-1].fluid == segment.fluid:
            found[-1] = Segment(found[-1].volume_nl + segment.volume_nl, segment.fluid)
        else:
            found.append(segment)
    return tuple(found)


def volume_of(segments: Iterable[Segment]) -> int:
    """Volume of all of them, in nL."""
    return sum(segment.volume_nl for segment in segments)


def mass_in(segments: Iterable[Segment]) -> Masses:
    """Drug in all of them, exactly."""
    total = NOTHING
    for segment in segments:
        total = total + segment.fluid.mass_in(segment.volume_nl)
    return total


def mixed(segments: Iterable[Segment]) -> Fluid:
    """The fluid that results when all of them are mixed completely; saline when there is nothing to mix."""
    found = tuple(segments)
    whole_nl = volume_of(found)
    if whole_nl == 0:
        return SALINE
    return Fluid(tuple((name, ng * NL_PER_ML / whole_nl) for name, ng in mass_in(found).entries))
