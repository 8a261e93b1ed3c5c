"""Concentration along the spine over time: upright, head on top, darker where there is more drug."""

from __future__ import annotations

from math import floor, log10

import numpy as np

from thecal.bench.figure.axis import Axis
from thecal.bench.figure.marks import GREY, INK, PAPER, box, rule, text, turned_text
from thecal.bench.result import SimulationResult

COLUMNS_MAX = 240
DECADES = 3.0  # from the highest concentration down; what is below is paper
SHADES = (
    "#fdf3dc", "#fde6b8", "#fcd48f", "#fabd6d", "#f7a457", "#f18a4b", "#e66f49", "#d6554e", "#c03f58",
    "#a72f63", "#8c246b", "#701f6e", "#551b6a", "#3c175f", "#26104d",
)  # fmt: skip


def heat_map(result: SimulationResult, x: Axis, top: float, height: float) -> list[str]:
    """The panel of the CSF concentration of the primary drug, with levels, tip and a colour scale."""
    samples = result.primary.samples
    csf = samples.csf_ng_per_ml
    highest = float(csf.max())
    cells = csf.shape[1]
    y = Axis(0, cells, top, top + height)
    drawn = [box(x.at_low, top, x.at_high - x.at_low, height, "#fffdf7", "#c7ccd6")]
    if highest > 0:
        drawn += _shaded(csf, samples.times_ms, highest, x, y)
        drawn += _scale(highest, x.at_high + 18, top, height)
    drawn += _levels(result, x, y)
    title = f"{result.primary.drug} in the CSF along the spine"
    return [
        *drawn,
        text(x.at_low, top - 10, title, size=13),
        turned_text(x.at_low - 76, top + height / 2, "vertebral level"),
    ]


def _shaded(csf: np.ndarray, times_ms: np.ndarray, highest: float, x: Axis, y: Axis) -> list[str]:
    """One path a shade; neighbours of one shade in a row are one stretch."""
    columns = min(COLUMNS_MAX, len(times_ms))
    edges_ms = np.linspace(float(times_ms[0]), float(times_ms[-1]), columns + 1)
    middles = (edges_ms[1:] + edges_ms[:-1]) / 2
    nearest = np.clip(np.searchsorted(times_ms, middles), 0, len(times_ms) - 1)
    with np.errstate(divide="ignore"):
        decades_down = np.log10(highest) - np.log10(csf[nearest])
    shade = np.where(decades_down < DECADES, np.floor((1 - decades_down / DECADES) * len(SHADES)), -1).astype(int)
    shade = np.minimum(shade, len(SHADES) - 1)
    paths: dict[int, list[str]] = {}
    across = [round(x.at(float(edge_ms))) for edge_ms in edges_ms]  # whole units, so that no seam shows between them
    down = [round(y.at(cell)) for cell in range(shade.shape[1] + 1)]
    for cell in range(shade.shape[1]):
        starts = np.concatenate(([0], np.flatnonzero(np.diff(shade[:, cell])) + 1, [columns]))
        for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            found = int(shade[first, cell])
            if found >= 0:
                wide, high = across[last] - across[first], down[cell + 1] - down[cell]
                paths.setdefault(found, []).append(f"M{across[first]} {down[cell]}h{wide}v{high}h{-wide}z")
    return [
        f'<path fill="{SHADES[found]}" shape-rendering="crispEdges" d="{"".join(paths[found])}"/>'
        for found in sorted(paths)
    ]


def _levels(result: SimulationResult, x: Axis, y: Axis) -> list[str]:
    spine = result.primary.samples.spine
    drawn = []
    for name, cell in spine.levels:
        is_tip = name == spine.tip_level
        at = y.at(cell + 0.5)
        if is_tip or name in ("C1", "C4", "T1", "T4", "T7", "T10", "L1", "L4", "S2"):
            drawn.append(text(x.at_low - 8, at + 4, name, anchor="end", size=11, colour=INK if is_tip else GREY))
        if is_tip:
            drawn.append(rule(x.at_low, at, x.at_high, at, INK))
            drawn.append(rule(x.at_low, at, x.at_high, at, PAPER, 1, "4 4"))  # seen on dark and on light
            drawn.append(f'<path d="M{x.at_low - 42:.1f} {at - 4.5:.1f}l7 4.5l-7 4.5z" fill="{INK}"/>')
            drawn.append(text(x.at_low - 46, at + 4, "tip", anchor="end", size=11))
    return drawn


def _scale(highest: float, left: float, top: float, height: float) -> list[str]:
    """The shades with their concentrations, highest on top."""
    each = height / len(SHADES)
    drawn = [box(left, top + height - (k + 1) * each, 12, each + 0.3, shade) for k, shade in enumerate(SHADES)]
    drawn.append(text(left, top - 10, "ng/mL", size=11, colour=GREY))
    lowest = highest / 10**DECADES
    power = floor(log10(highest))
    for exponent in range(power, power - 4, -1):
        value = 10.0**exponent
        if value >= lowest:
            at = top + height * (1 - (log10(value) - log10(lowest)) / DECADES)
            drawn.append(rule(left + 12, at, left + 16, at, GREY))
            drawn.append(text(left + 19, at + 4, f"{value:,.10g}".replace(",", " "), size=11, colour=GREY))
    return drawn
