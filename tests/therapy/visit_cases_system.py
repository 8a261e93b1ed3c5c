"""Fluid, interval, battery, scan, catheter and pump: what must be caught, and near twins."""

from __future__ import annotations

from typing import Any

from thecal.therapy.findings import Verdict

from .sound_visits import BACLOFEN_500, HYDROMORPHONE_5, NO_REFILL, continuous, holding, refilled_with
from .visits import LEFT_OUT, MORPHINE_10, MORPHINE_20

WARN, STOP, REFUSE, INFO = Verdict.WARN, Verdict.STOP, Verdict.REFUSE, Verdict.INFO
MORPHINE_1 = [{"drug": "morphine", "concentration": "1 mg/mL"}]
NOTHING = {"mode": "stopped"}
ZICONOTIDE_25 = [{"drug": "ziconotide", "concentration": "25 microgram/mL"}]
ZICONOTIDE_5 = [{"drug": "ziconotide", "concentration": "5 microgram/mL"}]
SLOW = {"current.therapy": continuous("1 mg/day"), "pending.refill_interval": "85 day"}
ISOMED = {
    **NO_REFILL,
    "current.pump": "isomed-20-05",
    "current.therapy": LEFT_OUT,
    "devices.implanted": LEFT_OUT,
    "devices.tubing_volume": LEFT_OUT,
    "devices.line": LEFT_OUT,
}
PROMETRA = {**NO_REFILL, "current.pump": "prometra-ii-20", "devices.catheter": "flowonix-11823"}


def first_ziconotide(daily_dose: str) -> dict[str, Any]:
    """A new pump, filled for the first time with ziconotide from the vial, which keeps for 14 days then."""
    new = {"current.fluid": [], "current.therapy": LEFT_OUT, "current.reservoir": "0 mL", "devices.line": LEFT_OUT}
    filled = {"pending.refill.withdrawn": "0 mL", "pending.refill.filled": "18 mL", "pending.refill.injected": "18 mL"}
    return {**refilled_with(ZICONOTIDE_25), **new, **filled, "pending.prescription": continuous(daily_dose)}


