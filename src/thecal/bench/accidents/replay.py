"""Replaying accidents through the functions a clinic uses, or on the pump itself: is it caught, and only it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thecal.bench.accidents.changed import changed
from thecal.bench.accidents.known_rules import ENTRY
from thecal.bench.accidents.records import Accident, Replay, Stands, Through, TypedNumber, Variation
from thecal.bench.accidents.story_records import Story
from thecal.bench.accidents.telling import Seen, Told, heard, tell, unmet
from thecal.catalogue.sourced import CatalogueError
from thecal.documents import DocumentError, read
from thecal.quantities import Amount, Concentration, DoseRate, Duration, FlowRate, Mass, Volume
from thecal.therapy import calculators
from thecal.therapy.check_document import check_case
from thecal.therapy.check_reading import case_of
from thecal.therapy.check_records import CheckDocument
from thecal.therapy.entry import EntryRefused, Field
from thecal.therapy.findings import Finding, Verdict, refusal, worst

QUANTITIES: Mapping[str, type[Amount]] = {
    kind.KIND: kind for kind in (Volume, Mass, Concentration, FlowRate, DoseRate, Duration)
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One plan that was put before the rules, or one story of a pump. ``twin``: a harmless one, which must pass.

    ``told`` and ``amiss`` are of stories: how it went, and what was not as it had to be.
    """

    title: str
    twin: bool
    findings: tuple[Finding, ...]
    held: bool  # caught when it had to be, passed when it had to pass
    told: Told | None = None
    amiss: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The heaviest verdict of any rule."""
        return worst(self.findings)


@dataclass(frozen=True, slots=True)
class Replayed:
    """An accident and what the rules or the pump said to it and its like. An open one was not tried."""

    accident: Accident
    tried: tuple[Tried, ...]

    @property
    def open(self) -> bool:
        """Whether nothing is known to stop it yet: it needs the visit, or what this pump does not have."""
        return self.accident.replay is None

    @property
    def missed(self) -> tuple[Tried, ...]:
        """What had to be caught and was not."""
        return tuple(each for each in self.tried if not each.twin and not each.held)

    @property
    def false_alarms(self) -> tuple[Tried, ...]:
        """Harmless twins that were not let pass."""
        return tuple(each for each in self.tried if each.twin and not each.held)

    @property
    def held(self) -> bool:
        """Whether it and its variants are caught and its near twins pass; an open one has nothing to hold."""
        return not self.missed and not self.false_alarms

    @property
    def finding(self) -> Finding | None:
        """The finding that stands in the way of the accident itself."""
        found = self.tried[0].findings if self.tried else ()
        return next((each for each in found if each.rule == self.accident.caught_by), None)

    @property
    def seen(self) -> Seen | None:
        """The alarm or line by which the pump itself caught the accident."""
        told = self.tried[0].told if self.tried else None
        return None if told is None else told.first(str(self.accident.caught_by))

    @property
    def reached(self) -> Stands | None:
        """What it came to; None: nothing spoke, or it is open."""
        if self.finding is not None:
            return Stands(self.finding.verdict.name)
        return None if self.seen is None else self.accident.verdict


def replay(accident: Accident) -> Replayed:
    """Put the accident, its variants and its near twins before the rules, or tell them on a pump.

    Raises DocumentError, one line that names the variation and the field, for a document that cannot be used.
    """
    replayed = accident.replay
    if replayed is None:
        return Replayed(accident, ())
    itself = Variation("as it happened", {})
    tried = [_tried(accident, replayed, each, twin=False) for each in (itself, *replayed.variants)]
    tried += [_tried(accident, replayed, each, twin=True) for each in replayed.near_twins]
    return Replayed(accident, tuple(tried))


def _tried(accident: Accident, replayed: Replay, variation: Variation, *, twin: bool) -> Tried:
    try:
        document = changed(replayed.document, variation)
        if replayed.through is Through.PUMP:
            return _story(str(accident.caught_by), variation.title, read(Story, document), twin=twin)
        findings = _findings(replayed, document)
    except (DocumentError, CatalogueError, EntryRefused) as error:
        raise DocumentError(f"{variation.title}: {error}") from None
    return Tried(variation.title, twin, findings, _passes(findings) if twin else _caught(accident, findings))


def _story(name: str, title: str, story: Story, *, twin: bool) -> Tried:
    told = tell(story)
    amiss = heard(story, told, name) if twin else unmet(story, told, name)
    return Tried(title, twin, (), not amiss, told, amiss)


def _caught(accident: Accident, findings: tuple[Finding, ...]) -> bool:
    assert accident.verdict is not None
    least = Verdict[accident.verdict.value].weight
    return any(each.rule == accident.caught_by and each.verdict.weight >= least for each in findings)


def _passes(findings: tuple[Finding, ...]) -> bool:
    """Silence matters as much: a sound plan draws nothing heavier than information."""
    return worst(findings).weight <= Verdict.INFO.weight


def _findings(replayed: Replay, document: Mapping[str, Any]) -> tuple[Finding, ...]:
    if replayed.through is Through.CHECK:
        return check_case(case_of(read(CheckDocument, document)))
    if replayed.through is Through.ENTRY:
        return _entry(read(TypedNumber, document))
    found = calculators.KINDS.get(str(replayed.kind))
    if found is None:
        known = ", ".join(calculators.KINDS)
        raise DocumentError(f"replay.kind: {replayed.kind!r} is not a kind of plan: use one of {known}")
    return found.calculate(read(found.inputs, document)).findings


def _entry(number: TypedNumber) -> tuple[Finding, ...]:
    """What was typed into a field with a fixed unit; what is not accepted is a refusal."""
    kind = QUANTITIES.get(number.kind)
    if kind is None:
        raise DocumentError(f"kind: {number.kind!r} is not one of {', '.join(QUANTITIES)}")
    if number.unit not in kind.UNITS:
        raise DocumentError(f"unit: {number.unit!r} is not one of {', '.join(kind.UNITS)}")
    try:
        Field(number.kind, kind, number.unit).read(number.typed)
    except EntryRefused as refused:
        return (refusal(ENTRY, refused.field, f"{refused.message}."),)
    return ()
