"""The answer of a selection as lines for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.catheters import Catheter
from thecal.catalogue.drugs import drug
from thecal.catalogue.programmable import ProgrammablePump
from thecal.catalogue.quoted import Words
from thecal.catalogue.selection_terms import HardRule
from thecal.quantities import Duration
from thecal.therapy.calculation import Line
from thecal.therapy.replacement import MONTH_MS, battery_life
from thecal.therapy.selection.answer import KindOfPump, Selection
from thecal.therapy.selection.changes import Change
from thecal.therapy.selection.cost import Cost, money
from thecal.therapy.selection.rulings import Ruling, Standing
from thecal.therapy.selection.systems import System
from thecal.therapy.showing import DAY_MS, count_text, share_text

_LISTED = 8  # pumps in the ranking; a program reads all of them from the answer
_CHANGES = 12
_NAMED = 3
_PER_YEAR = Fraction(1, 12 * MONTH_MS)


def lines_of(found: Selection) -> tuple[Line, ...]:
    """Route, rules, trial, both kinds of pump, systems, exclusions, what would change it, payers, published costs."""
    return (
        Line("route", "suitable", found.choice.route.value),
        Line("first", "system that suits best", None if found.first is None else found.first.name),
        *_rules(found),
        *_trial(found),
        *(line for kind in (found.programmable, found.constant_flow) for line in _kind(kind)),
        *_ranking(found),
        *(
            line
            for place, each in enumerate(zip(found.told, found.costs, strict=True), 1)
            for line in _told(place, *each)
        ),
        *_excluded(found),
        *_changes(found),
        *_payers(found),
    )


def _rules(found: Selection) -> Iterator[Line]:
    for each in found.choice.rulings:
        yield Line(f"candidate.{each.rule}", each.rule.value, _ruling(each))


def _ruling(ruling: Ruling) -> str:
    found = f" ({ruling.found})" if ruling.found and ruling.standing is not Standing.MET else ""
    return f"{ruling.standing.value}{found}: {ruling.basis.text}"


def _trial(found: Selection) -> Iterator[Line]:
    """How to make a trial, unless one has helped already."""
    made = any(each.rule is HardRule.TRIAL and each.standing is Standing.MET for each in found.choice.rulings)
    for method, words in () if made else found.trial.methods:
        yield Line(f"trial.{method}", f"trial, {method.replace('-', ' ')}", _said(words))
    for place, dose in enumerate(() if made else found.trial.doses, start=1):
        label, unit = f"test dose of {dose.drug}, {dose.authority}", dose.low.origin.unit
        if dose.low == dose.high:
            yield Line(f"trial.dose.{place}", label, dose.low.amount, unit)
        else:
            yield Line(f"trial.dose.{place}.low", f"{label}, lowest", dose.low.amount, unit)
            yield Line(f"trial.dose.{place}.high", f"{label}, highest", dose.high.amount, unit)
    if found.line is not None:
        yield Line("line", "line of these drugs, PACC 2017", f"{found.line.line} ({found.line.confidence})")


def _kind(kind: KindOfPump) -> Iterator[Line]:
    key = kind.name.replace(" ", "_")
    best = "every model is excluded" if kind.best is None else f"{kind.best.name}: {_points(kind.best.points)}"
    yield Line(f"{key}.best", f"best {kind.name} system", best)
    for rule, number in kind.excluded:
        yield Line(f"{key}.excluded.{rule}", f"{kind.name}, excluded by {rule}", f"{number} of {kind.models} models")


def _ranking(found: Selection) -> Iterator[Line]:
    """One line for each pump, with the best catheter for it; of equal pumps the first of the order."""
    best = {each.pump.key: each for each in reversed(found.choice.systems)}
    ranked = [each for each in found.choice.systems if best[each.pump.key] is each]
    for place, each in enumerate(ranked[:_LISTED], start=1):
        words = f"{each.name}: {_points(each.points)}; {each.pump.standing.market.value}"
        yield Line(f"rank.{place}", f"place {place}", words)
    if found.choice.as_good:
        yield Line("rank.as_good", "as good as the first", _several([each.name for each in found.choice.as_good]))
    if len(ranked) > _LISTED:
        yield Line("rank.more", "further pumps that suit", len(ranked) - _LISTED)


def _told(place: int, system: System, cost: Cost | None) -> Iterator[Line]:
    at, pump = f"system.{place}", system.pump
    yield Line(f"{at}.name", f"system {place}", system.name)
    yield Line(f"{at}.market", "market", f"{pump.standing.market.value}: {_said(pump.standing.statement)}")
    yield Line(f"{at}.points", "points", system.points)
    for score in system.scores:
        words = f"{_points(score.points)}: {_said(score.weighed.words)}"
        yield Line(f"{at}.score.{score.reason}", score.reason.value, words)
    yield from _fill(at, system)
    yield Line(f"{at}.mri", "magnetic resonance", f"{pump.mri.rule}: {pump.mri.words} ({pump.mri.confidence})")
    yield from _heights(at, system)
    yield Line(f"{at}.catheter", "catheter as delivered", _length(system.catheter))
    if cost is not None:
        for part in cost.parts:
            yield Line(f"{at}.cost.{part.what}", f"cost, {part.what}", f"{money(part.cost)} {cost.currency}")
        yield Line(f"{at}.cost", f"cost in {count_text(cost.years, 'year')}, at the prices given", cost.text)


def _fill(at: str, system: System) -> Iterator[Line]:
    fill = system.fill
    if fill is None:
        yield Line(f"{at}.flow", "flow and fluid", "the doses are not known")
        return
    for each in fill.fluid:
        known = drug(each.drug)
        unit = f"{known.dose_unit}/mL"
        yield Line(f"{at}.concentration.{each.drug}", f"{known.display} for the dose", each.concentration, unit)
    yield Line(f"{at}.flow", "flow", fill.flow, "mL/day")
    whole_days = Duration(fill.interval.count // DAY_MS * DAY_MS)
    yield Line(f"{at}.interval", "refill interval at worst", whole_days, "day")
    yield Line(f"{at}.binding", "what ends it", fill.due.binding.bound.value)
    if isinstance(system.pump, ProgrammablePump):
        years = battery_life(system.pump.longevity, fill.flow) * _PER_YEAR
        yield Line(f"{at}.life", "life of the battery at this flow, years", years)


def _heights(at: str, system: System) -> Iterator[Line]:
    if system.flows is None:
        return
    yield Line(f"{at}.height.home", "flow at home", system.flows.home, "mL/day")
    for height, flow in system.flows.visited:
        share = Fraction(flow.count, system.flows.home.count)
        yield Line(f"{at}.height.{height}", f"flow at {height} m, of that at home", share_text(share))


def _excluded(found: Selection) -> Iterator[Line]:
    """Catheters that do not go with a pump that is left; what excludes whole models stands with the kinds."""
    pairs: dict[str, list[str]] = {}
    for each in found.choice.excluded:
        if each.catheter is not None:
            pairs.setdefault(each.rulings[0].rule.value, []).append(each.rulings[0].found)
    for rule, names in pairs.items():
        yield Line(f"excluded.{rule}", f"pairs excluded by {rule}", _several(names))


def _changes(found: Selection) -> Iterator[Line]:
    if not found.changes:
        yield Line("change", "what would change it", "no single fact")
    for place, each in enumerate(found.changes[:_CHANGES], start=1):
        label = "what would change it, the smallest" if place == 1 else f"what would change it, {place}"
        yield Line(f"change.{place}", label, change_text(each))


def change_text(change: Change) -> str:
    """One sentence: which fact, from what to what, and what that does."""
    first = "" if change.first is None else f": {change.first}"
    return f"{change.words}: {change.becomes} instead of {change.was} {change.effect.value}{first}"


def _payers(found: Selection) -> Iterator[Line]:
    for place, payer in enumerate(found.payers, start=1):
        yield Line(f"payer.{place}", "who pays says", f"{payer.who}: {_said(payer.words)}")
    for place, cost in enumerate(found.published_costs, start=1):
        top = "" if cost.most is None else f" to {cost.most.value}"
        words = f"{cost.what}: {cost.least.value}{top} {cost.least.unit} ({cost.least.confidence})"
        yield Line(f"published.{place}", "published cost", words)


def _several(names: list[str]) -> str:
    more = len(names) - _NAMED
    return "; ".join(names[:_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _length(tube: Catheter) -> str:
    known = tube.length_cm
    return f"{tube.delivered_as.text}; length {'not published' if known is None else f'{known} cm'}"


def _points(points: int) -> str:
    return f"{points:+d} point{'s' * (abs(points) != 1)}".replace("-", "\u2212")


def _said(words: Words) -> str:
    return f"{words.text} ({words.confidence})"
