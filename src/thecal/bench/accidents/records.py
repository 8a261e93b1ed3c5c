"""What an accident document says: what was done, what happened, and what must stand in the way now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from thecal.catalogue.sourced import Confidence
from thecal.documents import About


class YearOf(Enum):
    """What the year of an accident is the year of."""

    EVENT = "event"
    NOTICE = "notice"
    PUBLICATION = "publication"


class Needs(Enum):
    """What it takes to stop this accident. What a plan check or the pump itself can see is replayed; a visit is not."""

    PLAN = "plan"
    PUMP = "pump"
    VISIT = "visit"


class Through(Enum):
    """Which door the replay goes through."""

    CHECK = "check"
    PLAN = "plan"
    ENTRY = "entry"
    PUMP = "pump"


class Stands(Enum):
    """What must be reached: a verdict of the plan checks at least, or what the pump itself does."""

    INFO = "INFO"
    WARN = "WARN"
    STOP = "STOP"
    REFUSE = "REFUSE"
    LOGGED = "LOGGED"
    NON_CRITICAL = "ALARM (non-critical)"
    CRITICAL = "ALARM (critical)"


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """One number as it was typed beside a fixed unit."""

    kind: Annotated[str, About("kind of quantity")]
    unit: Annotated[str, About("unit shown in the field")]
    typed: Annotated[str, About("what was typed, character by character")]


@dataclass(frozen=True, slots=True)
class Variation:
    """The same document with some places changed; a place is a path such as ``pending.refill.fluid.0.drug``."""

    title: Annotated[str, About("what is different, one line")]
    set: Annotated[Mapping[str, Any], About("path of a field = its new value")]
    drop: Annotated[tuple[str, ...], About("paths of fields to leave out")] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """What was done, as a document of ``thecal check``, ``thecal plan KIND``, one typed entry, or a story of a pump."""

    through: Annotated[Through, About("check, plan, entry or pump")]
    ours: Annotated[str, About("what of the replay the source does not say")]
    document: Annotated[
        Mapping[str, Any], About("the document; for an entry: kind, unit and typed; for a pump: its story")
    ]
    kind: Annotated[str | None, About("for plan: the kind of plan")] = None
    variants: Annotated[tuple[Variation, ...], About("at least two more of its class, all caught")] = ()
    near_twins: Annotated[tuple[Variation, ...], About("at least one harmless plan that looks alike and passes")] = ()


@dataclass(frozen=True, slots=True)
class Accident:
    """One published accident or recall. No year: the source gives none."""

    title: Annotated[str, About("one line for people")]
    harm: Annotated[str, About("what it did to people")]
    source: Annotated[str, About("publication")]
    confidence: Annotated[Confidence, About("how far the publication was read")]
    done: Annotated[tuple[str, ...], About("what was done, step by step")]
    then: Annotated[str, About("what happened then")]
    needs: Annotated[Needs, About("what it takes to stop it")]
    lesson: Annotated[str, About("what stands in the way now, or would have to")]
    year: Annotated[int | None, About("left out where the source gives none", 1980, 2100)] = None
    year_of: Annotated[YearOf | None, About("what the year is the year of")] = None
    caught_by: Annotated[
        str | None, About("rule that must speak; for an entry: entry; for a pump: the alarm or log line")
    ] = None
    verdict: Annotated[Stands | None, About("verdict that must be reached at least; for a pump: its alarm")] = None
    replay: Annotated[Replay | None, About("what was about to be done")] = None

    @property
    def dated(self) -> str:
        """The year for people: of the event or notice, at the latest that of the publication, or none."""
        if self.year is None:
            return "\u2013"
        return f"\u2264 {self.year}" if self.year_of is YearOf.PUBLICATION else str(self.year)
