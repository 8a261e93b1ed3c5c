"""A finding leads back to the field that a person wrote, wherever in the document that stands."""

from __future__ import annotations

import re

import pytest

from .visits import LEFT_OUT, document, found

STRONG = [{"drug": "morphine", "concentration": "60 mg/mL"}]
MIXED = [*STRONG, {"drug": "clonidine", "concentration": "9 mg/mL"}]
ONE_FLOW = {"current.pump": "isomed-20-05", "current.therapy": LEFT_OUT, "devices": LEFT_OUT}
REFILLED = {"pending.refill.fluid": MIXED, "pending.refill.read_again": MIXED}
BOLUS = {"dose": "0.1 mg", "duration": "10 min", "lockout": "4 h", "maximum_per_24h": 20}
RUNNING = {"mode": "simple continuous", "daily_dose": "2.4 mg/day"}
FLEX = {
    "mode": "flex",
    "background": "2 mg/day",
    "steps": [{"start": "06:00", "end": "07:00", "dose": "9 mg", "every_h": 6}],
}


@pytest.mark.parametrize(
    ("changes", "rule", "path"),
    [
        (REFILLED, "concentration-above-consensus", "pending.refill.fluid[0].concentration"),
        (REFILLED, "concentration-above-consensus", "pending.refill.fluid[1].concentration"),
        (REFILLED, "mixture", "pending.refill.fluid"),
        (REFILLED, "rate-too-low", "current.therapy.daily_dose"),
        (ONE_FLOW | REFILLED, "dose-step-up", "pending.refill.fluid"),
        (ONE_FLOW | REFILLED, "concentration-above-consensus", "pending.refill.fluid[1].concentration"),
        (
            ONE_FLOW | {"current.fluid": STRONG, "pending.refill": LEFT_OUT},
            "dose-above-consensus",
            "current.fluid",
        ),
        ({"pending.prescription": FLEX}, "dose-step-up", "pending.prescription.steps"),
        ({"pending.prescription": {"mode": "stopped"}}, "abrupt-stop", "pending.prescription.mode"),
        (
            {"pending.prescription": RUNNING | {"fluid": MIXED}},
            "concentration-above-consensus",
            "pending.prescription.fluid[0].concentration",
        ),
        ({"pending.prescription": RUNNING | {"fluid": MIXED}}, "label-differs", "pending.prescription.fluid"),
        (
            {"pending.prescription": RUNNING | {"fluid": STRONG}, "pending.refill": LEFT_OUT},
            "fluid-differs",
            "pending.prescription.fluid",
        ),
        (
            {"current.therapy": RUNNING | {"patient_bolus": BOLUS}, "pending.refill_interval": LEFT_OUT},
            "effective-boluses",
            "current.therapy.patient_bolus.maximum_per_24h",
        ),
    ],
)
def test_the_path_of_a_finding_is_where_its_number_is_written(changes, rule, path):
    written = document(changes)
    assert path in {each.path for each in found(changes) if each.rule == rule}
    assert stands_in(written, path)


@pytest.mark.parametrize("more", [{}, ONE_FLOW, {"pending.prescription": FLEX | {"fluid": MIXED}}, REFILLED])
def test_no_finding_about_a_dose_or_a_fluid_leads_nowhere(more):
    written = document(more)
    about = [each for each in found(more) if re.search("fluid|therapy|prescription", each.path)]
    assert all(stands_in(written, each.path) for each in about), about


def stands_in(inner, path):
    for name, place in re.findall(r"([a-z0-9_]+)(?:\[(\d+)\])?", path):
        if name not in inner:
            return False
        inner = inner[name] if not place else inner[name][int(place)]
    return True
