"""What a simulation found: truth and belief at chosen moments, what people did, and the drug along the spine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thecal.bench.case_records import Case, Expected
from thecal.column import Fluid, Masses
from thecal.handheld import Answer
from thecal.neuraxis import Samples

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moment:
    """Truth and belief at one moment of bench time. What the pump believes is None for a pump that believes nothing."""

    at_ms: int
    reservoir_nl: int
    believed_nl: int | None
    strokes_made: int
    strokes_counted: int | None
    basal_nl_per_day: int  # as programmed at this moment; the flow of a constant-flow pump
    bolus_runs: bool
    at_tip: Fluid  # what would leave the tip next
    given: Masses  # left the reservoir so far
    released: Masses  # left the tip so far


@dataclass(frozen=True, slots=True)
class Happening:
    """What somebody did, and what came of it: how it ended, and the programmer's own words for it."""

    at_ms: int
    who: str
    what: str
    ended: Expected | Answer
    words: str

    @property
    def outcome(self) -> str:
        """Ending and words, for a line of text."""
        return f"{self.ended.value}: {self.words}"


@dataclass(frozen=True, slots=True)
class Unmet:
    """A change that did not end as the case expects."""

    at_ms: int
    expected: Expected
    found: Expected
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class DrugCourse:
    """One drug along the spine at every moment of the result."""

    drug: str
    samples: Samples


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """What the patient feels, scored beside one vertebral level at every moment of the result."""

    name: str
    without_drug: float
    worst: float  # the end of its scale; 0 is the best
    level: str
    values: FloatArray
    relief: FloatArray  # [time, cord cell], between 0 and 1
    respiratory: FloatArray | None  # depression of breathing between 0 and 1; None for a drug without a model of it
    breathing_tolerance_end: float = 1.0  # by how much the concentration needed for it has grown at the end; 1: naive


@dataclass(frozen=True, slots=True, eq=False)
class SimulationResult:
    """Everything a table, a document or a figure shows."""

    case: Case
    moments: tuple[Moment, ...]
    happenings: tuple[Happening, ...]
    unmet: tuple[Unmet, ...]
    courses: tuple[DrugCourse, ...]  # primary drug first
    score: Score
    stroke_nl: int  # 0 for a constant-flow pump
    line_nl: int
    fluid_is_balanced: bool  # exactly
    neuraxis_error: float  # |drug the spine was given - drug the tip released| / released, the largest of all drugs

    @property
    def as_expected(self) -> bool:
        """Whether every change ended as the case says."""
        return not self.unmet

    @property
    def primary(self) -> DrugCourse:
        """The drug the therapy is prescribed by."""
        return self.courses[0]
