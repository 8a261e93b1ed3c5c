"""Names by which an accident document may be caught, so that a document naming another one is refused.

Not every finding of every calculator, only those that can stand in the way of a mistake. ``entry`` is no rule of a plan
but the door numbers come in by. A story of a pump is caught by an alarm, or by a line that the pump writes in its log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from thecal.bench.accidents.records import Stands
from thecal.device import Alarm, LogKind

ENTRY = "entry"
RULES = (
    "abrupt-stop",
    "alarm-level",
    "assay-outside",
    "bolus-below-stroke",
    "bolus-during-bridge",
    "bolus-flow",
    "bolus-maximum",
    "bolus-not-allowed",
    "bolus-share",
    "bridge-long",
    "bridge-missing",
    "bridge-wrong",
    "concentration-above-ceiling",
    "concentration-above-consensus",
    "concentration-above-label",
    "concentration-above-site",
    "concentration-below-lowest",
    "concentration-step",
    "constant-flow",
    "contraindication",
    "conversion-backwards",
    "conversion-no-ratio",
    "days-left",
    "delivered-ratio",
    "dose-above-ceiling",
    "dose-above-consensus",
    "dose-above-label-caution",
    "dose-above-site",
    "dose-step-down",
    "dose-step-soft",
    "dose-step-up",
    "drift",
    "drug-free-interval",
    "effective-boluses",
    "fill-inconsistent",
    "fill-too-large",
    "fluid-change",
    "fluid-change-while-infusing",
    "fluid-differs",
    "granuloma-watch",
    "interaction",
    "interval-inconsistent",
    "label-differs",
    "line-outdated",
    "low-level-range",
    "mixture",
    "mri-empty-first",
    "mri-field",
    "mri-interrogate",
    "mri-unsafe",
    "not-for-this-pump",
    "off-label",
    "pairing-forbidden",
    "pairing-not-named",
    "place-unproven",
    "prime-into-drug",
    "prime-line-unknown",
    "rate-too-high",
    "rate-too-low",
    "refill-interval",
    "replacement-date-differs",
    "replacement-due",
    "restart-after-gap",
    "restart-gap-unknown",
    "stability",
    "start-above-range",
    "step-repeats",
    "steps-without-response",
    "titration-too-soon",
    "tubing-version",
    "unexpectedly-full",
    "unit-slip",
    "unknown-drug",
    "unsupported-drug",
    "volume-differs",
    "wrong-pump",
)


PUMP_NAMES: Mapping[str, Stands] = MappingProxyType(
    {kind.value: Stands.LOGGED for kind in LogKind}
    | {each.value: Stands.CRITICAL if each.critical else Stands.NON_CRITICAL for each in Alarm}
)


def unknown_name(named: str, known: Iterable[str], what: str) -> str:
    """What to say of a name that no rule, alarm or line has."""
    near = get_close_matches(named, tuple(known))
    meant = f"; near it: {', '.join(near)}" if near else ""
    return f"no {what} is called {named!r}{meant}"
