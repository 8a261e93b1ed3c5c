"""What a check looks at beside the prescription: the devices as recorded, what went before, and what else is planned.

Everything may be unknown. A rule that needs what is not known says nothing itself; ``facts-missing`` names it once.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated

from thecal.catalogue.implanted_catheter import ImplantedCatheter
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump
from thecal.catalogue.site import Site
from thecal.documents import About
from thecal.quantities import Concentration, DoseRate, Duration, Instant, Volume
from thecal.therapy.believed import BelievedLine
from thecal.therapy.patient import NOBODY_ASKED, PatientFacts
from thecal.therapy.prescription import Prescription
from thecal.therapy.standing import Standing
from thecal.therapy.written import AS_PRESCRIBED, Written


@dataclass(frozen=True, slots=True)
class Devices:
    """The system as the clinic's record holds it; the pump itself speaks through ``Standing``."""

    model: ProgrammablePump | ConstantFlowPump | None = None
    recorded_serial: str | None = None  # in this patient's record; the interrogated pump must carry the same
    catheter: ImplantedCatheter | None = None
    catheter_volume: Volume | None = None  # the figure the programmer calculates with
    tubing_volume: Volume | None = None  # the constant the programmer calculates with
    volumes_recorded: Instant | None = None
    revised: Instant | None = None  # last surgery on catheter or pump
    line: BelievedLine | None = None
    shown_replace_by: Instant | None = None  # as another programmer or a report states it
    implanted: Instant | None = None
    site: Site | None = None


class Response(Enum):
    """What a dose step did."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class DoseThen:
    """A 24-hour dose of the primary drug that was set before, and what it did."""

    at: Annotated[Instant, About("when it was set")]
    daily_dose: Annotated[DoseRate, About("24-hour dose of the primary drug")]
    response: Annotated[Response | None, About("what it did for the patient")] = None


@dataclass(frozen=True, slots=True)
class RefillThen:
    """An earlier refill: what the last one left there, what was expected, what came out."""

    at: Annotated[Instant, About("when it was refilled")]
    filled_before: Annotated[Volume, About("filled at the refill before this one")]
    expected: Annotated[Volume, About("expected in the reservoir")]
    withdrawn: Annotated[Volume, About("drawn out")]


@dataclass(frozen=True, slots=True)
class History:
    """What went before, oldest first."""

    doses: Annotated[tuple[DoseThen, ...], About("earlier 24-hour doses, oldest first")] = ()
    refills: Annotated[tuple[RefillThen, ...], About("earlier refills, oldest first")] = ()
    silent_for: Annotated[Duration | None, About("how long no drug has reached the patient, as far as is known")] = None
    catheter_imaged: Annotated[bool | None, About("catheter position and patency shown since the last steps")] = None


@dataclass(frozen=True, slots=True)
class LabelReading:
    """One drug as a person read it on the syringe label."""

    drug: Annotated[str, About("drug as on the label")]
    concentration: Annotated[Concentration, About("concentration as on the label")]


@dataclass(frozen=True, slots=True)
class RefillOrder:
    """What is about to be told to the pump about a refill, and what was seen doing it.

    ``filled`` is all the reservoir then holds; ``injected`` what the syringes held.
    """

    withdrawn: Annotated[Volume, About("drawn out of the reservoir")]
    filled: Annotated[Volume, About("told to the pump as the new reservoir volume")]
    fluid: Annotated[tuple[LabelReading, ...], About("fluid told to the pump, primary drug first")]
    injected: Annotated[Volume | None, About("injected from the syringes")] = None
    read_again: Annotated[tuple[LabelReading, ...], About("the same label, read by a second person")] = ()
    recovered: Annotated[Volume | None, About("drawn back out of the first part injected, to prove the place")] = None
    assayed: Annotated[tuple[LabelReading, ...], About("concentrations found by assay")] = ()
    filled_before: Annotated[Volume | None, About("filled at the refill before this one")] = None


class AfterInterruption(Enum):
    """What to do with a bridge that was interrupted."""

    CONTINUE = "continue"
    RESTART = "restart"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class BridgeOrder:
    """A bridge bolus as it would be programmed, or the reason why none is wanted."""

    volume: Annotated[Volume | None, About("volume of old fluid to move at the bridge rate")] = None
    duration: Annotated[Duration | None, About("how long it takes")] = None
    declined_because: Annotated[str | None, About("why no bridge is wanted, typed by a person")] = None


@dataclass(frozen=True, slots=True)
class PrimeOrder:
    """A priming bolus as it would be programmed."""

    volume: Annotated[Volume, About("volume to push")]


@dataclass(frozen=True, slots=True)
class MriPlan:
    """A scan that is planned, and what is left in the reservoir for it."""

    field_tesla: Decimal
    reservoir: Volume


@dataclass(frozen=True, slots=True)
class Pending:
    """Everything that is about to be done: the prescription, and what goes with it in the same visit."""

    prescription: Prescription
    refill: RefillOrder | None = None
    bridge: BridgeOrder | None = None
    prime: PrimeOrder | None = None
    aspirated: Volume | None = None  # drawn from the access port before anything is pushed
    refill_interval: Duration | None = None  # what the clinician intends
    mri: MriPlan | None = None
    override_reason: str | None = None
    written: Written = AS_PRESCRIBED  # where a document states the therapy and its fluid


NOTHING_RECORDED = Devices()
NOTHING_BEFORE = History()


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a check is given."""

    pending: Pending
    current: Standing  # as interrogated
    patient: PatientFacts = NOBODY_ASKED
    devices: Devices = NOTHING_RECORDED
    history: History = NOTHING_BEFORE
