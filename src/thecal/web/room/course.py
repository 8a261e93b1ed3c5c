"""What the released drug did along the spine in a window of time: concentrations, dose at the tip, what is felt."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from thecal.bench.body import course_of, score_of
from thecal.bench.case import Case
from thecal.bench.result import Score
from thecal.catalogue.drugs import Drug, drug
from thecal.neuraxis import Samples
from thecal.web.room.followed import Followed
from thecal.web.room.window import Window

FIELDS = (
    *("csf_ng_per_ml", "cord_inner_ng_per_ml", "cord_effect_ng_per_ml", "cisterna_ng_per_ml", "cranial_ng_per_ml"),
    *("brainstem_ng_per_ml", "plasma_ng_per_ml", "given_ng", "excreted_ng", "times_ms"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Bar:
    """Drug that left the tip in one stretch of time."""

    from_ms: int
    to_ms: int
    mass_ng: float


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One drug in the window. ``samples`` and ``score`` hold one reading for each column of the window."""

    window: Window
    drug: Drug
    tip: str
    samples: Samples
    score: Score
    bars: tuple[Bar, ...]


def course_in(case: Case, followed: Followed, window: Window) -> Course:
    """The primary drug of this patient in the window, from everything that ever left the tip.

    The run begins with the first drug, because tolerance grows from there. Raises MassBalanceError.
    """
    primary = drug(case.reservoir.drugs[0].drug)
    columns = window.columns_ms
    first_ms = followed.releases[0].start_ms if followed.releases else columns[0]
    step_ms = columns[1] - columns[0]
    begins_ms = min(first_ms, columns[0] - step_ms)
    before = [begins_ms, columns[0] - step_ms] if begins_ms < columns[0] - step_ms else [begins_ms]
    releases = [each for each in followed.releases if each.end_ms <= columns[-1]]
    whole = course_of(primary.key, case.system.tip, releases, [*before, *columns]).samples
    score = score_of(case, whole)
    kept = len(before)
    return Course(
        window=window,
        drug=primary,
        tip=case.system.tip,
        samples=_from(whole, kept),
        score=replace(score, values=score.values[kept:], relief=score.relief[kept:]),
        bars=_bars(followed, primary.key, window),
    )


def _from(samples: Samples, first: int) -> Samples:
    """The readings from one on."""
    cut = {field: getattr(samples, field)[first:] for field in FIELDS}
    lagged = samples.plasma_effect_ng_per_ml
    return replace(samples, **cut, plasma_effect_ng_per_ml=None if lagged is None else lagged[first:])


def _bars(followed: Followed, key: str, window: Window) -> tuple[Bar, ...]:
    """Each release is counted where it ended."""
    borders = np.array(window.bars_ms)
    ends = np.array([each.end_ms for each in followed.releases], dtype=np.int64)
    first = int(np.searchsorted(ends, borders[0]))
    masses = np.array([float(each.masses.ng(key)) for each in followed.releases[first:]])
    places = np.searchsorted(borders, ends[first:], side="right") - 1
    sums = np.zeros(len(borders))
    inside = places < len(borders)
    np.add.at(sums, places[inside], masses[inside])
    return tuple(
        Bar(int(begin), int(end), float(mass))
        for begin, end, mass in zip(borders[:-1], borders[1:], sums[:-1], strict=True)
    )
