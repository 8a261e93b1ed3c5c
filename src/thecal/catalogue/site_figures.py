"""The figures of a drug a site may change: how each is read, what it is held against, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from thecal.catalogue.drug_parts import Limits, Stability, Start, Titration
from thecal.catalogue.drug_terms import Authority, Setting, Situation, Status, Tolerance
from thecal.catalogue.drugs import Drug, with_sources
from thecal.catalogue.quoted import Quoted, Span, quoted, share
from thecal.catalogue.site_change import DrugChange
from thecal.catalogue.sourced import CatalogueError, Table
from thecal.quantities import Concentration, DoseRate, Duration

Standing = tuple[Quoted[Any], ...]


@dataclass(frozen=True, slots=True)
class DrugFigure:
    """One figure. ``standing``: what a change must not be looser than; ``put``: the drug with the change made."""

    read: Callable[[Table, str], Quoted[Any]]
    standing: Callable[[Drug, str | None], Standing]
    put: Callable[[Drug, DrugChange], Drug]
    narrowed_by: tuple[str, type[StrEnum]] | None = None
    longer_is_tighter: bool = False


def changed(known: Drug, change: DrugChange) -> Drug:
    """The drug with one change of a site. Raises CatalogueError when it is looser, or vouches alone, unreviewed."""
    figure = FIGURES[change.figure]
    if change.signed.reviewer is None:
        if known.status is Status.UNSUPPORTED:
            raise CatalogueError(f"{_named(known, change)} needs a reviewer and a reason: the drug is unsupported")
        for stands in figure.standing(known, change.when):
            above = change.value.amount > stands.amount
            below = change.value.amount < stands.amount
            if below if figure.longer_is_tighter else above:
                against = f"{stands.origin.value} {stands.origin.unit} ({stands.origin.source})"
                raise CatalogueError(f"{_named(known, change)} is looser than {against}; name a reviewer and a reason")
    put = figure.put(known, change)
    if put == known:
        raise CatalogueError(f"{_named(known, change)} changes nothing: the library has no such figure for it")
    return with_sources(put)


def _named(known: Drug, change: DrugChange) -> str:
    return f"{change.where}: {change.figure} of {known.key}"


def _limits(limits: Limits[Any]) -> Standing:
    """PACC 2012 is superseded wherever PACC 2017 speaks, and not held against a site."""
    return tuple(each for each in (limits.label, limits.consensus, limits.hard) if each is not None)


def _present(*quoted_or_none: Quoted[Any] | None) -> Standing:
    return tuple(each for each in quoted_or_none if each is not None)


def _starts(known: Drug, when: str | None) -> Standing:
    """What is published for anybody binds a naive start too; a tolerant one only where nothing is said of tolerance."""
    present = [each for each in known.starts if each.authority is not Authority.PACC_2012]
    for_anybody = [each for each in present if when is None or each.tolerance is None]
    same = [each for each in present if when is not None and each.tolerance == when]
    both = same if same and when == Tolerance.TOLERANT else [*same, *for_anybody]
    return tuple(each.dose.high for each in both)


def _put_start(known: Drug, change: DrugChange) -> Drug:
    tolerance = None if change.when is None else Tolerance(change.when)
    added = Start(Authority.SITE, tolerance, Span(change.value, change.value))
    return replace(known, starts=(*known.starts, added))


def _titrations(known: Drug, when: str | None) -> tuple[Titration, ...]:
    return tuple(each for each in known.titrations if when in (None, each.setting))


def _retitrated(known: Drug, when: str | None, to: Callable[[Titration], Titration]) -> Drug:
    return replace(
        known, titrations=tuple(to(each) if when in (None, each.setting) else each for each in known.titrations)
    )


def _put_step_up(known: Drug, change: DrugChange) -> Drug:
    def lowered(each: Titration) -> Titration:
        return each if each.up is None else replace(each, up=_up_to(change.value, each.up))

    return _retitrated(known, change.when, lowered)


def _up_to(value: Quoted[Any], present: Span[Any] | None) -> Span[Any]:
    """The span with a new upper end; alone when there was none, or when that lies below it."""
    return Span(value, value) if present is None or value.amount < present.low.amount else Span(present.low, value)


def _put_interval(known: Drug, change: DrugChange) -> Drug:
    def spread(each: Titration) -> Titration:
        usual = each.usual_interval
        later = usual if usual is None or usual.amount > change.value.amount else change.value
        return replace(each, interval=change.value, usual_interval=later)

    return _retitrated(known, change.when, spread)


def _stabilities(known: Drug, when: str | None) -> Standing:
    """A site sets the longest any fill may stay: shorter figures of the library stay as they are."""
    matching = [each.days for each in known.stability if when in (None, each.situation)]
    return (max(matching, key=lambda days: days.amount),) if matching else ()


def _put_stability(known: Drug, change: DrugChange) -> Drug:
    if not known.stability:
        situation = Situation.ANY if change.when is None else Situation(change.when)
        return replace(known, stability=(Stability(situation, change.value),))
    bound = min(change.value.amount, max(each.days.amount for each in known.stability))

    def bounded(each: Stability) -> Stability:
        applies = each.days.amount >= bound if change.when is None else each.situation == change.when
        return replace(each, days=change.value) if applies else each

    return replace(known, stability=tuple(bounded(each) for each in known.stability))


def _step_ratio(known: Drug, _when: str | None) -> Standing:
    return (Quoted(known.step_ratio, known.source_of("step_ratio")),)


def _put_step_ratio(known: Drug, change: DrugChange) -> Drug:
    if change.value.amount <= 1:
        raise CatalogueError(f"{_named(known, change)} must be above 1")
    sources = tuple(pair for pair in known.sources if pair[0] != "step_ratio")
    return replace(known, step_ratio=change.value.amount, sources=(*sources, ("step_ratio", change.value.origin)))


def _of(kind: Any) -> Callable[[Table, str], Quoted[Any]]:
    return lambda table, key: quoted(table, key, kind)


def _limit(part: str, which: str, kind: Any) -> DrugFigure:
    """A limit of ``concentration`` or ``daily_dose``: the site's own, or the built-in ceiling itself."""
    return DrugFigure(
        read=_of(kind),
        standing=lambda known, _: (
            _limits(getattr(known, part)) if which == "site" else _present(getattr(known, part).hard)
        ),
        put=lambda known, change: replace(known, **{part: replace(getattr(known, part), **{which: change.value})}),
    )


