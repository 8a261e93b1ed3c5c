"""When the next refill is due: the earliest of everything that limits it, which one that is, and which comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from thecal.catalogue.drug_terms import Situation
from thecal.catalogue.drugs import drug
from thecal.catalogue.mixtures import stability_of
from thecal.catalogue.policy import Policy
from thecal.catalogue.sourced import Confidence, Sourced
from thecal.quantities import Duration, Instant

if TYPE_CHECKING:
    from thecal.catalogue.site import Site


class Bound(Enum):
    """What limits the time to the next refill."""

    ALARM = "low-reservoir alarm less the lead"
    RESERVE = "volume down to the planning reserve"
    HANDHELD = "level at which the patient programmer shows the refill"
    STABILITY = "stability of the fluid"
    LABEL = "label of the infusion system"
    SITE = "longest interval of the clinic"
    REPLACEMENT = "replacement of the pump"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit and its date, and the figure it rests on."""

    bound: Bound
    at: Instant
    origin: Sourced


@dataclass(frozen=True, slots=True)
class Due:
    """Every limit that is known, earliest first; of two on one date the one first in ``Bound``. There is always one."""

    limits: tuple[Limit, ...]

    @property
    def binding(self) -> Limit:
        """The one that comes first."""
        return self.limits[0]

    @property
    def following(self) -> Limit | None:
        """The one that would bind if the first did not."""
        return self.limits[1] if len(self.limits) > 1 else None

    @property
    def at(self) -> Instant:
        """The date the refill is due."""
        return self.binding.at


def due(limits: Iterable[Limit]) -> Due:
    """The limits in the order in which they come."""
    rank = list(Bound)
    return Due(tuple(sorted(limits, key=lambda each: (each.at, rank.index(each.bound)))))


def after(bound: Bound, filled_at: Instant, longest: Duration, origin: Sourced) -> Limit:
    """A limit that is a length of time after the fill."""
    return Limit(bound, filled_at.plus(longest), origin)


def as_given(known: Policy, own: Iterable[tuple[str, Duration | None]]) -> Policy:
    """The planning figures with those of one calculation in their place; None leaves the clinic's."""
    for field, length in own:
        if length is not None:
            said = Sourced(length.decimal_in("day"), "day", "as given for this calculation", Confidence.ASSUMED)
            sources = tuple((name, said if name == field else origin) for name, origin in known.sources)
            figures: dict[str, Any] = {field: length, "sources": sources}
            known = replace(known, **figures)
    return known


def moment_after(start: Instant, length_ms: int | None) -> Instant | None:
    """The moment so many ms later; None for None, and for what lasts so long that no date is worth writing."""
    last_ms = 253_402_300_799_999  # the end of the year 9999
    if length_ms is None or start.epoch_ms + length_ms > last_ms:
        return None
    return Instant(start.epoch_ms + length_ms)


def before(moment: Instant, lead: Duration, earliest: Instant) -> Instant:
    """The moment ``lead`` before, but not before ``earliest``."""
    return Instant(max(earliest.epoch_ms, moment.epoch_ms - lead.count))


def by_policy(filled_at: Instant, policy: Policy) -> tuple[Limit, ...]:
    """The limits that hold for every fill: the label of infusion systems and the clinic's longest interval."""
    return (
        after(Bound.LABEL, filled_at, policy.system_label_interval, policy.source_of("system_label_interval")),
        after(Bound.SITE, filled_at, policy.longest_interval, policy.source_of("longest_interval")),
    )


def by_stability(drugs: Iterable[str], kind: Situation, filled_at: Instant, site: Site | None = None) -> Limit | None:
    """The limit by stability of these drugs together, as the site gives them; None for none or where nobody has said.

    Raises CatalogueError for an unknown drug.
    """
    known = tuple(drug(key) if site is None else drug(key).at_site(site) for key in drugs)
    keeps = stability_of([each.key for each in known], kind, known) if known else None
    return None if keeps is None else after(Bound.STABILITY, filled_at, keeps.amount, keeps.origin)
