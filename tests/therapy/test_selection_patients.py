"""Six plainly fictional patients walked through, from their facts to the system: worked by hand from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from thecal.therapy.calculators.selection import selection
from thecal.therapy.findings import Verdict

from .selecting import CANCER, SPASTIC, drugs, rules_against, told


@dataclass(frozen=True)
class Patient:
    """One patient: facts that differ from those of ``selecting``, and what must follow."""

    name: str
    facts: dict[str, Any]
    route: str
    first: str | None
    points: int | None
    fluid: tuple[str, ...]
    interval: int | None  # whole days
    sold: str | None
    against: dict[str, set[str]]  # pump -> every rule that excludes it
    findings: dict[str, Verdict]
    smallest: str | None  # path of the smallest change


SIX = (
    # A bolus on request takes a programmable pump; without it an IsoMed would have a point more, for a life longer than
    # that of a battery. 40 mL (+1), on the label (+1), reinforced catheter (+1).
    # 2.4 mg/day for 90 days by stability: 38 mL / (97 days x 1.145) = 0.34214 mL/day.
    Patient(
        "Demo Patient Willow",
        {"needs.patient_bolus": True, "needs.stable_dose": False, "patient.life_expectancy_months": 300},
        "candidate for an implanted pump",
        "SynchroMed II, 40 mL, with Ascenda 8780",
        3,
        ("7014.652 microgram/mL",),
        90,
        "SynchroMed II, 40 mL, with Ascenda 8780",
        {"isomed-35-05": {"H6-bolus"}, "medstream-20": {"H6-bolus"}, "elastic-20-15": {"H6-bolus", "H10-interval"}},
        {},
        "needs.patient_bolus",
    ),
    # Multiple sclerosis: the dose changes often. In the US no baclofen into an IsoMed. Coming reliably, he needs no
    # alarm. 180 days by label and clinic: 38 mL / (187 days x 1.145) = 0.177 mL/day, 300 / 0.177 = 1690 microgram/mL.
    Patient(
        "Demo Patient Alder",
        SPASTIC | {"patient.cause": "multiple sclerosis"},
        "candidate for an implanted pump",
        "SynchroMed II, 40 mL, with Ascenda 8780",
        3,
        ("1690.389 microgram/mL",),
        180,
        "SynchroMed II, 40 mL, with Ascenda 8780",
        {"isomed-35-03": {"H4-H5-label", "H6-titration"}, "codman-3000-50-05": {"H6-titration"}, "medstream-40": set()},
        {},
        None,
    ),
    # A stable dose of one drug (+1), no second operation (+2), many scans (+2), 35 mL (+1), label (+1), catheter (+1).
    # 0.3 mL/day at sea level: 2.4 / 0.3 = 8 mg/mL; floor(32 / 0.345) = 92 days, 90 by stability.
    Patient(
        "Demo Patient Birch",
        {
            "jurisdiction": "EU",
            "life.avoids_replacement": True,
            "needs.scans": "often",
            "life.home_altitude_m": 0,
            "life.visited_altitude_m": 0,
        },
        "candidate for an implanted pump",
        "IsoMed, 35 mL, 0.3 mL/day, with Ascenda 8780",
        8,
        ("8 mg/mL",),
        90,
        "SynchroMed II, 40 mL, with Ascenda 8780",
        {"isomed-20-15": {"H10-interval"}, "isomed-35-03": set(), "prometra-ii-20": set()},
        {"not-on-sale": Verdict.WARN},
        "needs.drugs.1.daily_dose",
    ),
    # Two months to live: an external pump. Three would do.
    Patient(
        "Demo Patient Cedar",
        CANCER | {"patient.stage": "palliation", "patient.life_expectancy_months": 2},
        "external pump on a tunnelled catheter",
        None,
        None,
        (),
        None,
        None,
        {"synchromed-ii-20": {"H2-life-expectancy"}},
        {"not-a-candidate": Verdict.REFUSE},
        "patient.life_expectancy_months",
    ),
    # The trial did not halve the pain, and the psychologist objects: no single fact would do.
    Patient(
        "Demo Patient Hazel",
        {"trial.relief_percent": 30, "patient.psychology": "objection"},
        "no implanted pump",
        None,
        None,
        (),
        None,
        None,
        {"synchromed-ii-20": {"psychology", "H3-trial"}},
        {"not-a-candidate": Verdict.REFUSE},
        None,
    ),
    # Ziconotide goes only into pumps its label names; the pilot's flights exclude vapour drives besides. Undiluted at
    # 25 microgram/mL: 2.4 / 25 = 0.096 mL/day, 84 days by stability. In 40 mL, where any is left over.
    Patient(
        "Demo Patient Rowan",
        {"needs.drugs": drugs("ziconotide 2.4 microgram/day"), "life.flies_often": True},
        "candidate for an implanted pump",
        "SynchroMed II, 40 mL, with Ascenda 8780",
        3,
        ("25 microgram/mL",),
        84,
        "SynchroMed II, 40 mL, with Ascenda 8780",
        {
            "prometra-ii-20": {"H4-H5-label"},
            "isomed-35-05": {"H4-H5-label", "H8-altitude", "H10-thin"},
            "medstream-20": {"H4-H5-label", "H10-thin"},
            "synchromed-el-10": set(),
        },
        {},
        None,
    ),
)


@pytest.mark.parametrize("patient", SIX, ids=lambda patient: patient.name)
def test_a_walk_through(patient):
    found = selection(told(patient.facts))
    answer = found.answer
    assert answer.choice.route.value == patient.route
    for pump, rules in patient.against.items():
        assert rules_against(answer.choice, pump) == rules
    assert {each.rule: each.verdict for each in found.findings} == patient.findings
    first = answer.first
    assert (None if first is None else first.name) == patient.first
    assert (None if first is None else first.points) == patient.points
    best_sold = answer.choice.first_sold
    assert (None if best_sold is None else best_sold.name) == patient.sold
    smallest = answer.changes[0].path if answer.changes else None
    assert smallest == patient.smallest
    if first is not None:
        assert first.fill is not None
        assert tuple(str(each.concentration) for each in first.fill.fluid) == patient.fluid
        assert first.fill.interval.count // 86_400_000 == patient.interval
