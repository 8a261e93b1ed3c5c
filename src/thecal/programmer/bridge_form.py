"""The part of the entry form about a bridge bolus: what becomes of an unfinished one, or one to give, in mL and h."""

from __future__ import annotations

from types import MappingProxyType

from thecal.device import BridgeLeft
from thecal.programmer.bridge import BridgeDraft
from thecal.programmer.form import FormRefused, PrescriptionForm
from thecal.quantities import Duration, Volume
from thecal.therapy import EntryRefused, Field

VOLUME_UNIT, DURATION_UNIT = "mL", "h"
NO_BRIDGE, BEGIN = "", "begin"
DECISIONS = MappingProxyType(
    {"continue": BridgeLeft.CONTINUE, "restart": BridgeLeft.RESTART, "cancel": BridgeLeft.CANCEL}
)


def read_bridge(form: PrescriptionForm) -> BridgeDraft | FormRefused | None:
    """What the form says of a bridge, or everything that is wrong with it; None: it says nothing of one."""
    if form.bridge == NO_BRIDGE:
        return None
    if form.bridge not in (BEGIN, *DECISIONS):
        known = ", ".join((BEGIN, *DECISIONS))
        message = f"{form.bridge!r} is not a choice: choose one of {known}, or none"
        return FormRefused((EntryRefused("bridge", message),))
    left = DECISIONS.get(form.bridge)
    if left is BridgeLeft.CANCEL:
        return BridgeDraft(left)
    refused: list[EntryRefused] = []
    volume = duration = None
    if left is not BridgeLeft.CONTINUE:
        try:
            volume = Field("bridge volume", Volume, VOLUME_UNIT).read(form.bridge_volume)
        except EntryRefused as wrong:
            refused.append(wrong)
    try:
        duration = Field("bridge duration", Duration, DURATION_UNIT).read(form.bridge_duration)
    except EntryRefused as wrong:
        refused.append(wrong)
    return FormRefused(tuple(refused)) if refused else BridgeDraft(left, volume, duration)
