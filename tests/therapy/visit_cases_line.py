"""Bridge, prime and the volumes they are made with: what must be caught, and near twins."""

from __future__ import annotations

from thecal.therapy.findings import Verdict

from .sound_visits import (
    BACLOFEN_500,
    HYDROMORPHONE_5,
    NEW_IMPLANT,
    NO_REFILL,
    SOUND,
    STRONGER_BRIDGED,
    continuous,
    holding,
    refilled_with,
)
from .visits import LEFT_OUT, MORPHINE_10, MORPHINE_20

WARN, STOP, REFUSE = Verdict.WARN, Verdict.STOP, Verdict.REFUSE
UNBRIDGED = {**STRONGER_BRIDGED, "pending.bridge": LEFT_OUT}
THINNER = {**holding(MORPHINE_20, "2.4 mg/day"), **refilled_with(MORPHINE_10)}
ANOTHER_DRUG = SOUND["another drug with a bridge at less of the old one"]
CATHETER_NEW = SOUND["a catheter replaced, measured anew and primed"]
BOLUS = {"dose": "0.1 mg", "duration": "10 min", "lockout": "6 h", "maximum_per_24h": 2}


def bridged(volume, duration, base=STRONGER_BRIDGED):
    return {**base, "pending.bridge": {"volume": volume, "duration": duration}}


def declined(reason, base):
    return {**base, "pending.bridge": {"declined_because": reason}}


def to_thinner_hydromorphone(dose):
    """Morphine 20 mg/mL at 1 mg/day makes way for a fluid a hundred times thinner, at many times the flow."""
    fluid = [{"drug": "hydromorphone", "concentration": "0.2 mg/mL"}]
    return {**holding(MORPHINE_20, "1 mg/day"), **refilled_with(fluid), "pending.prescription": continuous(dose)}


def from_ziconotide(dose):
    """Ziconotide 100 microgram/mL makes way for morphine 1 mg/mL."""
    old = [{"drug": "ziconotide", "concentration": "100 microgram/mL"}]
    new = [{"drug": "morphine", "concentration": "1 mg/mL"}]
    return {**holding(old, "5 microgram/day"), **refilled_with(new), "pending.prescription": continuous(dose)}


BACLOFEN_2000 = [{"drug": "baclofen", "concentration": "2000 microgram/mL"}]
FOUR_TIMES_THINNER = {
    **holding(BACLOFEN_2000, "300 microgram/day"),
    **refilled_with(BACLOFEN_500),
    "pending.prescription": continuous("300 microgram/day"),
}

