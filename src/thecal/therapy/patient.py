"""What the checks and calculators may know about the patient. Whatever is not known is None and never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from thecal.catalogue.drug_terms import Tolerance
from thecal.documents import About


class Indication(Enum):
    """What the therapy is for; it decides titration steps and the course of tolerance."""

    CANCER_PAIN = "cancer pain"
    NONCANCER_PAIN = "non-cancer pain"
    SPASTICITY = "spasticity"


class SpasticityOrigin(Enum):
    """Where the spasticity comes from: label tables for baclofen differ."""

    SPINAL = "spinal"
    CEREBRAL = "cerebral"


class Condition(Enum):
    """A condition that changes what may be given or implanted."""

    SLEEP_APNOEA = "sleep apnoea"
    LUNG_DISEASE = "lung disease"
    PSYCHOSIS = "psychosis, now or before"
    INFECTION = "active infection"
    COAGULOPATHY = "untreated coagulopathy"
    CSF_BLOCK = "CSF flow blocked"
    RENAL_FAILURE = "renal failure"
    GRANULOMA = "granuloma, now or before"


class Medicine(Enum):
    """Another medicine the patient takes."""

    SEDATIVE = "sedative"
    SYSTEMIC_OPIOID = "systemic opioid"
    ANTICOAGULANT = "anticoagulant"


class Jurisdiction(Enum):
    """Whose labels apply."""

    US = "US"
    EU = "EU"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """One patient, as far as a plan needs to know."""

    indication: Annotated[Indication | None, About("what the therapy is for")] = None
    origin: Annotated[SpasticityOrigin | None, About("where the spasticity comes from")] = None
    tolerance: Annotated[Tolerance | None, About("opioid tolerance class")] = None
    age_years: Annotated[int | None, About("age in years", 0, 120)] = None
    conditions: Annotated[tuple[Condition, ...], About("conditions that matter here")] = ()
    medicines: Annotated[tuple[Medicine, ...], About("other medicines that matter here")] = ()
    new_neurological_sign: Annotated[bool | None, About("new weakness, sensory or sphincter change")] = None
    jurisdiction: Annotated[Jurisdiction, About("whose labels apply")] = Jurisdiction.US


NOBODY_ASKED = PatientFacts()
