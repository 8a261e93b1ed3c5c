"""Every pump model loads, says where its numbers come from, and hangs together."""

from decimal import Decimal
from importlib import resources
from itertools import pairwise

import pytest

from thecal.catalogue.constant_flow import constant_flow_from
from thecal.catalogue.programmable import programmable_from
from thecal.catalogue.pumps import (
    DriveKind,
    MriRule,
    ProgrammablePump,
    constant_flow_pump,
    programmable_pump,
    propellant,
    pump_model,
    pump_models,
)
from thecal.catalogue.sourced import CatalogueError, Confidence, parse
from thecal.quantities import FlowRate, Volume

DATA = resources.files("thecal.catalogue").joinpath("data")
PROGRAMMABLE = [key for key in pump_models() if isinstance(pump_model(key), ProgrammablePump)]
CONSTANT_FLOW = [key for key in pump_models() if key not in PROGRAMMABLE]
FAMILIES = ["synchromed-el", "synchromed-ii", "synchromed-iii", "prometra-ii", "medstream", "codman-3000", "isomed"]


@pytest.mark.parametrize("key", pump_models())
def test_every_pump_model_loads_and_every_number_has_a_source(key):
    model = pump_model(key)
    assert model.key == key
    assert model.residual < model.capacity
    assert model.sources
    assert all(number.source and number.confidence in Confidence for _, number in model.sources)
    assert 0 < model.accuracy.amount < 1


def test_the_models_in_use_are_there_with_their_reservoirs():
    reservoirs = {family: set() for family in FAMILIES}
    for key in pump_models():
        family = next((each for each in reversed(FAMILIES) if key.startswith(f"{each}-")), None)
        if family is not None:
            reservoirs[family].add(pump_model(key).capacity.number_in("mL"))
    assert reservoirs == {
        "synchromed-el": {"10", "18"},
        "synchromed-ii": {"20", "40"},
        "synchromed-iii": {"20", "40"},
        "prometra-ii": {"20", "40"},
        "medstream": {"20", "40"},
        "codman-3000": {"16", "30", "50"},
        "isomed": {"20", "35"},
    }


def test_names_and_model_texts_name_one_model_each():
    for field in ("key", "name", "model"):
        told = [getattr(pump_model(key), field) for key in pump_models()]
        assert len(set(told)) == len(told)


@pytest.mark.parametrize(  # model list of the Information for Prescribers 2013-02: 8472-mL-tenths of mL/day
    ("ml", "classes"), [(20, ["03", "05", "10", "15"]), (35, ["03", "05", "10", "15", "20", "25"])]
)
def test_every_isomed_of_the_model_list_is_a_model_with_its_flow(ml, classes):
    models = [constant_flow_pump(key) for key in CONSTANT_FLOW if key.startswith(f"isomed-{ml}-")]
    assert [each.model for each in models] == [f"8472-{ml}-{label}" for label in classes]
    assert [each.label_flow.count for each in models] == [int(label) * 100_000 for label in classes]


@pytest.mark.parametrize("key", PROGRAMMABLE)
def test_a_programmable_pump_is_ordered(key):
    model = programmable_pump(key)
    assert model.minimum_rate <= model.lowest_rate < model.highest_rate
    assert model.rate_resolution < model.lowest_rate
    assert model.residual <= model.low_alarm_default
    assert model.tubing_volume == model.tubing[0].volume.amount
    assert model.alarms
    assert model.market


@pytest.mark.parametrize("key", PROGRAMMABLE)
def test_no_stroke_passes_for_a_published_figure(key):
    assert programmable_pump(key).source_of("stroke").confidence in (Confidence.ASSUMED, Confidence.RECALLED)


@pytest.mark.parametrize("key", PROGRAMMABLE)
def test_a_battery_never_lasts_longer_at_more_flow(key):
    points = programmable_pump(key).longevity
    assert len(points) > 1
    assert all(slow.flow < fast.flow and slow.months.amount >= fast.months.amount for slow, fast in pairwise(points))


