"""What pump models of both kinds are made of: line, battery, ports, magnetic resonance, labelling, market."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from thecal.catalogue.quoted import Quoted, Words, quoted, quoted_or_none, words
from thecal.catalogue.sourced import CatalogueError, Confidence, Sourced, Table, read
from thecal.quantities import FlowRate, QuantityError, Volume


class MriRule(StrEnum):
    """What a scan asks of the pump."""

    NONE_NEEDED = "none needed"
    INTERROGATE_AFTER = "interrogate after"
    EMPTY_FIRST = "empty first"
    UNSAFE = "unsafe"


class Market(StrEnum):
    """Whether the model can still be had."""

    SOLD = "sold"
    ENDED = "ended"
    UNCERTAIN = "uncertain"
    TYPE = "a type, not a product"


@dataclass(frozen=True, slots=True)
class TubingVolume:
    """The volume between reservoir and catheter port as one version of the programmer has it."""

    version: str
    volume: Quoted[Volume]


@dataclass(frozen=True, slots=True)
class LongevityPoint:
    """How many months the battery lasts at one flow."""

    flow: FlowRate
    months: Quoted[int]


@dataclass(frozen=True, slots=True)
class Ports:
    """What reaches reservoir and catheter: needles by port; None where the pump has no access to the catheter.

    ``tell_apart`` says what keeps the two apart. ``smallest_syringe`` belongs to the access port.
    """

    refill_needle: Words
    access_needle: Words | None
    smallest_syringe: Quoted[Volume] | None
    tell_apart: Words


@dataclass(frozen=True, slots=True)
class Mri:
    """The rule for a scan, in one word and in a sentence; the strongest field, in tesla, anyone vouches for, if any."""

    rule: MriRule
    words: str
    source: str
    confidence: Confidence
    strongest_field: Sourced | None


@dataclass(frozen=True, slots=True)
class Labelling:
    """Drugs (catalogue keys) that the label of the pump names, and drugs that a jurisdiction's label excludes.

    A drug in neither is simply not labelled for this pump.
    """

    drugs: tuple[str, ...]
    excluded: tuple[tuple[str, str], ...]  # (jurisdiction, drug)
    statement: Words


@dataclass(frozen=True, slots=True)
class Standing:
    """Market status and what is known of it."""

    market: Market
    statement: Words


def ports_in(table: Table) -> Ports:
    """Ports and needles. Raises CatalogueError."""
    table.only("refill_needle", "access_needle", "smallest_syringe", "tell_apart")
    return Ports(
        refill_needle=words(table, "refill_needle"),
        access_needle=words(table, "access_needle") if "access_needle" in table.entries else None,
        smallest_syringe=quoted_or_none(table, "smallest_syringe", Volume, "mL"),
        tell_apart=words(table, "tell_apart"),
    )


def mri_in(table: Table) -> Mri:
    """The rule for magnetic resonance. Raises CatalogueError."""
    table.only("rule", "text", "source", "confidence", "strongest_field")
    confidence = table.choice("confidence", Confidence)
    strongest = read(table, "strongest_field", "T") if "strongest_field" in table.entries else None
    return Mri(table.choice("rule", MriRule), table.text("text"), table.text("source"), confidence, strongest)


def labelling_in(table: Table) -> Labelling:
    """Labelled and excluded drugs. Raises CatalogueError."""
    table.only("drugs", "excluded", "statement")
    excluded = tuple((row.text("jurisdiction"), row.text("drug")) for row in table.rows("excluded"))
    return Labelling(texts(table, "drugs"), excluded, words(table, "statement"))


def standing_in(table: Table) -> Standing:
    """Market status. Raises CatalogueError."""
    table.only("status", "statement")
    return Standing(table.choice("status", Market), words(table, "statement"))


def tubing_in(table: Table) -> tuple[TubingVolume, ...]:
    """Every version of the tubing volume, newest first as in the file. Raises CatalogueError, also for none."""
    found = tuple(TubingVolume(version, quoted(table, version, Volume, "mL")) for version in table.entries)
    if not found:
        raise CatalogueError(f"{table.file}: {table.path} must have at least one version")
    return found


def longevity_in(table: Table) -> tuple[LongevityPoint, ...]:
    """Months by flow, slowest flow first. Raises CatalogueError when more flow would make the battery last longer."""
    points = tuple(sorted((_point(table, written) for written in table.entries), key=lambda each: each.flow))
    for slower, faster in pairwise(points):
        if faster.months.amount > slower.months.amount:
            raise CatalogueError(f"{table.where(str(faster.flow))} lasts longer than at a slower flow")
    return points


def _point(table: Table, written: str) -> LongevityPoint:
    try:
        flow = FlowRate.parse(written)
    except QuantityError as refused:
        raise CatalogueError(f"{table.where(written)}: {refused}") from None
    entry = read(table, written, "month")
    return LongevityPoint(flow, Quoted(entry.whole(), entry))


def alarms_in(table: Table) -> tuple[tuple[str, ...], Words]:
    """What the pump calls out for, and how. Raises CatalogueError."""
    table.only("names", "statement")
    return texts(table, "names"), words(table, "statement")


def texts(table: Table, key: str) -> tuple[str, ...]:
    """A list of texts. Raises CatalogueError when it is anything else."""
    found = table.entries.get(key)
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        raise CatalogueError(f"{table.where(key)} must be a list of texts")
    return tuple(found)


def sources_of_tubing(tubing: tuple[TubingVolume, ...]) -> tuple[tuple[str, Sourced], ...]:
    """The newest version as the tubing volume, each older one under its version."""
    newest, *older = tubing
    named = ((f"tubing volume, {each.version}", each.volume.origin) for each in older)
    return (("tubing_volume", newest.volume.origin), *named)


def sources_of_mri(mri: Mri) -> tuple[tuple[str, Sourced], ...]:
    """The strongest field for a scan, where there is one."""
    return () if mri.strongest_field is None else (("strongest field for a scan", mri.strongest_field),)


def sources_of_longevity(points: tuple[LongevityPoint, ...]) -> tuple[tuple[str, Sourced], ...]:
    """One entry for each flow."""
    return tuple((f"longevity at {each.flow}", each.months.origin) for each in points)
