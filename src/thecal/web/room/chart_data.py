"""The charts as data a script only has to draw: positions, colours by step, and every number as it is written."""

from __future__ import annotations

from base64 import b64encode
from math import floor, log10

import numpy as np

from thecal.bench.written import NG_PER, mass_text, three_digits
from thecal.catalogue.drugs import Drug
from thecal.quantities import Instant
from thecal.therapy.showing import moment_text
from thecal.web.room.course import Course
from thecal.web.room.palette import COLOURS

DECADES = 2  # of concentration, from black to the brightest
LABELLED = ("C1", "C4", "T1", "T4", "T7", "T10", "L1", "L4", "S2")
LEAST_NG_PER_ML = 1e-18  # less than one molecule in the whole CSF: nothing
CLOSEST_CELLS = 3  # a label nearer than this to that of the tip is left out
_MARKS = (1.0, 5.0, 20.0, 100.0)  # times the darkest


def ceiling_ng_per_ml(highest: float) -> float:
    """1, 2 or 5 times a power of ten, not below the highest reading: the scale moves seldom."""
    if not highest > LEAST_NG_PER_ML:
        return 1_000.0
    decade = 10.0 ** floor(log10(highest))
    return next(step * decade for step in (1, 2, 5, 10) if highest <= step * decade)


def shades(ng_per_ml: np.ndarray, ceiling: float) -> np.ndarray:
    """Steps of colour from 0 to 255, even in the logarithm over some decades below the ceiling."""
    share = 1 + np.log10(np.maximum(ng_per_ml, ceiling * 10.0**-DECADES) / ceiling) / DECADES
    return np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)


def concentration_text(ng_per_ml: float) -> str:
    """In ng/mL below a thousand, then in microgram/mL, then in mg/mL."""
    if ng_per_ml < 1_000:
        return f"{three_digits(ng_per_ml)} ng/mL"
    if ng_per_ml < 1_000_000:
        return f"{three_digits(ng_per_ml / 1_000)} microgram/mL"
    return f"{three_digits(ng_per_ml / 1_000_000)} mg/mL"


def chart_data(course: Course) -> dict[str, object]:
    """Everything the three charts need."""
    window, samples = course.window, course.samples
    csf = samples.csf_ng_per_ml
    ceiling = ceiling_ng_per_ml(float(csf.max(initial=0)))
    times = [window.civil_s(at) for at in window.columns_ms]
    return {
        "times": times,
        "moments": [moment_text(Instant(at), window.offset_min) for at in window.columns_ms],
        "marks": {"at": [window.civil_s(at) for at, _ in window.marks], "text": [text for _, text in window.marks]},
        "heat": {
            "rows": csf.shape[1],
            "columns": csf.shape[0],
            "shades": b64encode(shades(csf, ceiling).tobytes()).decode("ascii"),
            "texts": _by_level(course),
            "palette": COLOURS,
            "levels": {
                "at": [cell + 0.5 for _, cell in labelled(course)],
                "text": [f"tip {name}" if name == course.tip else name for name, _ in labelled(course)],
            },
            "cells": [_nearest(cell, samples.spine.levels) for cell in range(csf.shape[1])],
            "tip": samples.spine.tip_cell + 0.5,
        },
        "dose": _dose(course),
        "score": {
            "name": course.score.name,
            "level": course.score.level,
            "at": [float(value) for value in course.score.values],
            "texts": [f"{value:.1f}" for value in course.score.values],
            "without": course.score.without_drug,
            "highest": course.score.worst,
        },
    }


def labelled(course: Course) -> tuple[tuple[str, int], ...]:
    """The levels that are named beside a spine, and the tip's in any case."""
    spine = course.samples.spine
    return tuple(
        (name, cell)
        for name, cell in spine.levels
        if name == course.tip or (name in LABELLED and abs(cell - spine.tip_cell) >= CLOSEST_CELLS)
    )


def legend(course: Course) -> list[tuple[str, str]]:
    """The colour scale: a colour and what it stands for, darkest first."""
    ceiling = ceiling_ng_per_ml(float(course.samples.csf_ng_per_ml.max(initial=0)))
    lowest = ceiling * 10.0**-DECADES
    values = [lowest * factor for factor in _MARKS]
    return [
        (COLOURS[int(shade)], f"{'≤ ' if value == lowest else ''}{concentration_text(value)}")
        for value, shade in zip(values, shades(np.array(values), ceiling), strict=True)
    ]


def _dose(course: Course) -> dict[str, object]:
    unit, window = course.drug.dose_unit, course.window
    amounts = [bar.mass_ng / NG_PER[unit] for bar in course.bars]
    return {
        "unit": unit,
        "per": window.span.bar_words,
        "times": [window.civil_s(bar.from_ms) for bar in course.bars] + [window.civil_s(course.bars[-1].to_ms)],
        "amounts": [*amounts, amounts[-1]],
        "texts": [
            f"{three_digits(amount)} {unit}{' so far' if bar.to_ms > window.to_ms else ''}"
            for amount, bar in zip(amounts, course.bars, strict=True)
        ],
        "highest": max(amounts, default=0.0),
    }


def _by_level(course: Course) -> dict[str, list[str]]:
    """For each level the concentration at every column, as text."""
    csf = course.samples.csf_ng_per_ml
    return {
        name: [concentration_text(float(value)) for value in csf[:, cell]] for name, cell in course.samples.spine.levels
    }


def _nearest(cell: int, levels: tuple[tuple[str, int], ...]) -> str:
    return min(levels, key=lambda level: abs(level[1] - cell))[0]


def amount_of(drug: Drug, ng: float) -> str:
    """An amount of drug in its own unit, three figures."""
    return f"{mass_text(ng, drug.dose_unit)} {drug.dose_unit}"
