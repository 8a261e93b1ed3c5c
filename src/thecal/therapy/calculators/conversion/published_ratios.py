"""The published ratios into the intrathecal route, and the refusal of the way back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from thecal.catalogue.conversions import Route, RouteRatio, conversions
from thecal.catalogue.drugs import Drug
from thecal.catalogue.quoted import Quoted, Span
from thecal.therapy.calculation import SourceLine, cited
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.showing import fraction_text


class ConversionRoute(Enum):
    """How a drug is given."""

    ORAL = "oral"
    INTRAVENOUS = "intravenous"
    EPIDURAL = "epidural"
    INTRATHECAL = "intrathecal"


@dataclass(frozen=True, slots=True)
class Published:
    """One published ratio: so many of the dose now for 1 intrathecally. ``told``: what it was found in, if it says."""

    ratio: Span[Fraction]
    median: Quoted[Fraction] | None
    told: str = ""

    @property
    def text(self) -> str:
        """``300 to 1``, ``75-150 to 1``, ``5-6 to 1 (chronic infusion)``."""
        return ratios_text(self.ratio.low.amount, self.ratio.high.amount) + (f" ({self.told})" if self.told else "")


def ratios_text(low: Fraction, high: Fraction) -> str:
    """``300 to 1``; ``75-150 to 1``."""
    return "\u2013".join(dict.fromkeys((fraction_text(low), fraction_text(high)))) + " to 1"


def published_ratios(route: ConversionRoute, before: Drug, known: Drug) -> tuple[Published, ...]:
    """Every published ratio for this way, in the order of the catalogue; none where nobody publishes one."""
    if route is not ConversionRoute.INTRATHECAL:
        found = conversions().to_intrathecal(known.key, Route(route.value)) if before is known else ()
        return tuple(Published(each.ratio, each.median) for each in found)
    between = conversions().between(before.key, known.key)
    return tuple(Published(each.ratio, None, each.use.value) for each in between)


def no_way_back(way_in: ConversionRoute, way_out: ConversionRoute, before: Drug, known: Drug) -> Finding | None:
    """Why this conversion is not made: it runs backwards, or nobody publishes a ratio. None: it can be made."""
    if way_out is not ConversionRoute.INTRATHECAL:
        return _out_of_the_canal(way_out, before)
    if published_ratios(way_in, before, known):
        return None
    if way_in is ConversionRoute.INTRATHECAL and conversions().between(known.key, before.key):
        words = (
            f"Ratios are published from {known.display} to {before.display} only and are not symmetric; "
            "start as published and titrate."
        )
        return refusal("conversion-backwards", "drug wanted", words, path="to_drug")
    words = f"Nobody publishes a ratio for this way to {known.display}; start as published, by a trial or screening."
    shown = ("from", f"{way_in.value} {before.display}")
    return refusal("conversion-no-ratio", "route now", words, shown, path="from_route")


def ways_back(key: str) -> tuple[SourceLine, ...]:
    """What is told of leaving the intrathecal route with this drug."""
    return tuple(cited(f"told of the way back, {_text(each)}", each.ratio.low.origin) for each in _told_of(key))


def _out_of_the_canal(way_out: ConversionRoute, before: Drug) -> Finding:
    told = _told_of(before.key)
    words = (
        "A dose out of the intrathecal route is never computed: ratios are not symmetric. Replace by clinical effect, "
        "step by step, under observation."
    )
    shown = [("told of the way back", _text(each)) for each in told]
    forward = conversions().to_intrathecal(before.key, Route(way_out.value))
    if forward:
        low = min(each.ratio.low.amount for each in forward)
        high = max(each.ratio.high.amount for each in forward)
        shown.append(("published for the way in", ratios_text(low, high)))
    limit = told[0].ratio.low.origin if told else None
    return refusal("conversion-backwards", "route wanted", words, *shown, limit=limit, path="to_route")


def _told_of(key: str) -> tuple[RouteRatio, ...]:
    return tuple(each for each in conversions().out_of_intrathecal if each.drug == key)


def _text(told: RouteRatio) -> str:
    return f"{ratios_text(told.ratio.low.amount, told.ratio.high.amount)}, {told.route.value}"
