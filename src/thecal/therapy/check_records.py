"""The form of a check document: what is about to be done, the pump as it stands, patient, devices, history.

Where the records of ``situation`` can be written down as they are, they are the document; the others are here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from thecal.documents import About
from thecal.quantities import Duration, Instant, Volume
from thecal.therapy.calculators.catheter.inputs import PieceIn
from thecal.therapy.patient import NOBODY_ASKED, PatientFacts
from thecal.therapy.prescribed import DrugIn, Therapy
from thecal.therapy.situation import NOTHING_BEFORE, BridgeOrder, History, PrimeOrder, RefillOrder


@dataclass(frozen=True, slots=True)
class NewTherapy(Therapy):
    """The prescription that is about to be programmed, and the fluid it is meant for."""

    fluid: Annotated[
        tuple[DrugIn, ...], About("fluid it is meant for; that of the refill or the pump if left out")
    ] = ()


@dataclass(frozen=True, slots=True)
class MriPart:
    """A scan that is planned, and what is left in the reservoir for it."""

    field_tesla: Annotated[str, About("field strength in tesla, such as 1.5")]
    reservoir: Annotated[Volume, About("in the reservoir when the scan begins")]


@dataclass(frozen=True, slots=True)
class PendingPart:
    """Everything that is about to be done in one visit. No prescription: what runs now goes on."""

    prescription: Annotated[NewTherapy | None, About("the new therapy; what runs now goes on if left out")] = None
    refill: Annotated[RefillOrder | None, About("the refill, as it will be told to the pump")] = None
    bridge: Annotated[BridgeOrder | None, About("the bridge bolus, or why none is wanted")] = None
    prime: Annotated[PrimeOrder | None, About("the priming bolus")] = None
    aspirated: Annotated[Volume | None, About("drawn from the access port before anything is pushed")] = None
    refill_interval: Annotated[Duration | None, About("when the next refill is meant to be")] = None
    mri: Annotated[MriPart | None, About("a scan that is planned")] = None
    override_reason: Annotated[str | None, About("reason typed against a warning")] = None


@dataclass(frozen=True, slots=True)
class CurrentPart:
    """The pump as it was interrogated: what it runs and believes."""

    pump: Annotated[str, About("pump model of the catalogue")]
    now: Annotated[Instant, About("when the pump said so")]
    reservoir: Annotated[Volume, About("volume the pump believes it holds")]
    serial: Annotated[str | None, About("serial number the pump answers with, at most 40 characters")] = None
    clock_offset_min: Annotated[int, About("pump clock, minutes from UTC", -840, 840)] = 0
    fluid: Annotated[tuple[DrugIn, ...], About("fluid the pump was told, primary drug first")] = ()
    therapy: Annotated[Therapy | None, About("what runs now; nothing was ever programmed if left out")] = None
    last_therapy: Annotated[Therapy | None, About("what ran before it was stopped")] = None
    last_fluid: Annotated[tuple[DrugIn, ...], About("fluid of the last therapy; the present one if left out")] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of the believed line. No drugs means saline or CSF."""

    volume: Annotated[Volume | None, About("its volume; only the last one may leave it out: all the rest")] = None
    fluid: Annotated[tuple[DrugIn, ...], About("drugs of the fluid")] = ()


@dataclass(frozen=True, slots=True)
class LinePart:
    """What the clinic takes to be in tubing and catheter. No stretches: nobody knows what is in it."""

    tubing: Annotated[Volume | None, About("volume of the tubing; the pump model's newest if left out")] = None
    catheter: Annotated[Volume | None, About("volume of the catheter; the recorded one if left out")] = None
    holds: Annotated[tuple[Stretch, ...], About("fluids from the pump to the tip; unknown if left out")] = ()


@dataclass(frozen=True, slots=True)
class DevicesPart:
    """The system as the clinic's record holds it."""

    recorded_serial: Annotated[str | None, About("serial number in this patient's record")] = None
    pump: Annotated[str | None, About("pump model in this patient's record; the one that answers if left out")] = None
    catheter: Annotated[str | None, About("catheter of the catalogue")] = None
    trimmed_cm: Annotated[Decimal | None, About("length cut off a catheter of one piece, in cm", 0, 200)] = None
    pieces: Annotated[tuple[PieceIn, ...], About("each piece from pump to tip, instead of one trimmed length")] = ()
    catheter_volume: Annotated[Volume | None, About("catheter volume the programmer calculates with")] = None
    tubing_volume: Annotated[Volume | None, About("tubing volume the programmer calculates with")] = None
    volumes_recorded: Annotated[Instant | None, About("when these volumes were recorded")] = None
    revised: Annotated[Instant | None, About("last surgery on catheter or pump")] = None
    line: Annotated[LinePart | None, About("what tubing and catheter are taken to hold")] = None
    shown_replace_by: Annotated[Instant | None, About("replacement date as stated elsewhere")] = None
    implanted: Annotated[Instant | None, About("when the pump was implanted")] = None


@dataclass(frozen=True, slots=True)
class CheckDocument:
    """One plan to be checked."""

    current: Annotated[CurrentPart, About("the pump as it was interrogated")]
    pending: Annotated[PendingPart, About("what is about to be done")]
    title: Annotated[str | None, About("one line for people")] = None
    source: Annotated[str | None, About("where the plan comes from")] = None
    patient: Annotated[PatientFacts, About("what is known of the patient")] = NOBODY_ASKED
    devices: Annotated[DevicesPart, About("the system as recorded")] = DevicesPart()
    history: Annotated[History, About("what went before")] = NOTHING_BEFORE