# rule -> what must be caught, with the verdict, and the near twins that must pass
CASES = {
    "bridge-missing": (
        [
            (STOP, UNBRIDGED),
            (STOP, {**THINNER, "pending.bridge": LEFT_OUT}),
            (STOP, {**ANOTHER_DRUG, "pending.bridge": LEFT_OUT}),
            (STOP, {**UNBRIDGED, "pending.bridge": {"volume": "0.34 mL"}}),
            (STOP, {**UNBRIDGED, "pending.bridge": {"volume": "0.34 mL", "duration": "0 h"}}),
            (REFUSE, declined(".", UNBRIDGED)),
            (REFUSE, declined("n/a", to_thinner_hydromorphone("0.15 mg/day"))),
            (STOP, {**UNBRIDGED, "devices.line": {}}),
            (STOP, {**UNBRIDGED, "devices": LEFT_OUT}),
            (STOP, {**UNBRIDGED, "pending.aspirated": "0.25 mL", "pending.prime": {"volume": "0.1 mL"}}),
            (STOP, {**NEW_IMPLANT, "pending.prime": LEFT_OUT, "devices.line.holds": [{"fluid": BACLOFEN_500}]}),
        ],
        [
            STRONGER_BRIDGED,
            SOUND["a drug added at the same flow"],
            SOUND["a stronger fluid after catheter and tubing were filled anew"],
            {**UNBRIDGED, "devices.line.holds": [{}]},
            {**UNBRIDGED, "pending.prescription": {"mode": "stopped"}},
            {"devices.line": {}},
        ],
    ),
    "fluid-change": (
        [
            (WARN, {**UNBRIDGED, "pending.bridge": {"declined_because": "saline ran for a week"}}),
            (WARN, {**THINNER, "devices": LEFT_OUT, "pending.bridge": {"declined_because": "as agreed"}}),
            (STOP, declined("the line was flushed", to_thinner_hydromorphone("0.15 mg/day"))),
            (STOP, declined("as agreed", {**to_thinner_hydromorphone("0.15 mg/day"), "devices": LEFT_OUT})),
            (STOP, declined("as agreed", {**to_thinner_hydromorphone("0.15 mg/day"), "devices.line": {}})),
            (STOP, declined("as agreed", FOUR_TIMES_THINNER)),
            (REFUSE, declined("as agreed", from_ziconotide("1 mg/day"))),
            (REFUSE, declined("as agreed", to_thinner_hydromorphone("0.6 mg/day"))),
            (REFUSE, {**from_ziconotide("1 mg/day"), "pending.bridge": LEFT_OUT}),
            (STOP, declined("as agreed", from_ziconotide("0.4 mg/day"))),
            (WARN, declined("as agreed", to_thinner_hydromorphone("0.02 mg/day"))),
            (WARN, declined("as agreed", {**UNBRIDGED, "devices.line.holds": [{"fluid": HYDROMORPHONE_5}]})),
        ],
        [
            {**to_thinner_hydromorphone("0.15 mg/day"), "pending.bridge": LEFT_OUT},
            bridged("0.34 mL", "48 h", base=from_ziconotide("1 mg/day")),
            {"pending.bridge": {"declined_because": "nothing changes"}},
            STRONGER_BRIDGED,
        ],
    ),
    "bridge-wrong": (
        [
            (STOP, bridged("0.399 mL", "39.9 h")),
            (STOP, bridged("0.281 mL", "28.1 h")),
            (STOP, bridged("0.34 mL", "68 h")),
            (STOP, bridged("0.34 mL", "17 h")),
            (STOP, bridged("0.34 mL", "34 h", base={})),
            (STOP, bridged("0.34 mL", "34 h", base={**STRONGER_BRIDGED, "devices.line.holds": [{}]})),
            (STOP, bridged("0.34 mL", "20 h", base=ANOTHER_DRUG)),
            (STOP, bridged("0.34 mL", "72 h", base=ANOTHER_DRUG)),
            (STOP, bridged("0.34 mL", "34 h", base={**UNBRIDGED, "devices.catheter_volume": "0.25 mL"})),
            (STOP, bridged("0.419 mL", "67.04 h", base=FOUR_TIMES_THINNER)),
            (STOP, bridged("0.322 mL", "51.52 h", base=FOUR_TIMES_THINNER)),
        ],
        [
            STRONGER_BRIDGED,
            bridged("0.34 mL", "54.4 h", base=FOUR_TIMES_THINNER),
            bridged("0.37 mL", "59.2 h", base=FOUR_TIMES_THINNER),
            bridged("0.399 mL", "63.84 h", base=FOUR_TIMES_THINNER),
            bridged("0.33 mL", "33 h"),
            bridged("0.34 mL", "60 h", base=ANOTHER_DRUG),
            bridged("0.34 mL", "34 h", base={**STRONGER_BRIDGED, "devices": LEFT_OUT}),
            bridged("0.34 mL", "34 h", base={**STRONGER_BRIDGED, "pending.prescription": {"mode": "stopped"}}),
        ],
    ),
    "bridge-long": (
        [
            (WARN, bridged("0.34 mL", "82 h", base={**STRONGER_BRIDGED, "current.therapy": continuous("1 mg/day")})),
            (REFUSE, bridged("0.34 mL", "169 h", base=THINNER)),
        ],
        [bridged("0.34 mL", "72 h", base=THINNER), {"pending.bridge": {"volume": "0.34 mL", "duration": "200 h"}}],
    ),
    "bridge-rate": (
        [(REFUSE, bridged("0.34 mL", "171 h", base=THINNER)), (REFUSE, bridged("0.34 mL", "0.3 h", base=THINNER))],
        [bridged("0.34 mL", "169 h", base=THINNER)],
    ),
    "line-unknown": (
        [
            (REFUSE, {**STRONGER_BRIDGED, "devices.line": {}}),
            (REFUSE, bridged("0.34 mL", "34 h", base={"devices.line": {}})),
        ],
        [STRONGER_BRIDGED, UNBRIDGED],
    ),
    "bolus-during-bridge": (
        [
            (
                REFUSE,
                {
                    **STRONGER_BRIDGED,
                    "pending.prescription": {
                        **continuous("2.4 mg/day"),
                        "patient_bolus": BOLUS,
                    },
                },
            ),
            (
                REFUSE,
                {
                    **bridged("0.34 mL", "34 h", base=THINNER),
                    "pending.prescription": {
                        "mode": "flex",
                        "background": "2.4 mg/day",
                        "steps": [{"start": "08:00", "end": "10:00", "dose": "0.2 mg", "every_h": 24}],
                        "patient_bolus": BOLUS,
                    },
                },
            ),
        ],
        [
            STRONGER_BRIDGED,
            {
                "pending.bridge": {"declined_because": "same fluid"},
                "pending.prescription": {
                    **continuous("2.4 mg/day"),
                    "patient_bolus": BOLUS,
                },
            },
        ],
    ),
    "prime-into-drug": (
        [
            (REFUSE, {"pending.prime": {"volume": "0.34 mL"}}),
            (REFUSE, {**NEW_IMPLANT, "devices.line.holds": [{"volume": "0.14 mL"}, {"fluid": MORPHINE_10}]}),
            (REFUSE, {**NEW_IMPLANT, "pending.prime": {"volume": "0.4 mL"}}),
            (REFUSE, {"pending.aspirated": "0.25 mL", "pending.prime": {"volume": "0.34 mL"}}),
            (REFUSE, {**NO_REFILL, "devices.line": LEFT_OUT, "pending.prime": {"volume": "0.2 mL"}}),
            (REFUSE, {**NEW_IMPLANT, "devices.line.holds": [{"fluid": BACLOFEN_500}]}),
        ],
        [
            NEW_IMPLANT,
            CATHETER_NEW,
            {**NEW_IMPLANT, "pending.prime": {"volume": "0.344 mL"}},
            {"pending.aspirated": "0.25 mL", "pending.prime": {"volume": "0.2 mL"}},
        ],
    ),
    "prime-line-unknown": (
        [
            (REFUSE, {**NEW_IMPLANT, "devices.line": {}}),
            (REFUSE, {**NEW_IMPLANT, "devices.line": LEFT_OUT}),
            (REFUSE, {**NEW_IMPLANT, "devices": LEFT_OUT}),
            (REFUSE, {**CATHETER_NEW, "devices.line": {}, "pending.aspirated": "0.19 mL"}),
        ],
        [NEW_IMPLANT, {**CATHETER_NEW, "devices.line": {}, "pending.aspirated": "0.2 mL"}],
    ),
    "tubing-version": (
        [
            (STOP, {**bridged("0.399 mL", "39.9 h"), "devices.tubing_volume": "0.199 mL"}),
            (STOP, {**NEW_IMPLANT, "devices.tubing_volume": "0.199 mL", "pending.prime": {"volume": "0.399 mL"}}),
            (STOP, {**NEW_IMPLANT, "devices.tubing_volume": "0.15 mL"}),
            (STOP, {**NEW_IMPLANT, "devices.tubing_volume": LEFT_OUT, "devices.line.tubing": "0.199 mL"}),
        ],
        [
            {"devices.tubing_volume": "0.199 mL"},
            NEW_IMPLANT,
            {**UNBRIDGED, "devices.tubing_volume": "0.199 mL", "pending.bridge": {"declined_because": "aspirated"}},
            {**NEW_IMPLANT, "devices.tubing_volume": LEFT_OUT, "devices.line": LEFT_OUT},
        ],
    ),
    "line-outdated": (
        [
            (REFUSE, {**STRONGER_BRIDGED, "devices.revised": "2026-03-01T08:00:00Z"}),
            (REFUSE, {**CATHETER_NEW, "devices.volumes_recorded": "2026-11-22T05:59:00Z"}),
        ],
        [
            {"devices.revised": "2026-03-01T08:00:00Z"},
            CATHETER_NEW,
            {**STRONGER_BRIDGED, "devices.revised": "2026-03-01T08:00:00Z", "devices.volumes_recorded": LEFT_OUT},
        ],
    ),
}
