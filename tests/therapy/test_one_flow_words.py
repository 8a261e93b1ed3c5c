"""What is said of a pump with one flow for life speaks of that pump: it has no alarm, no bolus and no program."""

from __future__ import annotations

import re

import pytest

from thecal.catalogue.pumps import ConstantFlowPump, pump_model, pump_models

from .visits import LEFT_OUT, found

MODELS = [key for key in pump_models() if isinstance(pump_model(key), ConstantFlowPump)]
HAS_NOT = re.compile(r"alarm(?! tells)|bolus|program|bridge|told to the pump|prescribe less", re.IGNORECASE)
STRONG = [{"drug": "morphine", "concentration": "60 mg/mL"}, {"drug": "clonidine", "concentration": "9 mg/mL"}]
VISITS = {
    "as it should be": {},
    "filled and injected differ": {"pending.refill.filled": "9 mL"},
    "planned too late": {"pending.refill_interval": "900 day"},
    "planned too early": {"pending.refill_interval": "1 day"},
    "more came out": {"pending.refill.withdrawn": "12 mL"},
    "nothing came out": {"pending.refill.withdrawn": "0 mL", "pending.refill.recovered": LEFT_OUT},
    "another fluid": {"pending.refill.fluid": STRONG, "pending.refill.read_again": STRONG},
    "the same fluid read otherwise": {"pending.refill.read_again": STRONG},
    "no refill": {"pending.refill": LEFT_OUT},
    "only the fluid known": {"devices": LEFT_OUT, "patient": LEFT_OUT, "pending.refill.injected": LEFT_OUT},
    "a scan": {"pending.mri": {"field_tesla": "3", "reservoir": "9 mL"}},
}


def one_flow(key, visit):
    model = pump_model(key)
    assert isinstance(model, ConstantFlowPump)
    holds = f"{model.capacity.decimal_in('mL')} mL"
    return {
        "current.pump": key,
        "current.therapy": LEFT_OUT,
        "devices.tubing_volume": LEFT_OUT,
        "devices.line": LEFT_OUT,
        "pending.refill.filled": holds,
        "pending.refill.injected": holds,
        **visit,
    }


@pytest.mark.parametrize("visit", VISITS)
@pytest.mark.parametrize("key", MODELS)
def test_no_finding_speaks_of_what_the_pump_has_not(key, visit):
    for each in found(one_flow(key, VISITS[visit])):
        told = [each.words, *(line.label for line in each.compared), *(line.text for line in each.compared)]
        assert not [text for text in told if HAS_NOT.search(text)], each


@pytest.mark.parametrize(
    ("visit", "words", "label"),
    [
        ("planned too late", "runs dry before the planned refill", "until it is empty"),
        ("planned too early", "read the planned interval and the volume filled", "until it is empty"),
        ("filled and injected differ", "planned for the wrong day", "recorded"),
        ("another fluid", "fill a thinner fluid", "greatest 24-hour dose"),
    ],
)
def test_it_is_said_in_the_words_of_such_a_pump(visit, words, label):
    said = [each for each in found(one_flow("isomed-20-05", VISITS[visit])) if words in each.words]
    assert said
    assert label in {line.label for each in said for line in each.compared}


def test_a_programmable_pump_keeps_its_alarm_and_its_boluses():
    said = [each for each in found({"pending.refill_interval": "900 day"}) if each.rule == "interval-inconsistent"]
    assert [line.label for each in said for line in each.compared][1:3] == [
        "until the alarm, basal only",
        "until the alarm, every bolus taken",
    ]
