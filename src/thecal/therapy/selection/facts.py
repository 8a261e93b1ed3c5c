"""What a selection may be told. Whatever is not known is left out, stays unknown, and is named in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated

from thecal.catalogue.lines import Spread
from thecal.documents import About
from thecal.quantities import DoseRate
from thecal.therapy.patient import Condition, Indication, Jurisdiction


class Cause(Enum):
    """What the spasticity comes from."""

    BRAIN_INJURY = "brain injury"
    SPINAL_CORD_INJURY = "spinal cord injury"
    MULTIPLE_SCLEROSIS = "multiple sclerosis"
    CEREBRAL_PALSY = "cerebral palsy"
    STROKE = "stroke"
    OTHER = "other"


class CancerStage(Enum):
    """Categories of cancer pain of the consensus."""

    PALLIATION = "palliation"
    STABLE = "stable, recurrence likely"
    REMISSION = "remission"


class Psychology(Enum):
    """What the psychological evaluation found."""

    CLEARED = "no objection"
    OBJECTED = "objection"
    ADDICTION = "untreated addiction"


class Scans(Enum):
    """How often the patient will be in a magnetic resonance scanner."""

    NONE = "none expected"
    SOMETIMES = "sometimes"
    OFTEN = "often"


@dataclass(frozen=True, slots=True)
class Patient:
    """Why a pump is thought of, and what else is the matter."""

    indication: Annotated[Indication | None, About("what the therapy is for")] = None
    cause: Annotated[Cause | None, About("what the spasticity comes from")] = None
    injured_months_ago: Annotated[int | None, About("months since the brain injury", 0, 1_200)] = None
    stage: Annotated[CancerStage | None, About("category of cancer pain")] = None
    spread: Annotated[Spread | None, About("whether the pain is localized or diffuse")] = None
    conditions: Annotated[
        tuple[Condition, ...] | None, About("conditions that matter here; an empty list if there are none")
    ] = None
    life_expectancy_months: Annotated[int | None, About("life expectancy in months", 0, 1_200)] = None
    expected_duration_months: Annotated[int | None, About("months the pain is expected to go on", 0, 1_200)] = None
    conservative_failed: Annotated[bool | None, About("less invasive treatment failed or was not tolerated")] = None
    pathology_shown: Annotated[bool | None, About("cause of the pain shown, or severe spasticity diagnosed")] = None
    psychology: Annotated[Psychology | None, About("psychological evaluation")] = None
    consents: Annotated[bool | None, About("patient or family consents and will come to refills")] = None
    room_for_pump: Annotated[bool | None, About("the body has room for a pump")] = None
    depth_cm: Annotated[Decimal | None, About("depth of the pump under the skin, in cm", 0, 20)] = None


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The trial, as far as there was one."""

    done: Annotated[bool | None, About("whether a trial was made")] = None
    relief_percent: Annotated[int | None, About("pain relief in per cent", 0, 100)] = None
    intolerable_effects: Annotated[bool | None, About("effects that could not be borne")] = None
    responded: Annotated[bool | None, About("spasticity answered a screening dose")] = None


@dataclass(frozen=True, slots=True)
class WantedDrug:
    """One drug that is to be given."""

    drug: Annotated[str, About("drug of the catalogue")]
    daily_dose: Annotated[DoseRate | None, About("24-hour dose that is expected")] = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What the therapy asks of a pump."""

    drugs: Annotated[tuple[WantedDrug, ...], About("wanted drugs, primary drug first")] = ()
    patient_bolus: Annotated[bool | None, About("the patient needs a bolus on request")] = None
    day_night_pattern: Annotated[bool | None, About("the dose must differ over the day")] = None
    frequent_titration: Annotated[bool | None, About("the dose will be changed often")] = None
    stable_dose: Annotated[bool | None, About("the dose is known and stable")] = None
    shortest_interval_days: Annotated[
        int | None, About("shortest refill interval the patient accepts, in days; the clinic's own if left out", 1, 365)
    ] = None
    scans: Annotated[Scans | None, About("magnetic resonance scans to be expected")] = None
    read_after_scan: Annotated[bool | None, About("the pump can be read after every scan")] = None
    on_sale_only: Annotated[bool, About("only models that are still sold")] = False


@dataclass(frozen=True, slots=True)
class Life:
    """How the patient lives."""

    home_altitude_m: Annotated[int | None, About("height of home, in m", -400, 6_000)] = None
    visited_altitude_m: Annotated[
        int | None, About("height visited again and again, in m; that of home if there is none", -400, 6_000)
    ] = None
    flies_often: Annotated[bool | None, About("flies again and again")] = None
    diving_depth_m: Annotated[int | None, About("depth of diving, in m; 0 for none", 0, 100)] = None
    hyperbaric: Annotated[bool | None, About("hyperbaric treatment to be expected")] = None
    comes_reliably: Annotated[bool | None, About("comes to every visit")] = None
    far_from_clinic: Annotated[bool | None, About("lives too far away to come for a change of dose")] = None
    avoids_replacement: Annotated[bool | None, About("an operation to replace the pump would be borne badly")] = None
    cost_limited: Annotated[bool | None, About("cost limits the choice")] = None


@dataclass(frozen=True, slots=True)
class Prices:
    """The user's own prices, all in one currency; none is known to the catalogue."""

    currency: Annotated[str, About("currency of every price")]
    years: Annotated[int, About("years to look at", 1, 50)]
    implantation: Annotated[Decimal, About("first implantation, without the pump", 0, 10_000_000)]
    refill_visit: Annotated[Decimal, About("one refill visit", 0, 10_000_000)]
    fill: Annotated[Decimal, About("the drug of one fill", 0, 10_000_000)]
    revision: Annotated[Decimal, About("one revision of the catheter", 0, 10_000_000)]
    programmable_pump: Annotated[
        Decimal | None, About("a programmable pump, with the operation when it is replaced", 0, 10_000_000)
    ] = None
    constant_flow_pump: Annotated[Decimal | None, About("a constant-flow pump", 0, 10_000_000)] = None
    dose_changes_per_year: Annotated[int, About("changes of the dose between refills, a year", 0, 100)] = 0
    programming_visit: Annotated[Decimal | None, About("one visit to change a program", 0, 10_000_000)] = None


@dataclass(frozen=True, slots=True)
class SelectionInputs:
    """One patient, as far as is known."""

    jurisdiction: Annotated[Jurisdiction | None, About("whose labels apply")] = None
    patient: Annotated[Patient, About("the patient")] = Patient()
    trial: Annotated[TrialResult, About("the trial")] = TrialResult()
    needs: Annotated[Needs, About("what the therapy asks of a pump")] = Needs()
    life: Annotated[Life, About("how the patient lives")] = Life()
    prices: Annotated[Prices | None, About("prices, where cost is to be worked out")] = None
