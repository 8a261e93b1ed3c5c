"""When a pump must be replaced because its battery ends: one function, for every screen, rule and calculator.

A programmer once showed this date wrong because it was not derived in one place (recall Z-1338-2012). Here it follows
from the flows since implantation alone; no clock is read, so it does not move because time passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from thecal.catalogue.pumps import LongevityPoint
from thecal.documents import About
from thecal.quantities import Duration, FlowRate, Instant
from thecal.therapy.entry import EntryRefused

MONTH_MS = 2_629_800_000  # a twelfth of 365.25 days: what a life in months is counted in


@dataclass(frozen=True, slots=True)
class FlowSince:
    """The mean flow from a moment until the next one named; the last one is taken to go on."""

    since: Annotated[Instant, About("from when")]
    flow: Annotated[FlowRate, About("mean flow over 24 hours, boluses counted")]


@dataclass(frozen=True, slots=True)
class Replacement:
    """``warning``: when the elective replacement indicator sounded, or is expected to at the earliest."""

    replace_by: Instant
    warning: Instant
    sounded: bool


def battery_life(curve: tuple[LongevityPoint, ...], flow: FlowRate) -> Fraction:
    """How long the battery lasts at this flow for life, in ms, exactly.

    Between two points of the curve in a straight line; below the slowest as there; above the fastest in inverse
    proportion to the flow, a lower bound, as if the battery drove nothing but strokes. More flow never lasts longer.
    """
    slowest, fastest = curve[0], curve[-1]
    if flow <= slowest.flow:
        return _ms(slowest)
    for left, right in pairwise(curve):
        if flow <= right.flow:
            part = Fraction(flow.count - left.flow.count, right.flow.count - left.flow.count)
            return _ms(left) + part * (_ms(right) - _ms(left))
    return _ms(fastest) * Fraction(fastest.flow.count, flow.count)


def battery_end(curve: tuple[LongevityPoint, ...], flows: tuple[FlowSince, ...]) -> Instant:
    """When the battery is used up: each stretch uses the share of a life at its flow; rounded down to a ms.

    The first flow begins at implantation. Raises EntryRefused for no flows or flows that are not oldest first.
    """
    if not flows:
        raise EntryRefused("flows", "name at least the flow since implantation")
    left = Fraction(1)
    for now, following in pairwise(flows):
        if following.since < now.since:
            raise EntryRefused("flows", "write them oldest first")
        life = battery_life(curve, now.flow)
        lasted = following.since.epoch_ms - now.since.epoch_ms
        if left * life <= lasted:
            return _after(now.since, left * life)
        left -= Fraction(lasted, life)
    last = flows[-1]
    return _after(last.since, left * battery_life(curve, last.flow))


def replace_by(
    curve: tuple[LongevityPoint, ...],
    warning: Duration,
    flows: tuple[FlowSince, ...],
    sounded: Instant | None = None,
) -> Replacement:
    """By when the pump is to be replaced: at the end of its battery by the curve, which ends with the service.

    The elective replacement indicator is ``warning`` before it, but not before implantation. Once it has sounded the
    pump itself has spoken: the date is ``warning`` after that, and the curve no longer counts. Raises EntryRefused as
    ``battery_end`` does.
    """
    end = battery_end(curve, flows)
    if sounded is not None:
        return Replacement(sounded.plus(warning), sounded, True)
    expected = Instant(max(flows[0].since.epoch_ms, end.epoch_ms - warning.count))
    return Replacement(end, expected, False)


def differs(shown: Instant, derived: Replacement, tolerance: Duration) -> bool:
    """Whether a date shown elsewhere is further from the derived one than ``tolerance``, either way."""
    return abs(shown.epoch_ms - derived.replace_by.epoch_ms) > tolerance.count


def used_until(curve: tuple[LongevityPoint, ...], flows: Iterable[FlowSince], until: Instant) -> Fraction:
    """The share of the battery used by then, at most 1."""
    spent = [each for each in flows if each.since < until]
    ends = [*(each.since for each in spent[1:]), until]
    stretches = zip(spent, ends, strict=False)
    shares = (Fraction(end.epoch_ms - each.since.epoch_ms, battery_life(curve, each.flow)) for each, end in stretches)
    return min(Fraction(1), sum(shares, Fraction(0)))


def _ms(point: LongevityPoint) -> Fraction:
    return Fraction(point.months.amount * MONTH_MS)


def _after(moment: Instant, ms: Fraction) -> Instant:
    return Instant(moment.epoch_ms + int(ms))
