"""What a clinician decides and what follows from it: prescription, translation, checks, projections, review."""

from thecal.therapy.checks import cannot_program, check
from thecal.therapy.constant_flow import ConstantFlowPlan, concentration_of_dose, constant_flow_plan
from thecal.therapy.derived import Derived, derive
from thecal.therapy.entry import EntryRefused, Field, read_clock, read_count, read_interval, write_clock
from thecal.therapy.findings import Compared, Finding, Verdict
from thecal.therapy.models import PumpInHand, descriptor_of, named_model, pump_in_hand
from thecal.therapy.plan import Plan, plan_of
from thecal.therapy.prescription import (
    BolusOrder,
    Flex,
    FluidComponent,
    MinimumRate,
    Prescription,
    PrescriptionInvalid,
    Regimen,
    SimpleContinuous,
    Stopped,
    TimedDose,
)
from thecal.therapy.profile import Profile, profile_of
from thecal.therapy.projection import Fill, Projection, project
from thecal.therapy.review import Needed, Review, review
from thecal.therapy.rows import Row
from thecal.therapy.schedule import as_prescribed, cannot_prescribe
from thecal.therapy.standing import Standing, standing
from thecal.therapy.translation import CannotTranslate, Doses, Translation, translate

__all__ = [
    "BolusOrder",
    "CannotTranslate",
    "Compared",
    "ConstantFlowPlan",
    "Derived",
    "Doses",
    "EntryRefused",
    "Field",
    "Fill",
    "Finding",
    "Flex",
    "FluidComponent",
    "MinimumRate",
    "Needed",
    "Plan",
    "Prescription",
    "PrescriptionInvalid",
    "Profile",
    "Projection",
    "PumpInHand",
    "Regimen",
    "Review",
    "Row",
    "SimpleContinuous",
    "Standing",
    "Stopped",
    "TimedDose",
    "Translation",
    "Verdict",
    "as_prescribed",
    "cannot_prescribe",
    "cannot_program",
    "check",
    "concentration_of_dose",
    "constant_flow_plan",
    "derive",
    "descriptor_of",
    "named_model",
    "plan_of",
    "profile_of",
    "project",
    "pump_in_hand",
    "read_clock",
    "read_count",
    "read_interval",
    "review",
    "standing",
    "translate",
    "write_clock",
]
