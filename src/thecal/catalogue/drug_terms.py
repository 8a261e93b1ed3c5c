"""The closed lists a drug file chooses from."""

from __future__ import annotations

from enum import StrEnum


class DoseUnit(StrEnum):
    """The unit of mass in which doses of a drug are typed and shown."""

    MG = "mg"
    MICROGRAM = "microgram"


class Effect(StrEnum):
    """What it is given for."""

    ANALGESIA = "analgesia"
    SPASTICITY = "spasticity"


class DrugClass(StrEnum):
    """What kind of drug it is; withdrawal, overdose and interactions follow the class."""

    OPIOID = "opioid"
    LOCAL_ANAESTHETIC = "local anaesthetic"
    ALPHA_2_AGONIST = "alpha-2 agonist"
    CALCIUM_CHANNEL_BLOCKER = "N-type calcium channel blocker"
    GABA_B_AGONIST = "GABA-B agonist"


class Status(StrEnum):
    """On whose word the drug is given intrathecally. An unsupported one needs limits from the site."""

    LABEL = "label"
    CONSENSUS = "consensus"
    UNSUPPORTED = "unsupported"
    RESEARCH = "research"


class Solubility(StrEnum):
    """Hydrophilic drugs spread along the canal, lipophilic ones stay near the tip."""

    HYDROPHILIC = "hydrophilic"
    LIPOPHILIC = "lipophilic"


class Authority(StrEnum):
    """Who says a figure."""

    LABEL = "label"
    EU_LABEL = "EU label"
    PACC_2017 = "PACC 2017"
    PACC_2012 = "PACC 2012"
    EXPERT = "expert"
    SITE = "site"
    BUILT_IN = "built-in ceiling"


class Tolerance(StrEnum):
    """Whether the patient is used to opioids."""

    NAIVE = "naive"
    TOLERANT = "tolerant"


class Setting(StrEnum):
    """When a way of changing the dose applies."""

    NON_CANCER = "non-cancer pain"
    CANCER = "cancer pain"
    SPINAL_TITRATION = "spinal spasticity, titration"
    CEREBRAL_TITRATION = "cerebral spasticity, titration"
    SPINAL_MAINTENANCE = "spinal spasticity, maintenance"
    CEREBRAL_MAINTENANCE = "cerebral spasticity, maintenance"
    CHILD_MAINTENANCE = "spasticity, maintenance, under 12 years"
    HIGH_DOSE = "spasticity, high dose"
    US_LABEL = "US label"
    EU_LABEL = "EU label"
    LOW_AND_SLOW = "low and slow"


class Situation(StrEnum):
    """Which fill a stability figure is for."""

    ANY = "any"
    FIRST_FILL = "first fill"
    LATER = "later"
    DILUTED = "diluted"


class Granuloma(StrEnum):
    """How often an inflammatory mass at the tip is reported with the drug."""

    HIGH = "high"
    LOW = "low"
    NONE_REPORTED = "none reported"