@pytest.mark.parametrize("ml", [20, 40])
def test_the_tubing_volume_carries_its_version(ml):
    """TGA RC-2017-RN-00065-1: 0.199 mL until the 2016/17 card, 0.140 mL after."""
    tubing = programmable_pump(f"synchromed-ii-{ml}").tubing
    assert [(each.version, each.volume.amount.text_in("mL")) for each in tubing] == [
        ("programmer cards since 2016/17", "0.14 mL"),
        ("programmer cards before 2016/17", "0.199 mL"),
    ]


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("synchromed-el-18", MriRule.INTERROGATE_AFTER),
        ("synchromed-ii-20", MriRule.INTERROGATE_AFTER),
        ("prometra-ii-20", MriRule.EMPTY_FIRST),
        ("prometra-ii-40", MriRule.EMPTY_FIRST),
        ("isomed-35-10", MriRule.NONE_NEEDED),
        ("codman-3000-30-13", MriRule.NONE_NEEDED),
    ],
)
def test_a_scan_asks_of_each_model_what_its_source_asks(key, rule):
    model = pump_model(key)
    assert model.mri.rule is rule
    assert model.mri.confidence is Confidence.VERIFIED


def test_labels_name_and_exclude_drugs():
    assert programmable_pump("synchromed-ii-20").labelled_drugs == ("morphine", "ziconotide", "baclofen")
    assert "ziconotide" not in programmable_pump("prometra-ii-20").labelled_drugs
    isomed = constant_flow_pump("isomed-20-05")
    assert isomed.not_labelled == (("US", "baclofen"),)
    assert isomed.market == "production stopped in September 2008"


@pytest.mark.parametrize("key", CONSTANT_FLOW)
def test_a_constant_flow_pump_is_pushed_by_a_known_vapour_or_by_a_diaphragm(key):
    model = constant_flow_pump(key)
    if model.drive is DriveKind.VAPOUR:
        assert propellant(model.propellant) == model.pushed_by
    else:
        assert model.propellant is None
        assert 0 < model.pushed_by.empty.value <= model.pushed_by.full.value


def test_baselines_are_there_in_whole_numbers():
    model = constant_flow_pump("isomed-20-05")
    assert (model.baseline_temperature_mdegc, model.baseline_back_pressure_pa) == (37_000, 1_333)
    assert model.source_of("label_flow").value == Decimal("0.5")


def test_what_has_no_access_to_the_catheter_names_no_needle_for_it():
    assert constant_flow_pump("elastic-20-05").ports.access_needle is None
    assert programmable_pump("prometra-ii-20").ports.smallest_syringe.amount == Volume.parse("10 mL")
    assert programmable_pump("medstream-20").access_port is None
    assert programmable_pump("synchromed-ii-20").longevity[0].flow == FlowRate.parse("0.5 mL/day")


def test_a_model_is_asked_for_by_its_size_and_flow_class():
    with pytest.raises(CatalogueError, match="synchromed-ii-20"):
        programmable_pump("synchromed-ii")
    with pytest.raises(CatalogueError, match="isomed-20-05"):
        constant_flow_pump("isomed-20")


def damaged(file, before, after):
    """A file of the catalogue with one place changed."""
    whole = DATA.joinpath(file).read_text(encoding="utf-8")
    assert before in whole
    return parse(file, whole.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"24 mL/day" = { value = 15', '"24 mL/day" = { value = 61', "24 mL/day lasts longer than at a slower flow"),
        ('"0.5 mL/day" =', '"0.5" =', r"longevity.0\.5: '0\.5' is not a flow rate"),
        ("[line.tubing]", "[line.tubing]\n[older]", "line.tubing must have at least one version"),
        ('"low reservoir",', "7,", "alarms.names must be a list of texts"),
        ('rule = "interrogate after"', 'rule = "look"', "expected one of none needed"),
        ("patient_bolus = true", "patient_bolus = 1", "patient_bolus must be true or false"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(before, after, told):
    with pytest.raises(CatalogueError, match=told) as refused:
        programmable_from("synchromed-ii", "20", damaged("pumps/synchromed-ii.toml", before, after))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("empty = { value = 36", "empty = { value = 45", "recoil.empty must be above 0 and not above full"),
        ('drive = "elastic"', 'drive = "spring"', "expected one of vapour, elastic"),
        ('drive = "elastic"', 'drive = "vapour"', "propellant must be text"),
    ],
)
def test_a_family_that_cannot_be_used_is_refused_in_one_line(before, after, told):
    with pytest.raises(CatalogueError, match=told):
        constant_flow_from("elastic", "20", "05", damaged("constant_flow/elastic.toml", before, after))
