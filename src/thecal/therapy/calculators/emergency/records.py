"""What the emergency facts are asked with, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from thecal.catalogue.drugs import Drug
from thecal.catalogue.emergency import Order
from thecal.catalogue.pumps import Pump
from thecal.catalogue.quoted import Span
from thecal.documents import About
from thecal.quantities import DoseRate, Duration, Instant, Mass, Volume
from thecal.therapy.believed import BelievedLine
from thecal.therapy.prescribed import DrugIn, Therapy


@dataclass(frozen=True, slots=True)
class LineStretch:
    """One stretch of the line. No drugs means saline or CSF."""

    volume: Annotated[Volume, About("its volume")]
    fluid: Annotated[tuple[DrugIn, ...], About("drugs of the fluid")] = ()


@dataclass(frozen=True, slots=True)
class EmergencyInputs:
    """The pump as it was last known."""

    pump: Annotated[str, About("pump model of the catalogue")]
    at: Annotated[Instant, About("time of these data")]
    reservoir: Annotated[Volume, About("believed to be in the reservoir at that time")]
    fluid: Annotated[tuple[DrugIn, ...], About("drugs of the fluid in the reservoir, primary drug first")]
    therapy: Annotated[Therapy | None, About("what runs; none for a constant-flow pump")] = None
    clock_offset_min: Annotated[int, About("pump clock, minutes from UTC", -840, 840)] = 0
    catheter_volume: Annotated[Volume | None, About("catheter volume; without it the line is not known")] = None
    tubing_volume: Annotated[Volume | None, About("tubing volume, where the clinic knows it better")] = None
    line: Annotated[
        tuple[LineStretch, ...], About("what is in the line, pump end first; the reservoir's fluid if left out")
    ] = ()


@dataclass(frozen=True, slots=True)
class Supply:
    """What the pump gives of every drug of its fluid, primary drug first, and until when it can.

    ``greatest``: with every effective bolus, as ``worst_case_empty``. An instant is None where it never comes.
    """

    daily: tuple[DoseRate, ...]
    greatest: tuple[DoseRate, ...]
    alarm: Instant | None
    empty: Instant | None
    worst_case_empty: Instant | None


@dataclass(frozen=True, slots=True)
class DrugThere:
    """One drug: how much is where (rounded up), and what the pump gives of it. None: not known.

    ``csf``: the volume to withdraw after an overdose; None where nobody publishes one.
    """

    known: Drug
    in_reservoir: Mass
    in_line: Mass | None
    daily: DoseRate | None
    greatest: DoseRate | None
    csf: Span[Volume] | None


@dataclass(frozen=True, slots=True)
class EmergencyFacts:
    """The sheet. Times left are rounded down; None where they never come, or the therapy told cannot run here."""

    at: Instant
    model: Pump
    drugs: tuple[DrugThere, ...]
    line: BelievedLine | None
    to_alarm: Duration | None
    to_empty: Duration | None
    to_empty_with_boluses: Duration | None
    orders: tuple[Order, ...]
