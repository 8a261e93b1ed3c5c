"""What a case document says: one patient, one system, one therapy; its form only (``case`` loads and checks it)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated

from thecal.catalogue.sourced import Confidence
from thecal.documents import About
from thecal.quantities import Duration, Instant, Volume
from thecal.therapy.patient import Indication
from thecal.therapy.prescribed import DrugIn, Therapy


class Expected(Enum):
    """How an act at the pump ended, or is expected to end."""

    VERIFIED = "verified"  # applied, read back, and what was read back agrees
    NOT_VERIFIED = "applied, not verified"
    SECOND_CONFIRMATION = "second confirmation needed"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the answer was lost: only a query can tell


@dataclass(frozen=True, slots=True)
class Source:
    """Where the therapy was published, and how far that carries."""

    citation: Annotated[str, About("reference: authors, year, journal")]
    confidence: Annotated[Confidence, About("how far the published figures were read")]
    taken: Annotated[str, About("which figures are the paper's")]
    chosen: Annotated[str, About("which figures this project chose")]


@dataclass(frozen=True, slots=True)
class Person:
    """A fictional patient. The score is the one without intrathecal drug."""

    name: Annotated[str, About("fictional display name")]
    born: Annotated[date, About("calendar day")]
    indication: Annotated[Indication, About("what the therapy is for")]
    pain_without_drug: Annotated[Decimal | None, About("numeric rating scale", 0, 10)] = None
    ashworth_without_drug: Annotated[Decimal | None, About("mean Ashworth score", 0, 4)] = None
    level: Annotated[str | None, About("vertebral level beside which relief is scored; the tip level if left out")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class System:
    """What is implanted."""

    pump: Annotated[str, About("pump model of the catalogue")]
    serial: Annotated[str, About("serial number, 1 to 40 printable ASCII characters")]
    catheter: Annotated[str, About("catheter of the catalogue")]
    trimmed_cm: Annotated[Decimal, About("length cut off at implantation, in cm", 0, 200)]
    tip: Annotated[str, About("vertebral level of the catheter tip")]


@dataclass(frozen=True, slots=True)
class Reservoir:
    """What is in the pump when the record begins, primary drug first."""

    volume: Annotated[Volume, About("true volume, residual included")]
    drugs: Annotated[tuple[DrugIn, ...], About("drugs of the fluid, primary drug first")]


@dataclass(frozen=True, slots=True)
class Line:
    """What fills pump tubing and catheter when the record begins; no drugs means saline or CSF."""

    drugs: Annotated[tuple[DrugIn, ...], About("drugs of the fluid")] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What the physician does later."""

    after: Annotated[Duration, About("since the record begins")]
    therapy: Annotated[Therapy, About("the new prescription")]
    second_confirmation: Annotated[bool, About("the physician gives the separate confirmation if asked")] = False
    expect: Annotated[Expected, About("how the change must end")] = Expected.VERIFIED


@dataclass(frozen=True, slots=True)
class Ask:
    """The patient asks for the prescribed bolus."""

    after: Annotated[Duration, About("since the record begins")]


@dataclass(frozen=True, slots=True)
class Case:
    """One patient, one system, one therapy, for a length of time."""

    id: Annotated[str, About("short name in lower case, unique among cases")]
    title: Annotated[str, About("one line for people")]
    source: Annotated[Source, About("where the therapy was published")]
    patient: Annotated[Person, About("who is treated")]
    system: Annotated[System, About("what is implanted")]
    reservoir: Annotated[Reservoir, About("what the pump holds")]
    starts: Annotated[Instant, About("bench time at which the record begins")]
    duration: Annotated[Duration, About("how long to simulate")]
    line: Annotated[Line, About("what fills tubing and catheter")] = Line()
    clock_offset_min: Annotated[int, About("pump clock, minutes from UTC", -840, 840)] = 0
    therapy: Annotated[Therapy | None, About("none for a constant-flow pump")] = None
    changes: Annotated[tuple[Change, ...], About("what the physician does later")] = ()
    requests: Annotated[tuple[Ask, ...], About("when the patient asks for a bolus")] = ()
