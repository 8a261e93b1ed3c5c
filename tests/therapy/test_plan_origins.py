"""A plan lists the catalogue numbers it rests on: of its pump, of each drug once, and of the planning."""

from __future__ import annotations

import pytest

from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import pump_model
from thecal.therapy.plan_origins import plan_origins


def about(*drugs: str, pump: str = "synchromed-ii-20") -> list[str]:
    """What the numbers describe, in their order, each once."""
    return list(dict.fromkeys(line.of for line in plan_origins(pump_model(pump), drugs)))


@pytest.mark.parametrize("pump", ["synchromed-ii-20", "isomed-20-05"])
def test_every_number_of_pump_drug_and_planning_is_listed_with_its_source(pump):
    model = pump_model(pump)
    assert about("morphine", pump=pump) == [model.name, "morphine, limits and doses", "planning"]
    listed = {line.source for line in plan_origins(model, ["morphine"])}
    for sources in (model.sources, drug("morphine").sources, policy().sources):
        assert {origin.source for _, origin in sources} <= listed


def test_a_drug_named_twice_is_listed_once_and_one_nobody_knows_has_nothing_to_list():
    assert about("morphine", "baclofen", "morphine") == about("morphine", "baclofen")
    assert about("experimentine") == about()
