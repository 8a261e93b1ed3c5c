"""A scenario document: a story about one patient, step by step, with what must come of each step.

TOML or JSON. ``case_file`` names the case document the story starts from. A step is done at its time by one actor; the
story's expectations are checked right after it, on the answer people got and on the truth of the bench.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from thecal.bench.case import load_case
from thecal.bench.case_records import Case
from thecal.bench.channel import Fault
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.device import Mode, Reason
from thecal.documents import About, DocumentError, parse, read, schema
from thecal.quantities import Concentration, Duration, Mass, Volume
from thecal.therapy.prescribed import Therapy, check_therapy


class Actor(Enum):
    """Who does it."""

    PHYSICIAN = "physician"
    NURSE = "nurse"
    PATIENT = "patient"
    POWER = "power"
    LINK = "link"
    BENCH = "bench"


class Deed(Enum):
    """What is done."""

    PROGRAMS = "programs"
    STOPS = "stops the infusion"
    SETTLES = "asks what became of it"
    STAGES = "stages a program"  # the patient's keys, the physician's command
    ASKS = "asks for a dose"
    WITHDRAWS = "withdraws"
    FILLS = "fills"
    RECORDS = "records the refill"
    CUT = "is cut"
    FAILS = "fails in the next stroke"
    RETURNS = "returns"
    DISTURBS = "disturbs"
    LOOKS = "looks"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a deed needs besides its time: who may do it, and which fields must stand beside it."""

    actors: tuple[Actor, ...]
    needed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


DEMANDS = {
    Deed.PROGRAMS: Demand((Actor.PHYSICIAN,), ("therapy",), ("second_confirmation",)),
    Deed.STOPS: Demand((Actor.PHYSICIAN,)),
    Deed.SETTLES: Demand((Actor.PHYSICIAN,)),
    Deed.STAGES: Demand((Actor.PATIENT,), ("therapy",)),
    Deed.ASKS: Demand((Actor.PATIENT,)),
    Deed.WITHDRAWS: Demand((Actor.NURSE,), ("volume",)),
    Deed.FILLS: Demand((Actor.NURSE,), ("volume",)),
    Deed.RECORDS: Demand((Actor.NURSE,), ("volume", "withdrawn"), ("injected", "recovered")),
    Deed.CUT: Demand((Actor.POWER,)),
    Deed.FAILS: Demand((Actor.POWER,)),
    Deed.RETURNS: Demand((Actor.POWER,)),
    Deed.DISTURBS: Demand((Actor.LINK,), ("of", "exchange", "fault")),
    Deed.LOOKS: Demand((Actor.BENCH,)),
}


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be so after a step; what is left out is not looked at."""

    outcome: Annotated[str | None, About("how it ended, in one of the programmer's words")] = None
    reason: Annotated[Reason | None, About("why the pump refused")] = None
    possible_in: Annotated[Duration | None, About("countdown the patient is shown")] = None
    ratio: Annotated[Decimal | None, About("new to old 24-hour dose in the review", 0, 100_000)] = None
    remaining: Annotated[int | None, About("doses left within 24 h, as the patient is shown", 0, 24)] = None
    mode: Annotated[Mode | None, About("mode the pump runs")] = None
    strokes_made: Annotated[int | None, About("strokes the pump really made, ever", 0, 10**9)] = None
    strokes_counted: Annotated[int | None, About("strokes the pump believes it made, ever", 0, 10**9)] = None
    delivered: Annotated[Mass | None, About("primary drug that left the reservoir by stroke, ever")] = None
    released: Annotated[Mass | None, About("primary drug that left the catheter tip, ever")] = None
    reservoir_true: Annotated[Volume | None, About("what the reservoir holds")] = None
    reservoir_believed: Annotated[Volume | None, About("what the pump believes it holds")] = None
    csf_at_tip_above: Annotated[Concentration | None, About("primary drug in the CSF at the tip level")] = None
    csf_at_tip_below: Annotated[Concentration | None, About("primary drug in the CSF at the tip level")] = None
    score_below: Annotated[Decimal | None, About("pain or Ashworth score beside the patient's level", 0, 10)] = None


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step. Steps are done in the order of the document; their times must not run back."""

    at: Annotated[Duration, About("since the record begins")]
    who: Annotated[Actor, About("who does it")]
    does: Annotated[Deed, About("what is done")]
    therapy: Annotated[Therapy | None, About("the prescription, for programming and staging")] = None
    second_confirmation: Annotated[bool | None, About("the physician confirms separately if asked")] = None
    volume: Annotated[Volume | None, About("what the needle moves, or what is recorded as the new content")] = None
    withdrawn: Annotated[Volume | None, About("what is recorded as drawn out")] = None
    injected: Annotated[Volume | None, About("what is recorded as injected from the syringes")] = None
    recovered: Annotated[Volume | None, About("what is recorded as drawn back to prove the place")] = None
    of: Annotated[Actor | None, About("whose exchange is disturbed: physician or patient")] = None
    exchange: Annotated[int | None, About("which of the next exchanges, the next being 1", 1, 20)] = None
    fault: Annotated[Fault | None, About("what happens to that exchange")] = None
    expect: Annotated[Expect, About("what must be so afterwards")] = Expect()


