"""What a drug entry is made of: limits, starts, trials, steps, stability, rinse, codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from thecal.catalogue.drug_terms import Authority, Setting, Situation, Tolerance
from thecal.catalogue.quoted import Quoted, Span
from thecal.catalogue.sourced import Confidence
from thecal.quantities import Concentration, DoseRate, Duration, Mass, Volume

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Limits(Generic[A]):
    """One quantity limited by several authorities, none of them merged; None where one says nothing.

    ``label``: what is labelled, or above which the label warns. ``consensus`` and ``consensus_before``: PACC 2017 and
    PACC 2012. ``site``: what a site file adds. ``hard``: the built-in ceiling of this project.
    """

    label: Quoted[A] | None
    consensus: Quoted[A] | None
    consensus_before: Quoted[A] | None
    site: Quoted[A] | None
    hard: Quoted[A] | None

    def named(self) -> Iterator[tuple[Authority, Quoted[A]]]:
        """Each limit there is with who says it: label, PACC 2017, PACC 2012, site, built-in ceiling."""
        held = (
            (Authority.LABEL, self.label),
            (Authority.PACC_2017, self.consensus),
            (Authority.PACC_2012, self.consensus_before),
            (Authority.SITE, self.site),
            (Authority.BUILT_IN, self.hard),
        )
        return ((authority, limit) for authority, limit in held if limit is not None)


@dataclass(frozen=True, slots=True)
class Start:
    """A first 24-hour dose; ``tolerance`` None: for anyone. Equal ends: the source gives only a highest start."""

    authority: Authority
    tolerance: Tolerance | None
    dose: Span[DoseRate]


@dataclass(frozen=True, slots=True)
class StartFromTrial:
    """The first 24-hour dose as a multiple of the effective trial or screening dose.

    ``multiple_after_long_effect`` holds instead when the trial dose worked longer than ``long_effect``.
    """

    authority: Authority
    multiple: Quoted[Fraction]
    multiple_after_long_effect: Quoted[Fraction] | None
    long_effect: Quoted[Duration] | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A single trial dose."""

    authority: Authority
    dose: Span[Mass]


@dataclass(frozen=True, slots=True)
class Titration:
    """How the 24-hour dose is changed in one setting.

    ``up`` and ``down`` are shares of the present dose, ``up_dose`` the largest absolute step. ``interval`` is the
    shortest time between steps, ``usual_interval`` the advised one, ``first_after`` how long after the start the first
    step may come. ``ceiling`` may be reached by ``ceiling_after`` at the earliest. ``usual`` is where doses settle.
    """

    setting: Setting
    authority: Authority
    start: Span[DoseRate] | None
    up: Span[Fraction] | None
    up_dose: Quoted[DoseRate] | None
    down: Span[Fraction] | None
    interval: Quoted[Duration] | None
    usual_interval: Quoted[Duration] | None
    first_after: Quoted[Duration] | None
    ceiling: Quoted[DoseRate] | None
    ceiling_after: Quoted[Duration] | None
    usual: Span[DoseRate] | None


@dataclass(frozen=True, slots=True)
class Stability:
    """How long a fill of the drug alone may stay in the pump."""

    situation: Situation
    days: Quoted[Duration]


@dataclass(frozen=True, slots=True)
class Rinse:
    """Rinses of a pump that never held the drug, before its first fill, each with the drug at ``concentration``."""

    times: Quoted[Fraction]
    volume: Quoted[Volume]
    concentration: Quoted[Concentration]


@dataclass(frozen=True, slots=True)
class Code:
    """A bare code of a public system, without the wording that system licenses."""

    system: str
    code: str
    confidence: Confidence
