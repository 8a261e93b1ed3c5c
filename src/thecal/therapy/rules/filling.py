"""Volumes that a refill tells the pump: what a reservoir can hold, and what the syringes held."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.quantities import Volume
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.returned import tolerance_for
from thecal.therapy.rules.known import one_flow
from thecal.therapy.showing import amount_text
from thecal.therapy.situation import Situation


def fill_too_large(situation: Situation) -> Iterator[Finding]:
    """More filled, injected, drawn out or drawn back than the reservoir holds."""
    order, capacity = situation.pending.refill, Volume(situation.current.pump.descriptor.reservoir_nl)
    if order is None:
        return
    volumes = {
        "filled": order.filled,
        "withdrawn": order.withdrawn,
        "injected": order.injected,
        "recovered": order.recovered,
    }
    for name, told in volumes.items():
        if told is not None and told > capacity:
            field = f"{name} volume"
            words = f"The {field} is larger than the reservoir; measure again."
            shown = (field, amount_text(told, "mL")), ("reservoir", amount_text(capacity, "mL"))
            yield refusal("fill-too-large", field, words, *shown, path=f"pending.refill.{name}")


def fill_inconsistent(situation: Situation) -> Iterator[Finding]:
    """The volume told to the pump is not what was injected.

    What did not come out may still be inside; beyond that the two differ by no more than syringes can be misread.
    """
    order, current = situation.pending.refill, situation.current
    if order is None or order.injected is None:
        return
    tolerance = tolerance_for(Volume(current.pump.descriptor.reservoir_nl), current.policy)
    left_inside = max(0, current.reservoir.count - order.withdrawn.count)
    lowest = order.injected.count - tolerance.amount.count
    highest = order.injected.count + left_inside + tolerance.amount.count
    if lowest <= order.filled.count <= highest:
        return
    told = "told to the pump"
    words = "The pump would be told another volume than was injected: its alarm would come at the wrong time."
    if one_flow(situation):
        told = "recorded"
        words = "Another volume is recorded than was injected: the next refill would be planned for the wrong day."
    shown = (
        (told, amount_text(order.filled, "mL")),
        ("injected", amount_text(order.injected, "mL")),
        ("expected but not drawn out", amount_text(Volume(left_inside), "mL")),
        ("tolerance", amount_text(tolerance.amount, "mL")),
    )
    yield refusal(
        "fill-inconsistent", "filled volume", words, *shown, limit=tolerance.origin, path="pending.refill.filled"
    )
