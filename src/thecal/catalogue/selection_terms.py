"""The closed lists of a selection: hard rules, reasons that weigh, ways of making a trial."""

from __future__ import annotations

from enum import StrEnum


class HardRule(StrEnum):
    """What must hold: first of the patient, then of a pump, then of a pump with a catheter."""

    INDICATION = "indication"
    CONSERVATIVE = "conservative"
    PATHOLOGY = "pathology"
    PSYCHOLOGY = "psychology"
    CONSENT = "consent"
    DURATION = "duration"
    BRAIN_INJURY = "brain-injury"
    INFECTION = "H1-infection"
    COAGULOPATHY = "H1-coagulopathy"
    CSF_BLOCK = "H1-csf-block"
    BODY_SIZE = "H1-body-size"
    DEPTH = "H1-depth"
    DRUG = "H1-drug"
    LIFE_EXPECTANCY = "H2-life-expectancy"
    TRIAL = "H3-trial"
    LABEL = "H4-H5-label"
    BOLUS = "H6-bolus"
    PATTERN = "H6-pattern"
    TITRATION = "H6-titration"
    ALARM = "H7-alarm"
    ALTITUDE = "H8-altitude"
    PRESSURE = "H8-pressure"
    PAIRING = "H9-pairing"
    NOT_NAMED = "H9-not-named"
    CONCENTRATION = "H10-concentration"
    THIN = "H10-thin"
    INTERVAL = "H10-interval"
    RUNS = "H10-runs"
    MRI_UNSAFE = "mri-unsafe"
    ON_SALE = "on-sale"


class Reason(StrEnum):
    """What weighs for or against a system that no hard rule excludes."""

    STABLE = "S1-stable"
    REPLACEMENT = "S1-replacement"
    SURVIVAL = "S1-survival"
    COST = "S1-cost"
    SCANS = "S2-frequent"
    SCANS_EMPTY = "S2-empty"
    SCANS_UNREAD = "S2-reading"
    REMOTE = "S3-remote"
    RESERVOIR = "S4-reservoir"
    STRONG = "S5-strong"
    GRANULOMA = "S5-granuloma"
    LABEL = "label"
    HEIGHT = "height"
    REINFORCED = "catheter-reinforced"
    CONNECTOR = "catheter-connector"
    VOLUME = "catheter-volume"


class TrialMethod(StrEnum):
    """Ways of making a trial, and what is to be said of every one."""

    SINGLE_SHOT = "single-shot"
    CONTINUOUS = "continuous"
    ZICONOTIDE = "ziconotide"
    SCREENING = "screening"
    NONE_SUPERIOR = "no-method-superior"
    MAY_BE_SKIPPED = "may-be-skipped"
