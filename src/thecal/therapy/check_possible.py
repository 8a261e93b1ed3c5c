"""What no pump and no calendar allows: a record that says so is a slip of the pen, and nothing is derived from it."""

from __future__ import annotations

from itertools import pairwise

from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.documents import DocumentError
from thecal.quantities import Instant, Volume
from thecal.therapy.check_records import CheckDocument
from thecal.therapy.models import descriptor_of
from thecal.therapy.showing import amount_text
from thecal.therapy.situation import BridgeOrder, DoseThen, RefillThen


def check_possible(document: CheckDocument, model: Pump) -> None:
    """Raises DocumentError for the first thing that cannot be: more than the pump holds, or times out of order."""
    current, history = document.current, document.history
    holds = model.capacity if isinstance(model, ConstantFlowPump) else Volume(descriptor_of(model).reservoir_nl)
    if current.reservoir > holds:
        raise DocumentError(f"current.reservoir: must be at most {amount_text(holds, 'mL')}, what the pump holds")
    implanted = document.devices.implanted
    if implanted is not None and implanted > current.now:
        raise DocumentError(f"devices.implanted: lies after current.now ({current.now})")
    _in_order("history.doses", history.doses, current.now)
    _in_order("history.refills", history.refills, current.now)
    for index, then in enumerate(history.refills):
        if then.expected > then.filled_before:
            filled = amount_text(then.filled_before, "mL")
            raise DocumentError(f"history.refills[{index}].expected: must be at most filled_before ({filled})")
    _bridge(document.pending.bridge)


def _in_order(where: str, events: tuple[DoseThen, ...] | tuple[RefillThen, ...], now: Instant) -> None:
    times = [each.at for each in events]
    for index, (earlier, later) in enumerate(pairwise(times), start=1):
        if later < earlier:
            raise DocumentError(f"{where}[{index}].at: lies before the one above it; write them oldest first")
    if times and times[-1] > now:
        raise DocumentError(f"{where}[{len(times) - 1}].at: lies after current.now ({now})")


def _bridge(order: BridgeOrder | None) -> None:
    if order is not None and order.declined_because is not None and (order.volume, order.duration) != (None, None):
        raise DocumentError(
            "pending.bridge.declined_because: only where no bridge is programmed; leave out one of them"
        )
