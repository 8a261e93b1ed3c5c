"""The warnings of a selection: what refuses it, what a person acknowledges, what is worth knowing."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import drug
from thecal.catalogue.labelled_pumps import Placed, placement
from thecal.catalogue.selection import choosing
from thecal.catalogue.selection_terms import HardRule
from thecal.therapy.due import Bound
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.patient import Jurisdiction
from thecal.therapy.selection.answer import Selection
from thecal.therapy.selection.candidacy import Route
from thecal.therapy.selection.cost import prices_missing
from thecal.therapy.selection.facts import SelectionInputs
from thecal.therapy.selection.paths import price_words, words_of
from thecal.therapy.selection.rulings import Standing
from thecal.therapy.selection.systems import System

_SYSTEM = "system"


def notes(inputs: SelectionInputs, found: Selection) -> tuple[Finding, ...]:
    """Everything there is to say of an answer, in the order of the document."""
    return (
        *_candidacy(found),
        *_systems(found),
        *_first(inputs, found.first),
        *_life(inputs),
        *_unknown(inputs, found),
    )


def _candidacy(found: Selection) -> Iterator[Finding]:
    for ruling in found.choice.rulings:
        if ruling.standing is Standing.AGAINST:
            words = f"Not a candidate for an implanted pump as it stands; it takes: {ruling.basis.text}."
            shown = [("found", ruling.found)] if ruling.found else []
            yield refusal("not-a-candidate", ruling.rule.value, words, *shown, limit=ruling.basis)
        elif ruling.standing is Standing.TO_DO:
            words = "Nothing is implanted before a trial has helped; what follows holds only if it does."
            yield finding("trial-first", Verdict.WARN, ruling.rule.value, words, limit=ruling.basis, path="trial.done")
    if found.choice.route is Route.NOT_KNOWN:
        rules = ", ".join(each.rule for each in found.choice.rulings if each.standing is Standing.NOT_KNOWN)
        words = "It cannot be said whether this is a candidate: facts are missing; what follows holds only if it is."
        yield finding("candidacy-not-known", Verdict.WARN, "candidate", words, ("not known", rules))


def _systems(found: Selection) -> Iterator[Finding]:
    choice = found.choice
    if choice.first is None and not any(each.standing is Standing.AGAINST for each in choice.rulings):
        counts = (
            (rule, number) for kind in (found.programmable, found.constant_flow) for rule, number in kind.excluded
        )
        words = "Every pump of the catalogue is excluded by a hard rule; another dose, drug or wish is needed."
        excluded = ((f"models excluded by {rule}", str(number)) for rule, number in counts)
        yield refusal("no-system", _SYSTEM, words, *excluded)
    if choice.first is not None and not choice.first.sold:
        best = "none" if choice.first_sold is None else choice.first_sold.name
        words = f"{choice.first.pump.name} cannot be bought: {choice.first.pump.market}."
        limit = choice.first.pump.standing.statement
        shown = ("market", choice.first.pump.standing.market.value), ("best that is sold", best)
        yield finding("not-on-sale", Verdict.WARN, _SYSTEM, words, *shown, limit=limit, path="needs.on_sale_only")


def _first(inputs: SelectionInputs, first: System | None) -> Iterator[Finding]:
    if first is None:
        return
    where = (inputs.jurisdiction or Jurisdiction.OTHER).value
    for known in (drug(each.drug) for each in inputs.needs.drugs):
        said = placement(first.pump, known, where)
        if said.placed is Placed.NOT_NAMED:
            words = f"{known.display} is not on the label of {first.pump.name}."
            yield finding("not-for-this-pump", Verdict.INFO, "drugs", words, limit=said.statement, path="needs.drugs")
        if known.needs_site_limits:
            words = f"Nobody names limits for {known.display}; a site must, and a second person signs."
            yield finding("needs-site-limits", Verdict.WARN, "drugs", words, path="needs.drugs")
    if first.fill is not None and Bound.STABILITY not in {limit.bound for limit in first.fill.due.limits}:
        words = "Nobody has published how long this fluid keeps; the interval may be shorter than shown."
        yield finding("stability-unknown", Verdict.INFO, "refill interval", words, path="needs.drugs")


def _life(inputs: SelectionInputs) -> Iterator[Finding]:
    deepest, depth = choosing().thresholds.dive_depth, inputs.life.diving_depth_m
    if depth is not None and depth > deepest.value:
        words = "No implanted pump may be taken this deep; it can be crushed."
        shown = ("dives to", f"{depth} m"), ("at most", f"{deepest.value} m")
        yield finding(
            "dive-too-deep", Verdict.WARN, HardRule.PRESSURE, words, *shown, limit=deepest, path="life.diving_depth_m"
        )


def _unknown(inputs: SelectionInputs, found: Selection) -> Iterator[Finding]:
    if found.missing:
        words = "Facts are missing; with them more rules and reasons would speak. Nothing was guessed in their place."
        shown = ((words_of(each.path), ", ".join((*each.rules, *each.reasons))) for each in found.missing)
        yield finding("facts-missing", Verdict.INFO, "facts", words, *shown)
    lacking = tuple(prices_missing(inputs.prices))
    if lacking:
        words = "A price is missing, so some systems have no cost; none is known to this catalogue."
        yield finding(
            "prices-missing", Verdict.INFO, "prices", words, *((price_words(path), "not given") for path in lacking)
        )
