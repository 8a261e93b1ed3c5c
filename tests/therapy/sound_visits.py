"""Visits in which everything is right. Each is the refill visit with some fields written differently."""

from __future__ import annotations

from .visits import LEFT_OUT, MORPHINE_10, MORPHINE_20

BACLOFEN_500 = [{"drug": "baclofen", "concentration": "500 microgram/mL"}]
HYDROMORPHONE_5 = [{"drug": "hydromorphone", "concentration": "5 mg/mL"}]
NO_REFILL = {"pending.refill": LEFT_OUT, "pending.refill_interval": LEFT_OUT}
UNPROGRAMMED = {"current.therapy": LEFT_OUT, "current.fluid": LEFT_OUT}


def continuous(dose):
    return {"mode": "simple continuous", "daily_dose": dose}


def refilled_with(fluid):
    return {"pending.refill.fluid": fluid, "pending.refill.read_again": fluid}


def holding(fluid, dose):
    """The pump has run this fluid at this dose, and is refilled with it."""
    return {
        "current.fluid": fluid,
        "current.therapy": continuous(dose),
        "devices.line.holds": [{"fluid": fluid}],
        **refilled_with(fluid),
    }


def then(*visits):
    """Earlier refills of 20 mL: what was expected, what came out."""
    return [
        {"at": f"2026-{month:02d}-20T08:00:00Z", "filled_before": "20 mL", "expected": expected, "withdrawn": withdrawn}
        for month, (expected, withdrawn) in enumerate(visits, start=3)
    ]


STRONGER_BRIDGED = {
    **refilled_with(MORPHINE_20),
    "pending.prescription": continuous("2.4 mg/day"),
    "pending.bridge": {"volume": "0.34 mL", "duration": "34 h"},
}
NEW_IMPLANT = {
    **UNPROGRAMMED,
    **refilled_with([{"drug": "morphine", "concentration": "2 mg/mL"}]),
    "current.reservoir": "0 mL",
    "pending.refill.withdrawn": "0 mL",
    "pending.refill.filled_before": LEFT_OUT,
    "pending.prescription": continuous("0.2 mg/day"),
    "pending.prime": {"volume": "0.34 mL"},
    "devices.line.holds": [{}],
    "devices.implanted": "2026-11-22T06:00:00Z",
    "devices.volumes_recorded": "2026-11-22T06:00:00Z",
    "patient.tolerance": "naive",
}

