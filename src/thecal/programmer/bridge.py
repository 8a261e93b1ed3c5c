"""The bridge bolus of a draft: one to be given when its program starts, and what becomes of one that is unfinished."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.device import BolusKind, BridgeLeft, Status
from thecal.quantities import Duration, Volume


@dataclass(frozen=True, slots=True)
class BridgeDraft:
    """``left``: what becomes of the unfinished bridge; None where there is none.

    ``volume`` and ``duration`` are those of the bridge the program gives, None where it gives none; one that is
    continued has no volume of its own: it gives what the pump says is left.
    """

    left: BridgeLeft | None
    volume: Volume | None = None
    duration: Duration | None = None


def unfinished(status: Status) -> Volume | None:
    """What is left of a bridge bolus, interrupted or running; None: there is none."""
    if status.bridge_left_nl is not None:
        return Volume(status.bridge_left_nl)
    if status.once is None or status.once.kind is not BolusKind.BRIDGE:
        return None
    return Volume(status.once.volume_nl - status.once.delivered_nl)


def runs(status: Status) -> bool:
    """Whether a bridge bolus runs now."""
    return status.bridge_left_nl is None and unfinished(status) is not None
