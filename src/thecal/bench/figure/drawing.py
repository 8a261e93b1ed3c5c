"""The whole drawing."""

from __future__ import annotations

from thecal.bench.figure import panels
from thecal.bench.figure.axis import Axis, time_ticks
from thecal.bench.figure.heat_map import heat_map
from thecal.bench.figure.marks import GREY, INK, PAPER, RULE, box, rule, text
from thecal.bench.figure.panels import Place
from thecal.bench.result import SimulationResult

WIDTH = 1_040.0
LEFT, RIGHT = 96.0, 944.0
HEAT_TOP, HEAT_HEIGHT = 92.0, 330.0
PANEL_HEIGHT, GAP = 120.0, 44.0
FOOT = 78.0
NOTICE = "Simulated. Thecal is not a medical device and does not replace a doctor."


def figure_of(result: SimulationResult) -> str:
    """A stand-alone SVG document: heat map, concentration at the tip, dose steps, score; time to the right."""
    whole_ms = result.moments[-1].at_ms
    x = Axis(0.0, float(whole_ms), LEFT, RIGHT)
    tops = [HEAT_TOP + HEAT_HEIGHT + GAP + k * (PANEL_HEIGHT + GAP) for k in range(3)]
    places = [Place(x, top, PANEL_HEIGHT) for top in tops]
    bottom = tops[-1] + PANEL_HEIGHT
    height = bottom + FOOT
    drawn = [
        box(0, 0, WIDTH, height, PAPER),
        text(LEFT, 34, result.case.title, size=18),
        text(LEFT, 56, f"{result.case.patient.name}, fictional. Source: {result.case.source.citation}", colour=GREY),
        *heat_map(result, x, HEAT_TOP, HEAT_HEIGHT),
        *panels.concentration(result, places[0]),
        *panels.dose_steps(result, places[1]),
        *panels.score(result, places[2]),
        *_time_axis(x, whole_ms, [(HEAT_TOP + HEAT_HEIGHT), *(top + PANEL_HEIGHT for top in tops)], tops),
        text(LEFT, height - 14, NOTICE, size=11, colour=GREY),
    ]
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" '
        f'height="{height:g}" font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif" role="img">'
    )
    return "\n".join([opening, f"<title>{_plain(result.case.title)}</title>", *drawn, "</svg>"]) + "\n"


def _time_axis(x: Axis, whole_ms: int, floors: list[float], tops: list[float]) -> list[str]:
    ticks, unit = time_ticks(whole_ms)
    drawn = []
    for tick in ticks:
        at = x.at(tick.value)
        drawn += [rule(at, floor, at, floor + 5, GREY) for floor in floors]
        drawn += [rule(at, top, at, top + PANEL_HEIGHT, RULE, 0.5) for top in tops]
        drawn.append(text(at, floors[-1] + 20, tick.text, anchor="middle", size=11, colour=GREY))
    middle = (x.at_low + x.at_high) / 2
    drawn.append(text(middle, floors[-1] + 40, f"time since the record began ({unit})", anchor="middle", colour=INK))
    return drawn


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
