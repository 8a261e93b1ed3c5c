"""The pump opened, the line, and the spine as it is now: where each thing is drawn and in which colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thecal.column import Column, Fluid
from thecal.web.room.chart_data import ceiling_ng_per_ml, labelled, shades
from thecal.web.room.course import Course
from thecal.web.room.palette import COLOURS

CHAMBER_TOP, CHAMBER_HEIGHT = 420.0, 180.0  # of the reservoir, in the units of the drawing
SPINE_TOP, SPINE_HEIGHT = 28.0, 744.0
LINE_LENGTH = 1000.0  # the line is drawn as a path of this nominal length
STROKES_PER_TURN = 6  # the rotor has three rollers and shows a sixth of a turn for each stroke


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one fluid in the line, pump end first."""

    begins: float
    length: float
    drug_share: float  # its concentration against that of the reservoir or the strongest stretch


@dataclass(frozen=True, slots=True)
class Slice:
    """One cell of the spine."""

    y: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class LevelMark:
    """A vertebral level beside the spine."""

    name: str
    y: float
    is_tip: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Numbers of the drawing, ready to be set."""

    true_y: float
    true_height: float
    believed_y: float | None
    fluid_share: float
    stretches: tuple[Stretch, ...]
    fronts: tuple[float, ...]
    rotor_deg: int
    slices: tuple[Slice, ...]
    levels: tuple[LevelMark, ...]
    tip_y: float


def drawing(
    course: Course, line: Column, reservoir: tuple[int, int, Fluid], believed_nl: int | None, strokes: int
) -> Drawing:
    """``reservoir``: true volume, capacity (nL) and fluid."""
    volume_nl, capacity_nl, fluid = reservoir
    strongest = max(_strength(fluid), *(_strength(each.fluid) for each in line.segments), 1.0)
    true_height = CHAMBER_HEIGHT * volume_nl / capacity_nl
    cells = course.samples.spine.grid.cells
    height = SPINE_HEIGHT / cells
    csf = course.samples.csf_ng_per_ml
    named = labelled(course)
    now = shades(csf[-1], ceiling_ng_per_ml(float(csf.max(initial=0))))
    return Drawing(
        true_y=round(CHAMBER_TOP + CHAMBER_HEIGHT - true_height, 1),
        true_height=round(true_height, 1),
        believed_y=None
        if believed_nl is None
        else round(CHAMBER_TOP + CHAMBER_HEIGHT * (1 - believed_nl / capacity_nl), 1),
        fluid_share=_strength(fluid) / strongest,
        stretches=_stretches(line, strongest),
        fronts=tuple(round(LINE_LENGTH * front.from_pump_nl / line.volume_nl, 1) for front in line.fronts),
        rotor_deg=strokes % STROKES_PER_TURN * (360 // STROKES_PER_TURN),
        slices=tuple(
            Slice(round(SPINE_TOP + cell * height, 1), round(height + 0.6, 1), COLOURS[int(shade)])
            for cell, shade in enumerate(now)
        ),
        levels=tuple(
            LevelMark(name, round(SPINE_TOP + (cell + 0.5) * height, 1), name == course.tip, (name, cell) in named)
            for name, cell in course.samples.spine.levels
        ),
        tip_y=round(SPINE_TOP + (course.samples.spine.tip_cell + 0.5) * height, 1),
    )


def _stretches(line: Column, strongest: float) -> tuple[Stretch, ...]:
    found, passed = [], 0
    for segment in line.segments:
        begins = LINE_LENGTH * passed / line.volume_nl
        length = LINE_LENGTH * segment.volume_nl / line.volume_nl
        found.append(Stretch(round(begins, 1), round(length, 1), round(_strength(segment.fluid) / strongest, 3)))
        passed += segment.volume_nl
    return tuple(found)


def _strength(fluid: Fluid) -> float:
    return float(np.sum([float(each) for _, each in fluid.drugs]))