# rule -> what must be caught, with the verdict, and the near twins that must pass
CASES = {
    "fluid-differs": (
        [
            (REFUSE, {**NO_REFILL, "pending.prescription": {**continuous("2.4 mg/day"), "fluid": MORPHINE_20}}),
            (
                REFUSE,
                {
                    **NO_REFILL,
                    "current.fluid": [],
                    "current.therapy": LEFT_OUT,
                    "pending.prescription": {**continuous("2.4 mg/day"), "fluid": MORPHINE_10},
                },
            ),
            (
                REFUSE,
                {
                    **refilled_with([*MORPHINE_10, *HYDROMORPHONE_5]),
                    "pending.prescription": {**continuous("2.4 mg/day"), "fluid": [*HYDROMORPHONE_5, *MORPHINE_10]},
                },
            ),
        ],
        [{**NO_REFILL, "pending.prescription": {**continuous("2.4 mg/day"), "fluid": MORPHINE_10}}],
    ),
    "stability": (
        [
            (WARN, {**SLOW, "pending.refill_interval": "91 day"}),
            (INFO, {**SLOW, "pending.refill_interval": LEFT_OUT}),
            (
                WARN,
                {
                    **refilled_with(ZICONOTIDE_25),
                    "pending.prescription": continuous("2.4 microgram/day"),
                    "pending.refill_interval": "15 day",
                },
            ),
            (WARN, {**holding(ZICONOTIDE_5, "1 microgram/day"), "pending.refill_interval": "41 day"}),
            (
                WARN,
                {
                    **refilled_with([*MORPHINE_10, {"drug": "clonidine", "concentration": "50 microgram/mL"}]),
                    "current.therapy": continuous("1 mg/day"),
                    "pending.prescription": continuous("1 mg/day"),
                    "pending.refill_interval": "91 day",
                },
            ),
        ],
        [
            {**SLOW, "pending.refill_interval": "90 day"},
            {**NO_REFILL, "current.fluid": [], "current.therapy": LEFT_OUT, "pending.prescription": NOTHING},
            {**holding(ZICONOTIDE_25, "3 microgram/day"), "pending.refill_interval": "60 day"},
            {**holding([*MORPHINE_10, *HYDROMORPHONE_5], "1 mg/day"), "pending.refill_interval": "120 day"},
            {**NO_REFILL, **SLOW, "pending.refill_interval": "120 day"},
            {**SLOW, "pending.refill_interval": LEFT_OUT, "pending.prescription": {"mode": "stopped"}},
        ],
    ),
    "interval-inconsistent": (
        [
            (STOP, {"pending.refill_interval": "76 day"}),
            (STOP, {"pending.refill_interval": "30 day", "current.therapy": continuous("120 mg/day")}),
            (STOP, {**NO_REFILL, "pending.refill_interval": "76 day"}),
            (STOP, {"pending.refill_interval": "7 day"}),
            (STOP, {**first_ziconotide("1.2 microgram/day"), "pending.refill_interval": "1 day"}),
            (
                WARN,
                {
                    "pending.prescription": {
                        **continuous("2.4 mg/day"),
                        "patient_bolus": {
                            "dose": "0.1 mg",
                            "duration": "10 min",
                            "lockout": "6 h",
                            "maximum_per_24h": 4,
                        },
                    },
                    "pending.refill_interval": "70 day",
                },
            ),
        ],
        [
            {"pending.refill_interval": "75 day"},
            {"pending.refill_interval": "8 day"},
            {**first_ziconotide("1.2 microgram/day"), "pending.refill_interval": "14 day"},
            {**first_ziconotide("2.4 microgram/day"), "pending.refill_interval": "14 day"},
            {"pending.refill_interval": "400 day", "pending.prescription": {"mode": "stopped"}},
            {"pending.refill_interval": "0 day"},
        ],
    ),
    "days-left": (
        [
            (WARN, {**NO_REFILL, "current.reservoir": "3.6 mL"}),
            (WARN, {**NO_REFILL, "current.reservoir": "2 mL"}),
        ],
        [{**NO_REFILL, "current.reservoir": "3.7 mL"}, {}],
    ),
    "refill-interval": (
        [
            (WARN, {**holding(MORPHINE_1, "0.7 mg/day"), "pending.refill_interval": "20 day"}),
            (WARN, {**holding(MORPHINE_1, "2.4 mg/day"), "pending.refill_interval": "7 day"}),
        ],
        [{**holding(MORPHINE_1, "0.6 mg/day"), "pending.refill_interval": "20 day"}],
    ),
    "alarm-level": (
        [
            (WARN, {"pending.prescription": {**continuous("2.4 mg/day"), "low_reservoir": "1.9 mL"}}),
            (WARN, {"pending.prescription": {**continuous("2.4 mg/day"), "low_reservoir": "10.1 mL"}}),
        ],
        [
            {"pending.prescription": {**continuous("2.4 mg/day"), "low_reservoir": "2 mL"}},
            {
                "pending.prescription": {**continuous("2.4 mg/day"), "low_reservoir": "10 mL"},
                "pending.refill_interval": "40 day",
            },
        ],
    ),
    "replacement-due": (
        [
            (WARN, {"devices.implanted": "2020-05-01T08:00:00Z"}),
            (WARN, {"devices.implanted": "2018-05-01T08:00:00Z"}),
        ],
        [{"devices.implanted": "2020-07-01T08:00:00Z"}, {"devices.implanted": LEFT_OUT}, {**ISOMED}],
    ),
    "replacement-date-differs": (
        [
            (STOP, {"devices.shown_replace_by": "2033-02-01T00:00:00Z"}),
            (WARN, {"devices.shown_replace_by": "2031-12-01T00:00:00Z"}),
            (STOP, {"devices.shown_replace_by": "2031-06-01T00:00:00Z"}),
        ],
        [{"devices.shown_replace_by": "2032-01-15T00:00:00Z"}],
    ),
    "mri-empty-first": (
        [
            (REFUSE, {**PROMETRA, "pending.mri": {"field_tesla": "1.5", "reservoir": "12 mL"}}),
            (
                REFUSE,
                {
                    **PROMETRA,
                    "current.pump": "prometra-ii-40",
                    "pending.mri": {"field_tesla": "1.5", "reservoir": "1.5 mL"},
                },
            ),
        ],
        [
            {**PROMETRA, "pending.mri": {"field_tesla": "1.5", "reservoir": "1.4 mL"}},
            {"pending.mri": {"field_tesla": "1.5", "reservoir": "12 mL"}},
            PROMETRA,
        ],
    ),
    "mri-field": (
        [
            (STOP, {**PROMETRA, "pending.mri": {"field_tesla": "3", "reservoir": "0 mL"}}),
            (STOP, {"pending.mri": {"field_tesla": "3.001", "reservoir": "12 mL"}}),
            (STOP, {**ISOMED, "pending.mri": {"field_tesla": "1.6", "reservoir": "12 mL"}}),
            (WARN, {"current.pump": "medstream-20", "pending.mri": {"field_tesla": "0.5", "reservoir": "0 mL"}}),
            (
                INFO,
                {
                    **ISOMED,
                    "current.pump": "codman-3000-16-05",
                    "pending.mri": {"field_tesla": "3", "reservoir": "9 mL"},
                },
            ),
        ],
        [
            {},
            {**PROMETRA, "pending.mri": {"field_tesla": "1.5", "reservoir": "0 mL"}},
            {"pending.mri": {"field_tesla": "3", "reservoir": "12 mL"}},
            {**ISOMED, "pending.mri": {"field_tesla": "1.50", "reservoir": "12 mL"}},
        ],
    ),
    "mri-interrogate": (
        [
            (INFO, {"pending.mri": {"field_tesla": "1.5", "reservoir": "12 mL"}}),
            (INFO, {"current.pump": "synchromed-ii-40", "pending.mri": {"field_tesla": "3", "reservoir": "0 mL"}}),
        ],
        [{}, {**ISOMED, "pending.mri": {"field_tesla": "1.5", "reservoir": "12 mL"}}],
    ),
    "pairing-forbidden": (
        [
            (REFUSE, {**ISOMED, "devices.catheter": "indura-8709sc"}),
            (REFUSE, {**ISOMED, "current.pump": "isomed-35-10", "devices.catheter": "intrathecal-8731sc"}),
        ],
        [
            {**ISOMED, "devices.catheter": "indura-8709"},
            {"devices.catheter": "indura-8709sc"},
            {**ISOMED, "devices.catheter": LEFT_OUT},
        ],
    ),
    "pairing-not-named": (
        [(INFO, {"devices.catheter": "flowonix-11823"}), (INFO, {**PROMETRA, "devices.catheter": "ascenda-8780"})],
        [{}, PROMETRA],
    ),
    "not-for-this-pump": (
        [
            (REFUSE, {**ISOMED, "current.fluid": BACLOFEN_500}),
            (REFUSE, {**holding(ZICONOTIDE_25, "3 microgram/day"), **PROMETRA, "patient.jurisdiction": "EU"}),
            (INFO, holding(HYDROMORPHONE_5, "1 mg/day")),
            (INFO, {**ISOMED, "current.fluid": BACLOFEN_500, "patient.jurisdiction": "EU"}),
        ],
        [{**ISOMED}, holding(ZICONOTIDE_25, "3 microgram/day"), holding(BACLOFEN_500, "100 microgram/day")],
    ),
}
