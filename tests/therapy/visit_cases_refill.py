"""Who is here, what is on the label, what is told and what came out: what must be caught, and near twins."""

from __future__ import annotations

from thecal.therapy.findings import Verdict

from .sound_visits import (
    HYDROMORPHONE_5,
    NEW_IMPLANT,
    NO_REFILL,
    SOUND,
    STRONGER_BRIDGED,
    continuous,
    refilled_with,
    then,
)
from .visits import LEFT_OUT, MORPHINE_10

WARN, STOP, REFUSE, INFO = Verdict.WARN, Verdict.STOP, Verdict.REFUSE, Verdict.INFO
MORPHINE_1 = [{"drug": "morphine", "concentration": "1 mg/mL"}]
MORPHINE_21 = [{"drug": "morphine", "concentration": "21 mg/mL"}]
WRITTEN_FOR_10 = {**continuous("2.4 mg/day"), "fluid": MORPHINE_10}


def assayed(drug, concentration):
    return {"pending.refill.assayed": [{"drug": drug, "concentration": concentration}]}


def came_out(withdrawn, **more):
    return {"pending.refill.withdrawn": withdrawn, **{f"pending.refill.{name}": value for name, value in more.items()}}


# rule -> what must be caught, with the verdict, and the near twins that must pass
CASES = {
    "wrong-pump": (
        [
            (REFUSE, {"devices.recorded_serial": "TH-0010"}),
            (REFUSE, {"devices.recorded_serial": "th-0001"}),
            (REFUSE, {"devices.pump": "synchromed-ii-40"}),
        ],
        [{"devices.pump": "synchromed-ii-20"}, {"devices.recorded_serial": LEFT_OUT}],
    ),
    "fill-too-large": (
        [
            (REFUSE, came_out("4.1 mL", filled="40 mL")),
            (REFUSE, came_out("21 mL")),
            (REFUSE, came_out("4.1 mL", injected="20.1 mL")),
            (REFUSE, came_out("4.1 mL", recovered="20.1 mL")),
        ],
        [came_out("4.1 mL", filled="18 mL", injected="18 mL")],
    ),
    "fill-inconsistent": (
        [
            (REFUSE, came_out("4.1 mL", injected="10 mL")),
            (REFUSE, came_out("4.1 mL", filled="10 mL")),
            (REFUSE, came_out("3 mL", injected="17.9 mL")),
        ],
        [came_out("3 mL", injected="18 mL"), came_out("4.1 mL", injected="19 mL"), came_out("4.1 mL", injected=None)],
    ),
    "label-differs": (
        [
            (REFUSE, {"pending.refill.read_again": MORPHINE_1}),
            (REFUSE, {"pending.refill.read_again": HYDROMORPHONE_5}),
            (REFUSE, {"pending.prescription": {**continuous("2.4 mg/day"), "fluid": MORPHINE_1}}),
            (REFUSE, {"pending.prescription": {**continuous("2.4 mg/day"), "fluid": [*MORPHINE_10, *HYDROMORPHONE_5]}}),
        ],
        [
            {"pending.refill.read_again": LEFT_OUT},
            {"pending.refill.read_again": [{"drug": "morphine", "concentration": "10000 microgram/mL"}]},
        ],
    ),
    "concentration-step": (
        [
            (STOP, {**refilled_with(MORPHINE_21), "pending.refill.read_again": LEFT_OUT}),
            (STOP, {**refilled_with(MORPHINE_1), "pending.refill.read_again": MORPHINE_10}),
            (STOP, {**refilled_with(MORPHINE_1), "pending.prescription": WRITTEN_FOR_10}),
            (WARN, refilled_with(MORPHINE_21)),
            (WARN, refilled_with(MORPHINE_1)),
            (WARN, {**STRONGER_BRIDGED, **refilled_with(MORPHINE_21)}),
        ],
        [STRONGER_BRIDGED, refilled_with(HYDROMORPHONE_5)],
    ),
    "assay-outside": (
        [
            (STOP, assayed("morphine", "8.4 mg/mL")),
            (STOP, assayed("morphine", "11.6 mg/mL")),
            (STOP, assayed("clonidine", "10 microgram/mL")),
        ],
        [assayed("morphine", "8.5 mg/mL"), assayed("morphine", "11.5 mg/mL")],
    ),
    "volume-differs": (
        [
            (WARN, came_out("2.9 mL")),
            (WARN, came_out("5.1 mL")),
            (WARN, {**SOUND["a refill of a 40 mL pump"], "pending.refill.withdrawn": "24.1 mL"}),
        ],
        [came_out("3 mL"), came_out("5 mL")],
    ),
    "place-unproven": (
        [
            (STOP, came_out("2.5 mL", recovered=None)),
            (STOP, came_out("11.5 mL", recovered="1.9 mL") | {"current.reservoir": "13 mL"}),
            # as much as expected came out, a little less, and more: the place is asked for all the same
            (WARN, came_out("4 mL", recovered=None)),
            (WARN, came_out("12.1 mL", recovered="0 mL") | {"current.reservoir": "13 mL"}),
            (WARN, came_out("6 mL", recovered="1.9 mL")),
        ],
        [came_out("2.5 mL", recovered="2 mL"), came_out("3 mL", recovered="2 mL"), NO_REFILL],
    ),
    "drug-free-interval": (
        [
            (STOP, came_out("0 mL")),
            (STOP, came_out("0.5 mL") | {"current.reservoir": "0 mL"}),
            (
                STOP,
                came_out("0 mL")
                | {"current.therapy": {"mode": "stopped"}, "current.last_therapy": continuous("2.4 mg/day")},
            ),
        ],
        [
            came_out("0.6 mL") | {"current.reservoir": "1 mL"},
            SOUND["a pump refilled after it was emptied and stopped for a scan"],
            NEW_IMPLANT,
        ],
    ),
    "unexpectedly-full": (
        [
            (STOP, came_out("19 mL")),
            (STOP, came_out("13 mL", filled_before=None)),
            (STOP, came_out("10.1 mL", filled_before="16 mL")),
        ],
        [
            came_out("11 mL"),
            came_out("19.8 mL") | {"current.reservoir": "19 mL"},
            came_out("19 mL", filled_before="4 mL"),
            NEW_IMPLANT,
        ],
    ),
    "delivered-ratio": (
        [
            (WARN, came_out("6.4 mL")),
            (WARN, came_out("1.6 mL")),
            (INFO, came_out("16.9 mL") | {"current.reservoir": "16 mL"}),
        ],
        [came_out("6.3 mL"), came_out("1.7 mL"), came_out("6.4 mL", filled_before=None)],
    ),
    "drift": (
        [
            (
                WARN,
                {
                    "history.refills": then(("4 mL", "5.6 mL"), ("4 mL", "5.5 mL")),
                    "pending.refill.withdrawn": "5.6 mL",
                },
            ),
            (WARN, {"history.refills": then(("4 mL", "2.4 mL"), ("4 mL", "2.2 mL"), ("4 mL", "2.4 mL")), **NO_REFILL}),
        ],
        [
            {
                "history.refills": then(("4 mL", "5.6 mL"), ("4 mL", "2.5 mL")),
                "pending.refill.withdrawn": "5.6 mL",
            },
            {"history.refills": then(("4 mL", "4.2 mL"), ("4 mL", "4.1 mL"))},
        ],
    ),
}