@dataclass(frozen=True, slots=True)
class ScenarioDocument:
    """A story as written."""

    title: Annotated[str, About("one line for people")]
    source: Annotated[str, About("why the story is told: a published event, a rule of the design")]
    case_file: Annotated[str, About("path of the case document, from the folder of this file")]
    steps: Annotated[tuple[StoryStep, ...], About("what happens, in order")]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with its case."""

    title: str
    source: str
    case: Case
    steps: tuple[StoryStep, ...]


def load_scenario(text: str, read_case: Callable[[str], str]) -> Scenario:
    """The story in a TOML or JSON text; ``read_case`` gives the text of the case document it names.

    Raises DocumentError, one line that names the field, and what ``read_case`` raises.
    """
    found = read(ScenarioDocument, parse(text))
    written = read_case(found.case_file)
    try:
        case = load_case(written)
    except DocumentError as error:
        raise DocumentError(f"case_file: {found.case_file}: {error}") from None
    if isinstance(pump_model(case.system.pump), ConstantFlowPump):
        raise DocumentError("case_file: a constant-flow pump has no programmers; simulate its case instead")
    if not found.steps:
        raise DocumentError("steps: a story needs at least one")
    for index, step in enumerate(found.steps):
        _check(f"steps[{index}]", step)
        if index and step.at < found.steps[index - 1].at:
            raise DocumentError(f"steps[{index}].at: time does not run back")
    return Scenario(found.title, found.source, case, found.steps)


def scenario_schema() -> Mapping[str, Any]:
    """JSON schema of the scenario document, generated from the records in this file."""
    return schema(ScenarioDocument, "Thecal scenario")


def _check(where: str, step: StoryStep) -> None:
    demand = DEMANDS[step.does]
    if step.who not in demand.actors:
        who = " or ".join(actor.value for actor in demand.actors)
        raise DocumentError(f"{where}.who: only the {who} {step.does.value}")
    about_the_step = {"at", "who", "does", "expect"}
    for field in fields(StoryStep):
        given = getattr(step, field.name) is not None
        if field.name in demand.needed and not given:
            raise DocumentError(f"{where}.{field.name}: missing for {step.does.value!r}")
        if given and field.name not in about_the_step | set(demand.needed) | set(demand.allowed):
            raise DocumentError(f"{where}.{field.name}: means nothing for {step.does.value!r}")
    if step.of not in (None, Actor.PHYSICIAN, Actor.PATIENT):
        raise DocumentError(f"{where}.of: only physician and patient have a programmer")
    if step.therapy is not None:
        check_therapy(f"{where}.therapy", step.therapy)
