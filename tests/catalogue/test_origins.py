"""What is recalled or assumed says so wherever its number is listed."""

import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from thecal.bench.case import load_case
from thecal.bench.sources import sources_of
from thecal.catalogue.origins import by_source, origins_of, ranged, tally
from thecal.catalogue.pumps import pump_model
from thecal.catalogue.sourced import Confidence, Sourced
from thecal.therapy.plan_origins import plan_origins

DATA = resources.files("thecal.catalogue").joinpath("data")
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))


def entries_of(table):
    """Every number of a parsed catalogue file, wherever it stands; both ends of a span."""
    for value in table.values() if isinstance(table, dict) else table:
        if isinstance(value, dict) and "unit" in value:
            for end in {"value", "low", "high"} & set(value):
                yield (Decimal(str(value[end])), value["unit"], value["source"], value["confidence"])
        elif isinstance(value, dict | list):
            yield from entries_of(value)


def as_written(file, model=""):
    """Every number of a file; of a family of pumps, those of one model: its reservoir and flow, and what all share."""
    parsed = tomllib.loads(DATA.joinpath(file).read_text(encoding="utf-8"))
    if "reservoirs" in parsed:
        _, size, *flow = model.removeprefix(file.rpartition("/")[2].removesuffix(".toml")).split("-")
        own = parsed["reservoirs"] = parsed["reservoirs"][size]
        if flow:
            own["classes"] = {flow[0]: own["classes"][flow[0]]}
    return set(entries_of(parsed))


@pytest.mark.parametrize(
    ("pump", "file"),
    [
        ("synchromed-ii-20", "pumps/synchromed-ii.toml"),
        ("synchromed-ii-40", "pumps/synchromed-ii.toml"),
        ("isomed-20-05", "constant_flow/isomed.toml"),
    ],
)
def test_a_plan_lists_every_number_of_pump_drug_and_planning_as_the_file_has_it(pump, file):
    listed = {
        (end, each.unit, each.source, each.confidence.value)
        for each in plan_origins(pump_model(pump), ["morphine"])
        for end in (each.lowest, each.highest)
    }
    assert listed == as_written(file, pump) | as_written("drugs/morphine.toml") | as_written("policy.toml")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_simulation_lists_every_number_its_body_is_made_of(example):
    """Every source and confidence of the drug beyond the tip, and both ends of what differs by level."""
    case = load_case(example.read_text(encoding="utf-8"))
    listed = sources_of(case)
    marks = {(each.source, each.confidence.value) for each in listed}
    other = "noncancer" if case.patient.indication.value == "cancer pain" else "cancer"
    for drug in {each.drug for each in case.reservoir.drugs}:
        kinetics = tomllib.loads(DATA.joinpath(f"kinetics/{drug}.toml").read_text(encoding="utf-8"))
        kinetics.get("tolerance", {}).pop(other, None)
        assert {(source, mark) for *_, source, mark in entries_of(kinetics)} <= marks
    canal = as_written("anatomy.toml")
    assert {(source, mark) for *_, source, mark in canal} <= marks
    ends = {end for each in listed if each.of.startswith("spinal canal") for end in (each.lowest, each.highest)}
    assert {min(value for value, unit, *_ in canal if unit == "cm"), max(value for value, *_ in canal)} <= ends


def sourced(value, unit, confidence="assumed", source="somewhere"):
    return Sourced(Decimal(value), unit, source, Confidence(confidence))


@pytest.mark.parametrize(
    ("field", "entry", "what", "text"),
    [
        ("tubing_volume", sourced("0.140", "mL"), "tubing volume", "0.140 mL"),
        ("step_ratio", sourced("2", "1"), "step ratio", "2"),
        ("cord_surface_cm_per_min", sourced("0.004", "cm/min"), "cord surface", "0.004 cm/min"),
        ("dura_ml_per_min_cm", sourced("0.0012", "mL/min/cm"), "dura", "0.0012 mL/min/cm"),
        ("capillary_per_min", sourced("0.004", "1/min"), "capillary", "0.004 per min"),
        ("tissue_diffusivity_cm2_per_s", sourced("2E-6", "cm2/s"), "tissue diffusivity", "0.000002 cm²/s"),
        ("blood_csf_partition", sourced("1", "1"), "blood CSF partition", "1"),
    ],
)
def test_a_number_is_named_in_words_with_its_unit_beside_the_value(field, entry, what, text):
    (origin,) = origins_of("a thing", [(field, entry)])
    assert (origin.what, origin.text) == (what, text)


def test_a_number_that_differs_by_level_is_listed_once_for_each_source_and_never_blends_confidences():
    found = ranged(
        "canal",
        [
            ("area_cm2", sourced("2.60", "cm2")),
            ("area_cm2", sourced("0.50", "cm2")),
            ("area_cm2", sourced("0.1", "cm2", "recalled", "elsewhere")),
        ],
    )
    assert [(each.text, each.confidence) for each in found] == [
        ("0.50 to 2.60 cm²", Confidence.ASSUMED),
        ("0.1 cm²", Confidence.RECALLED),
    ]


def test_lines_are_gathered_by_source_and_counted_surest_first():
    lines = origins_of(
        "a pump",
        [
            ("stroke", sourced("500", "nL")),
            ("capacity", sourced("20", "mL", "verified", "notice")),
            ("residual", sourced("1.4", "mL")),
        ],
    )
    assert [[each.what for each in group.origins] for group in by_source(lines)] == [
        ["stroke", "residual"],
        ["capacity"],
    ]
    assert tally(lines) == "1 verified, 2 assumed"
    assert tally(()) == ""
