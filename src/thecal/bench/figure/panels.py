"""The panels under the heat map: concentration at the tip, dose steps, score."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.bench.figure.axis import Axis, Tick, rounded_up, value_ticks
from thecal.bench.figure.marks import GREY, INK, RULE, area_under, box, line_through, rule, text, turned_text
from thecal.bench.result import SimulationResult
from thecal.catalogue.drugs import drug
from thecal.handheld import Answer

NG_PER_UNIT = {"mg": 1e6, "microgram": 1e3}
BLUE, GREEN, PURPLE = "#1d5fa8", "#7fb8a4", "#7a2d6b"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a panel stands on the page."""

    x: Axis
    top: float
    height: float


def concentration(result: SimulationResult, place: Place) -> list[str]:
    """CSF concentration of the primary drug at the tip level."""
    samples = result.primary.samples
    values = samples.csf_ng_per_ml[:, samples.spine.tip_cell]
    unit, scale = ("microgram/mL", 1e3) if float(values.max()) >= 1e4 else ("ng/mL", 1.0)
    y, drawn = _frame(place, rounded_up(float(values.max()) / scale))
    points = [(place.x.at(t), y.at(v / scale)) for t, v in zip(samples.times_ms.tolist(), values.tolist(), strict=True)]
    title = f"{result.primary.drug} in the CSF at the tip ({result.case.system.tip})"
    return [*drawn, line_through(points, BLUE), *_titles(place, title, unit)]


def dose_steps(result: SimulationResult, place: Place) -> list[str]:
    """Programmed basal dose of the primary drug, and when a patient bolus ran."""
    primary = result.case.reservoir.drugs[0]
    unit = drug(primary.drug).dose_unit
    per_nl = primary.concentration.count / 1e6 / NG_PER_UNIT[unit]
    doses = [moment.basal_nl_per_day * per_nl for moment in result.moments]
    y, drawn = _frame(place, rounded_up(max(doses)))
    points: list[tuple[float, float]] = []
    for moment, dose in zip(result.moments, doses, strict=True):
        at = place.x.at(moment.at_ms)
        if points and points[-1][1] != y.at(dose):
            points.append((at, points[-1][1]))
        points.append((at, y.at(dose)))
    drawn += [area_under(points, y.at(0), "#dff0e9"), line_through(points, "#2f7d62")]
    for happening in result.happenings:
        if happening.who == "patient":
            drawn += _request_mark(place.x.at(happening.at_ms), place, happening.ended is Answer.GRANTED)
    return [*drawn, *_titles(place, _dose_title(result), f"{unit}/day")]


def score(result: SimulationResult, place: Place) -> list[str]:
    """Pain or spasticity, with the score without drug as a dashed line."""
    found = result.score
    highest = found.worst
    y, drawn = _frame(place, highest, tuple(Tick(v, f"{v:g}") for v in _halves(highest)))
    without = y.at(found.without_drug)
    drawn.append(rule(place.x.at_low, without, place.x.at_high, without, GREY, 1, "5 4"))
    drawn.append(text(place.x.at_high - 4, without - 5, "without drug", anchor="end", size=11, colour=GREY))
    times = result.primary.samples.times_ms.tolist()
    points = [(place.x.at(t), y.at(v)) for t, v in zip(times, found.values.tolist(), strict=True)]
    unit = f"0 to {highest:g}"
    return [*drawn, line_through(points, PURPLE), *_titles(place, f"{found.name} beside {found.level}", unit)]


def _dose_title(result: SimulationResult) -> str:
    if result.case.therapy is None:
        return "dose by concentration, at constant flow"
    if any(happening.who == "patient" for happening in result.happenings):
        return "programmed basal dose; requests of the patient: filled triangle granted, open triangle refused"
    return "programmed basal dose"


def _halves(highest: float) -> tuple[float, ...]:
    return (0.0, highest / 4, highest / 2, highest * 3 / 4, highest)


def _frame(place: Place, high: float, ticks: tuple[Tick, ...] = ()) -> tuple[Axis, list[str]]:
    """The box of a panel with its y axis from zero to ``high``."""
    y = Axis(0.0, high, place.top + place.height, place.top)
    left, right = place.x.at_low, place.x.at_high
    drawn = [box(left, place.top, right - left, place.height, "#ffffff", "#c7ccd6")]
    for tick in ticks or value_ticks(high):
        at = y.at(tick.value)
        drawn.append(rule(left, at, right, at, RULE))
        drawn.append(text(left - 8, at + 4, tick.text, anchor="end", size=11, colour=GREY))
    return y, drawn


def _titles(place: Place, title: str, unit: str) -> list[str]:
    middle = place.top + place.height / 2
    return [text(place.x.at_low, place.top - 10, title, size=13), turned_text(place.x.at_low - 76, middle, unit)]


def _request_mark(at: float, place: Place, is_granted: bool) -> list[str]:
    floor = place.top + place.height
    fill = INK if is_granted else "#ffffff"
    return [f'<path d="M{at:.1f} {floor - 12:.1f}l5 10h-10z" fill="{fill}" stroke="{INK}"/>']
