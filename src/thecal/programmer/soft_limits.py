"""Soft limits of the pump's drug library: what a program passes, in words, and that a person accepts each of them.

The pump names them when a program is staged. An acknowledgement carries the very words, value and limit included, so
that one given for another value never counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from thecal.catalogue.drugs import drug
from thecal.catalogue.sourced import CatalogueError
from thecal.device import Limited, SoftLimit
from thecal.quantities import Concentration, DoseRate, Mass
from thecal.therapy import Needed
from thecal.therapy.showing import amount_text

RULE = "drug-library"


def soft_limit_words(passed: SoftLimit) -> str:
    """``morphine daily dose 12 mg/day, soft limit 10 mg/day``."""
    name, _ = name_and_unit(passed.drug)
    return f"{name} {passed.what.value} {_figure(passed, passed.value)}, soft limit {_figure(passed, passed.limit)}"


def acknowledgements_needed(passed: Iterable[SoftLimit]) -> tuple[Needed, ...]:
    """One for each soft limit that a staged program passes."""
    return tuple(
        Needed(RULE, words, separate=False, words=f"The pump's drug library: {words}.", ratio=None)
        for words in map(soft_limit_words, passed)
    )


def name_and_unit(key: str) -> tuple[str, str]:
    """How a drug is called and in which unit its doses are told; an unknown drug keeps its name, in mg."""
    try:
        known = drug(key)
    except CatalogueError:
        return key, "mg"
    return known.display, known.dose_unit


def _figure(passed: SoftLimit, count: int) -> str:
    _, unit = name_and_unit(passed.drug)
    match passed.what:
        case Limited.CONCENTRATION:
            return amount_text(Concentration(count), f"{unit}/mL")
        case Limited.DAILY_DOSE:
            return amount_text(DoseRate(count), f"{unit}/day")
        case Limited.BOLUS_DOSE:
            return amount_text(Mass(count), unit)
        case Limited.STEP_UP:
            return f"{count} %"
