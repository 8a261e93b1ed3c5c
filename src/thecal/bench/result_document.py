"""A simulation as a document for programs: every quantity with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from thecal.bench.account import DrugAccount, accounts_of
from thecal.bench.reading import readings
from thecal.bench.result import DrugCourse, SimulationResult
from thecal.bench.sources import sources_of
from thecal.bench.written import NG_PER
from thecal.catalogue.drugs import drug
from thecal.catalogue.origins import Origin

NL_PER_ML = 1_000_000
MS_PER_H = 3_600_000

Quantity = Mapping[str, Any]


def document_of(result: SimulationResult) -> Mapping[str, Any]:
    """Everything the table shows and the whole course over time, ready for ``json.dumps``."""
    case = result.case
    return {
        "case": {"id": case.id, "title": case.title, "source": case.source.citation},
        "source_confidence": case.source.confidence.value,
        "duration": _hours(result.moments[-1].at_ms),
        "as_expected": result.as_expected,
        "happenings": [
            {"at": _hours(each.at_ms), "who": each.who, "what": each.what, "outcome": each.outcome}
            for each in result.happenings
        ],
        "drugs": [
            _drug(result, account, course) for account, course in zip(accounts_of(result), result.courses, strict=True)
        ],
        "score": _score(result),
        "truth_and_belief": _truth_and_belief(result),
        "mass_balance": {
            "fluid_path_exact": result.fluid_is_balanced,
            "spine_given_against_released": _quantity(result.neuraxis_error, "1"),
        },
        "catalogue": [_origin(each) for each in sources_of(case)],
    }


def _drug(result: SimulationResult, account: DrugAccount, course: DrugCourse) -> Mapping[str, Any]:
    samples = course.samples
    return {
        "drug": account.drug,
        "delivered": _mass(account.delivered_ng, account.drug),
        "released_at_tip": _mass(account.released_ng, account.drug),
        "concentration_in_catheter_at_tip": _quantity(float(account.at_tip_end_ng_per_ml), "ng/mL"),
        "days": [
            {
                "from": _hours(period.from_ms),
                "to": _hours(period.to_ms),
                "delivered": _mass(period.delivered_ng, account.drug),
                "released_at_tip": _mass(period.released_ng, account.drug),
            }
            for period in account.periods
        ],
        "levels_at_end": [
            {
                "level": level.level,
                "csf": _quantity(level.csf_ng_per_ml, "ng/mL"),
                "cord": None if level.cord_ng_per_ml is None else _quantity(level.cord_ng_per_ml, "ng/mL"),
                "effect": None if level.relief is None else _quantity(level.relief, "1"),
            }
            for level in account.levels
        ],
        "plasma": {
            "end": _quantity(account.plasma_end_ng_per_ml, "ng/mL"),
            "highest": _quantity(account.plasma_highest_ng_per_ml, "ng/mL"),
        },
        "course": {
            "time": _quantity([time / MS_PER_H for time in samples.times_ms.tolist()], "h"),
            "csf_at_tip": _quantity(samples.csf_ng_per_ml[:, samples.spine.tip_cell].tolist(), "ng/mL"),
            "plasma": _quantity(samples.plasma_ng_per_ml.tolist(), "ng/mL"),
            **({"score": _quantity(result.score.values.tolist(), "1")} if course is result.primary else {}),
        },
    }


def _score(result: SimulationResult) -> Mapping[str, Any]:
    score = result.score
    return {
        "name": score.name,
        "level": score.level,
        "without_drug": _quantity(score.without_drug, "1"),
        "end": _quantity(float(score.values[-1]), "1"),
        "lowest": _quantity(float(score.values.min()), "1"),
        "respiratory_depression_highest": None
        if score.respiratory is None
        else _quantity(float(score.respiratory.max()), "1"),
        "read_as": {each.effect: each.words for each in readings(score)},
    }


def _origin(origin: Origin) -> Mapping[str, Any]:
    """One catalogue number; one that differs by level states both ends."""
    lowest, highest = float(origin.lowest), float(origin.highest)
    return {
        "of": origin.of,
        "what": origin.what,
        **(_quantity(lowest, origin.unit) if lowest == highest else _quantity([lowest, highest], origin.unit)),
        "confidence": origin.confidence.value,
        "source": origin.source,
    }


def _truth_and_belief(result: SimulationResult) -> Mapping[str, Any]:
    end = result.moments[-1]
    believed = end.believed_nl
    return {
        "reservoir": {
            "true": _quantity(end.reservoir_nl / NL_PER_ML, "mL"),
            "believed": None if believed is None else _quantity(believed / NL_PER_ML, "mL"),
        },
        "strokes": {"made": end.strokes_made, "counted": end.strokes_counted},
        "stroke": None if result.stroke_nl == 0 else _quantity(result.stroke_nl, "nL"),
        "line": _quantity(result.line_nl / NL_PER_ML, "mL"),
    }


def _mass(ng: Fraction, name: str) -> Quantity:
    unit = drug(name).dose_unit
    return _quantity(float(ng / NG_PER[unit]), unit)


def _hours(ms: int) -> Quantity:
    return _quantity(ms / MS_PER_H, "h")


def _quantity(value: float | list[float], unit: str) -> Quantity:
    return {"value": value, "unit": unit}
