"""What a person confirmed: a WARN or a soft limit acknowledged, a STOP separately and with the ratio shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from thecal.therapy import Needed


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A WARN, or a soft limit of the pump, was read and is accepted, with a reason if one was given."""

    rule: str
    field: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SeparatelyConfirmed:
    """A STOP was confirmed in a step of its own that showed this ratio (None where the finding has none)."""

    rule: str
    field: str
    by: str
    ratio_shown: Fraction | None


Confirmation = Acknowledged | SeparatelyConfirmed


def missing(needed: Iterable[Needed], given: Iterable[Confirmation]) -> tuple[Needed, ...]:
    """What still has to be confirmed. A ratio that is no longer the one shown does not count."""
    confirmations = tuple(given)
    return tuple(each for each in needed if not any(_answers(each, confirmed) for confirmed in confirmations))


def _answers(needed: Needed, confirmed: Confirmation) -> bool:
    if (needed.rule, needed.field) != (confirmed.rule, confirmed.field):
        return False
    if needed.separate:
        return isinstance(confirmed, SeparatelyConfirmed) and confirmed.ratio_shown == needed.ratio
    return isinstance(confirmed, Acknowledged)
