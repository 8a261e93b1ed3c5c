"""The fluid path derived from the record of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from thecal.column import NOTHING, mass_in
from thecal.fluid.path import FluidPath
from thecal.fluid.release import TipRelease
from thecal.fluid.truth import Act, NeedleAct, Outflow, Stroke, TimeReached, TruthRecord


class MalformedHistory(ValueError):
    """Records that cannot follow each other; the message says which."""


@dataclass(frozen=True, slots=True)
class Played:
    """The path after some records, what left the tip, and the moment reached. ``releases`` are in order of time."""

    path: FluidPath
    releases: tuple[TipRelease, ...]
    at_ms: int


def replay(start: FluidPath, records: Iterable[TruthRecord], stroke_nl: int, from_ms: int = 0) -> Played:
    """Play all records, which must be in order of time and not before ``from_ms``. Raises MalformedHistory."""
    path, at_ms, releases = start, from_ms, list[TipRelease]()
    for record in records:
        begins = record.start_ms if isinstance(record, Outflow) else record.at_ms
        if begins < at_ms:
            raise MalformedHistory(f"{record} is earlier than {at_ms} ms, the record before it")
        path, left = play(path, record, stroke_nl)
        releases += left
        at_ms = record.at_ms
    return Played(path, tuple(releases), at_ms)


def play(path: FluidPath, record: TruthRecord, stroke_nl: int) -> tuple[FluidPath, tuple[TipRelease, ...]]:
    """One record: the path after it, and what left the tip (nothing where only saline left)."""
    match record:
        case Stroke(at_ms):
            path, masses = path.stroke(stroke_nl)
            return path, () if masses == NOTHING else (TipRelease(at_ms, at_ms, masses),)
        case Outflow():
            return _pressed(path, record)
        case NeedleAct(_, Act.WITHDRAW, volume_nl, _):
            return path.withdraw(volume_nl)[0], ()
        case NeedleAct(_, _, volume_nl, fluid):
            return path.fill(volume_nl, fluid)[0], ()
        case TimeReached():
            return path, ()


def _pressed(path: FluidPath, record: Outflow) -> tuple[FluidPath, tuple[TipRelease, ...]]:
    """Each fluid leaves in its share of the time; when the reservoir runs empty, nothing leaves any more."""
    path, left = path.deliver(record.volume_nl)
    releases, passed_nl, lasts_ms = [], 0, record.end_ms - record.start_ms
    for segment in left:
        starts_ms = record.start_ms + lasts_ms * passed_nl // record.volume_nl
        passed_nl += segment.volume_nl
        ends_ms = record.start_ms + lasts_ms * passed_nl // record.volume_nl
        masses = mass_in((segment,))
        if masses != NOTHING:
            releases.append(TipRelease(starts_ms, ends_ms, masses))
    return path, tuple(releases)