_SETTING = ("setting", Setting)
FIGURES: Mapping[str, DrugFigure] = MappingProxyType(
    {
        "concentration": _limit("concentration", "site", Concentration),
        "concentration_ceiling": _limit("concentration", "hard", Concentration),
        "daily_dose": _limit("daily_dose", "site", DoseRate),
        "daily_dose_ceiling": _limit("daily_dose", "hard", DoseRate),
        "start": DrugFigure(_of(DoseRate), _starts, _put_start, ("tolerance", Tolerance)),
        "step_up": DrugFigure(
            share,
            lambda known, when: _present(*(each.up.high for each in _titrations(known, when) if each.up)),
            _put_step_up,
            _SETTING,
        ),
        "step_dose": DrugFigure(
            _of(DoseRate),
            lambda known, when: _present(*(each.up_dose for each in _titrations(known, when))),
            lambda known, change: _retitrated(
                known, change.when, lambda each: replace(each, up_dose=change.value) if each.up_dose else each
            ),
            _SETTING,
        ),
        "step_interval": DrugFigure(
            _of(Duration),
            lambda known, when: _present(*(each.interval for each in _titrations(known, when))),
            _put_interval,
            _SETTING,
            longer_is_tighter=True,
        ),
        "step_ratio": DrugFigure(share, _step_ratio, _put_step_ratio),
        "naive_gap": DrugFigure(
            _of(Duration),
            lambda known, _: _present(known.naive_gap),
            lambda known, change: replace(known, naive_gap=change.value),
        ),
        "bolus_share": DrugFigure(
            share,
            lambda known, _: _present(known.bolus_share.high if known.bolus_share else None),
            lambda known, change: replace(known, bolus_share=_up_to(change.value, known.bolus_share)),
        ),
        "stability": DrugFigure(_of(Duration), _stabilities, _put_stability, ("situation", Situation)),
    }
)