SOUND = {
    "an ordinary refill": {},
    "a refill of which only the volumes and the proof of place are told": {
        "pending.refill": {"withdrawn": "4.4 mL", "filled": "20 mL", "recovered": "2 mL", "fluid": MORPHINE_10},
        "devices": LEFT_OUT,
    },
    "a refill of a 40 mL pump": {
        "current.pump": "synchromed-ii-40",
        "current.reservoir": "22 mL",
        "pending.refill.withdrawn": "23.8 mL",
        "pending.refill.filled": "40 mL",
        "pending.refill.injected": "40 mL",
        "pending.refill.filled_before": "40 mL",
        "pending.refill_interval": "90 day",
    },
    "a stronger fluid with the right bridge": STRONGER_BRIDGED,
    "a stronger fluid and a bridge at a dose between old and new": {
        **STRONGER_BRIDGED,
        "pending.prescription": continuous("2.6 mg/day"),
        "pending.bridge": {"volume": "0.34 mL", "duration": "32.5 h"},
    },
    "a thinner fluid with the right bridge": {
        **holding(MORPHINE_20, "2.4 mg/day"),
        **refilled_with(MORPHINE_10),
        "pending.prescription": continuous("2.4 mg/day"),
        "pending.bridge": {"volume": "0.34 mL", "duration": "68 h"},
    },
    "another drug with a bridge at less of the old one": {
        **refilled_with(HYDROMORPHONE_5),
        "pending.prescription": continuous("0.4 mg/day"),
        "pending.bridge": {"volume": "0.34 mL", "duration": "48 h"},
        "patient.tolerance": "tolerant",
    },
    "a stronger fluid after catheter and tubing were filled anew": {
        **STRONGER_BRIDGED,
        "pending.bridge": LEFT_OUT,
        "devices.line.holds": [{"fluid": MORPHINE_20}],
    },
    "a drug added at the same flow": {
        **refilled_with([*MORPHINE_10, {"drug": "bupivacaine", "concentration": "5 mg/mL"}]),
        "pending.prescription": continuous("2.4 mg/day"),
    },
    "a new implant with the right prime": NEW_IMPLANT,
    "a new pump primed on the table, only the catheter to prime": {
        **NEW_IMPLANT,
        "pending.prime": {"volume": "0.2 mL"},
        "devices.line.holds": [
            {"volume": "0.14 mL", "fluid": [{"drug": "morphine", "concentration": "2 mg/mL"}]},
            {},
        ],
    },
    "a catheter replaced, measured anew and primed": {
        **NO_REFILL,
        "current.reservoir": "15 mL",
        "devices.revised": "2026-11-22T06:00:00Z",
        "devices.volumes_recorded": "2026-11-22T06:30:00Z",
        "devices.line.holds": [{"volume": "0.14 mL", "fluid": MORPHINE_10}, {}],
        "pending.prime": {"volume": "0.2 mL"},
    },
    "a catheter aspirated and primed with the same fluid": {
        "pending.aspirated": "0.25 mL",
        "pending.prime": {"volume": "0.2 mL"},
    },
    "a dose step without a refill": {
        **NO_REFILL,
        "current.reservoir": "15 mL",
        "pending.prescription": continuous("2.6 mg/day"),
    },
    "a scan with a SynchroMed that goes on running": {
        **NO_REFILL,
        "current.reservoir": "15 mL",
        "pending.mri": {"field_tesla": "1.5", "reservoir": "15 mL"},
    },
    "a scan with a Prometra that was emptied": {
        **NO_REFILL,
        "current.pump": "prometra-ii-20",
        "current.reservoir": "15 mL",
        "devices.catheter": "flowonix-11823",
        "pending.mri": {"field_tesla": "1.5", "reservoir": "1 mL"},
    },
    "a pump refilled after it was emptied and stopped for a scan": {
        "current.therapy": {"mode": "stopped"},
        "current.last_therapy": continuous("2.4 mg/day"),
        "current.reservoir": "0 mL",
        "pending.refill.withdrawn": "0 mL",
        "pending.refill.filled_before": LEFT_OUT,
        "pending.prescription": continuous("2.4 mg/day"),
        "history.silent_for": "5 h",
    },
    "less drawn out than expected, the place proven, the rest told": {
        "pending.refill.withdrawn": "3.2 mL",
        "pending.refill.injected": "19 mL",
        "pending.refill.filled": "19.8 mL",
    },
    "baclofen for spasticity": {
        **holding(BACLOFEN_500, "100 microgram/day"),
        "patient.indication": "spasticity",
        "patient.origin": "spinal",
    },
    "hydromorphone, off label but by consensus": {**holding(HYDROMORPHONE_5, "1.2 mg/day")},
    "a day with two rates": {
        "pending.prescription": {
            "mode": "flex",
            "background": "2.4 mg/day",
            "steps": [{"start": "08:00", "end": "10:00", "dose": "0.3 mg", "every_h": 24}],
        },
    },
    "an assay near the label": {
        "pending.refill.assayed": [{"drug": "morphine", "concentration": "9.2 mg/mL"}],
    },
    "earlier refills that scatter": {
        "history.refills": then(("5 mL", "5.4 mL"), ("4 mL", "3.8 mL"), ("6 mL", "6.3 mL")),
    },
    "a replacement date that agrees": {"devices.shown_replace_by": "2032-02-10T00:00:00Z"},
}
