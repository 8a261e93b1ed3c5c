"""Everything in the catalogue can be loaded, is sourced, and hangs together."""

from decimal import Decimal

import pytest

from thecal.catalogue.catheters import catheter
from thecal.catalogue.drugs import drug
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, propellant, pump_model, pump_models
from thecal.catalogue.sourced import CatalogueError, Confidence
from thecal.quantities import Volume


@pytest.mark.parametrize("key", pump_models())
def test_every_pump_model_loads_and_every_number_has_a_source(key):
    model = pump_model(key)
    assert model.residual < model.capacity
    assert model.sources
    assert all(number.source and number.confidence in Confidence for _, number in model.sources)


def test_both_kinds_of_system_are_there():
    kinds = {type(pump_model(key)) for key in pump_models()}
    assert kinds == {ProgrammablePump, ConstantFlowPump}


@pytest.mark.parametrize("key", [key for key in pump_models() if isinstance(pump_model(key), ProgrammablePump)])
def test_the_rates_of_a_programmable_pump_ascend_and_the_stroke_is_marked_assumed(key):
    model = pump_model(key)
    assert model.minimum_rate <= model.lowest_rate <= model.highest_rate
    assert dict(model.sources)["stroke"].confidence is Confidence.ASSUMED


def test_the_propellant_of_every_constant_flow_pump_is_known():
    for key in pump_models():
        model = pump_model(key)
        if isinstance(model, ConstantFlowPump):
            assert propellant(model.propellant).sources


def test_a_catheter_volume_follows_from_the_implanted_length():
    whole = catheter("ascenda-8780")
    assert whole.lumen(Decimal(0)) == Volume(251_460)
    assert whole.lumen(Decimal("14.3")) == Volume(220_000)
    with pytest.raises(CatalogueError, match="trimmed length"):
        whole.lumen(Decimal("114.3"))


@pytest.mark.parametrize(("load", "listed"), [(pump_model, "isomed"), (catheter, "ascenda"), (drug, "morphine")])
def test_an_unknown_entry_is_refused_with_the_ones_there_are(load, listed):
    with pytest.raises(CatalogueError, match=listed):
        load("nothing-like-it")
