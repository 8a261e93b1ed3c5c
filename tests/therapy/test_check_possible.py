"""A record of what cannot be is refused in one line that names the field, and the nearest possible one is read."""

from __future__ import annotations

import pytest

from thecal.documents import DocumentError

from .visits import case

NOW = "2026-11-22T08:00:00Z"
LATER = "2026-11-22T08:00:01Z"
EARLIER = "2026-11-22T07:59:59Z"
CONSTANT = {"current.pump": "isomed-20-05", "current.therapy": None, "pending.prescription": None}


def doses(*times):
    return {"history.doses": [{"at": at, "daily_dose": "2 mg/day"} for at in times]}


def refills(*times, expected="20 mL"):
    told = {"filled_before": "20 mL", "expected": expected, "withdrawn": "2 mL"}
    return {"history.refills": [{"at": at, **told} for at in times]}


def bridge(**fields):
    return {"pending.bridge": fields}


# what cannot be, what is said of it, and the near twin that can be
IMPOSSIBLE = [
    ({"current.reservoir": "20.001 mL"}, "current.reservoir: must be at most 20 mL", {"current.reservoir": "20 mL"}),
    (
        {**CONSTANT, "current.reservoir": "20.001 mL"},
        "current.reservoir: must be at most 20 mL",
        {**CONSTANT, "current.reservoir": "20 mL"},
    ),
    ({"devices.implanted": LATER}, "devices.implanted: lies after current.now", {"devices.implanted": NOW}),
    (doses(NOW, EARLIER), "history.doses[1].at: lies before the one above it", doses(EARLIER, NOW)),
    (doses(EARLIER, LATER), "history.doses[1].at: lies after current.now", doses(NOW, NOW)),
    (refills(NOW, EARLIER), "history.refills[1].at: lies before the one above it", refills(EARLIER, NOW)),
    (refills(LATER), "history.refills[0].at: lies after current.now", refills(NOW)),
    (
        refills(NOW, expected="20.001 mL"),
        "history.refills[0].expected: must be at most filled_before (20 mL)",
        refills(NOW, expected="20 mL"),
    ),
    (
        bridge(volume="0.3 mL", declined_because="aspirated"),
        "pending.bridge.declined_because: only where no bridge",
        bridge(declined_because="aspirated"),
    ),
    (
        bridge(duration="30 h", declined_because="aspirated"),
        "pending.bridge.declined_because: only where no bridge",
        bridge(volume="0.3 mL", duration="30 h"),
    ),
]


@pytest.mark.parametrize(("changes", "refusal", "twin"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_by_its_field(changes, refusal, twin):
    case(twin)
    with pytest.raises(DocumentError) as refused:
        case(changes)
    assert str(refused.value).startswith(refusal)
    assert "\n" not in str(refused.value)
