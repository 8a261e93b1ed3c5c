"""A draft: a pending prescription based on what the pump ran when it was interrogated. Every edit is a new draft."""

from __future__ import annotations

from dataclasses import dataclass, replace

from thecal.catalogue.drug_terms import Tolerance
from thecal.device import Program
from thecal.programmer.bridge import BridgeDraft
from thecal.programmer.bridge_review import with_bridge
from thecal.programmer.interrogation import Interrogated
from thecal.quantities import Concentration, Duration, Volume
from thecal.therapy import (
    BolusOrder,
    FluidComponent,
    Prescription,
    Regimen,
    Review,
    SimpleContinuous,
    as_prescribed,
)
from thecal.therapy import review as _review
from thecal.therapy.patient import PatientFacts
from thecal.therapy.prescription import Flex
from thecal.therapy.situation import BridgeOrder, Devices, History


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be programmed. ``based_on`` is the hash of the program it was begun from: the pump compares it.

    From the clinic's records: ``last_infusing``, what ran before the pump was stopped, for the ratio of a restart; the
    patient's tolerance; ``silent_for``, how long no drug has reached the patient; and the serial number this patient's
    pump must have. None: not known.
    """

    prescription: Prescription
    based_on: bytes
    pump_serial: str
    patient_token: str
    last_infusing: Program | None = None
    tolerance: Tolerance | None = None
    silent_for: Duration | None = None
    recorded_serial: str | None = None
    bridge: BridgeDraft | None = None  # None: no bridge bolus is given, and none is unfinished

    def with_regimen(self, regimen: Regimen) -> Draft:
        """Another mode or dose. Raises PrescriptionInvalid; stopping and minimum rate drop the patient bolus."""
        bolus = self.prescription.patient_bolus if isinstance(regimen, SimpleContinuous | Flex) else None
        return self._with(replace(self.prescription, regimen=regimen, patient_bolus=bolus))

    def with_bolus(self, bolus: BolusOrder | None) -> Draft:
        """Another patient bolus, or none. Raises PrescriptionInvalid."""
        return self._with(replace(self.prescription, patient_bolus=bolus))

    def with_low_reservoir(self, level: Volume | None) -> Draft:
        """Another alarm level; None is the model's default."""
        return self._with(replace(self.prescription, low_reservoir=level))

    def with_prescription(self, prescription: Prescription) -> Draft:
        """All of it at once, as a form reads it."""
        return self._with(prescription)

    def with_bridge(self, bridge: BridgeDraft | None) -> Draft:
        """Another word about a bridge bolus."""
        return replace(self, bridge=bridge)

    def _with(self, prescription: Prescription) -> Draft:
        return replace(self, prescription=prescription)


def begin(
    found: Interrogated,
    last_infusing: Program | None = None,
    tolerance: Tolerance | None = None,
    silent_for: Duration | None = None,
    recorded_serial: str | None = None,
) -> Draft:
    """The draft that changes nothing: what the pump runs, for the fluid its reservoir was told to hold.

    What else is known comes from the clinic's records, as ``Draft`` says.
    """
    report = found.report
    fluid = tuple(
        FluidComponent(component.drug, Concentration(component.concentration_ng_per_ml))
        for component in report.status.components
    )
    running = as_prescribed(report.program)
    return Draft(
        prescription=replace(running, components=fluid) if fluid else running,
        based_on=report.program_hash,
        pump_serial=report.pump_serial,
        patient_token=report.patient_token,
        last_infusing=last_infusing,
        tolerance=tolerance,
        silent_for=silent_for,
        recorded_serial=recorded_serial,
    )


def fits(draft: Draft, found: Interrogated) -> str | None:
    """Why the draft may not be sent to the pump as interrogated, in one sentence; None when it may."""
    if found.problem is not None:
        return found.problem
    if (draft.pump_serial, draft.patient_token) != (found.report.pump_serial, found.report.patient_token):
        return "The draft belongs to another pump. Check which patient is here."
    if draft.based_on != found.report.program_hash:
        return "The pump's program changed since this draft was begun. Begin again from what it runs now."
    return None


def review(draft: Draft, found: Interrogated) -> Review:
    """Old and new side by side, with findings. Raises CatalogueError for a pump model the catalogue does not know.

    The program names the drug library the pump was found with: the pump refuses it if that has changed since.
    """
    patient, devices = PatientFacts(tolerance=draft.tolerance), Devices(recorded_serial=draft.recorded_serial)
    history = History(silent_for=draft.silent_for)
    at = found.standing(draft.last_infusing)
    new = None
    if draft.bridge is not None and draft.bridge.left is None:
        new = BridgeOrder(draft.bridge.volume, draft.bridge.duration)
    reviewed = _review(draft.prescription, at, patient, devices, history, new)
    reviewed = with_bridge(reviewed, draft.bridge, found.report.status, at)
    translation, version = reviewed.translation, found.report.status.library_version
    if translation is None or version is None:
        return reviewed
    program = replace(translation.program, library_version=version)
    return replace(reviewed, translation=replace(translation, program=program))
