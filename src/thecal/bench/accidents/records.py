"""What an accident document says: what was done, what happened, and what must stand in the way now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from thecal.catalogue.sourced import Confidence
from thecal.documents import About


class Needs(Enum):
    """What it takes to stop this accident. Only a plan check can be replayed without a pump or a visit."""

    PLAN = "plan"
    PUMP = "pump"
    VISIT = "visit"


class Through(Enum):
    """Which door the replay goes through."""

    CHECK = "check"
    PLAN = "plan"
    ENTRY = "entry"


class Stands(Enum):
    """The verdict that must be reached at least."""

    INFO = "INFO"
    WARN = "WARN"
    STOP = "STOP"
    REFUSE = "REFUSE"


@dataclass(frozen=True, slots=True)
class Variation:
    """The same document with some places changed; a place is a path such as ``pending.refill.fluid.0.drug``."""

    title: Annotated[str, About("what is different, one line")]
    set: Annotated[Mapping[str, Any], About("path of a field = its new value")]
    drop: Annotated[tuple[str, ...], About("paths of fields to leave out")] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """What was about to be done, as a document of ``thecal check``, ``thecal plan KIND`` or one typed entry."""

    through: Annotated[Through, About("check, plan or entry")]
    document: Annotated[Mapping[str, Any], About("the document, or for an entry: kind, unit and typed")]
    kind: Annotated[str | None, About("for plan: the kind of plan")] = None
    variants: Annotated[tuple[Variation, ...], About("at least two more of its class, all caught")] = ()
    near_twins: Annotated[tuple[Variation, ...], About("at least one harmless plan that looks alike and passes")] = ()


@dataclass(frozen=True, slots=True)
class Accident:
    """One published accident or recall."""

    title: Annotated[str, About("one line for people")]
    year: Annotated[int, About("of the event or notice", 1980, 2100)]
    harm: Annotated[str, About("what it did to people")]
    source: Annotated[str, About("publication")]
    confidence: Annotated[Confidence, About("how far the publication was read")]
    done: Annotated[tuple[str, ...], About("what was done, step by step")]
    then: Annotated[str, About("what happened then")]
    needs: Annotated[Needs, About("what it takes to stop it")]
    lesson: Annotated[str, About("what stands in the way now, or would have to")]
    caught_by: Annotated[str | None, About("rule that must speak; for an entry: entry")] = None
    verdict: Annotated[Stands | None, About("verdict that must be reached at least")] = None
    replay: Annotated[Replay | None, About("what was about to be done")] = None
