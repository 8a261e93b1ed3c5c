"""Where every rule, reason and number of a selection comes from."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.catheters import Catheter
from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import policy
from thecal.catalogue.quoted import Words
from thecal.catalogue.selection import choosing
from thecal.therapy.calculation import SourceLine, cited
from thecal.therapy.selection.answer import Selection
from thecal.therapy.selection.facts import SelectionInputs
from thecal.therapy.selection.fill import strictest
from thecal.therapy.selection.systems import System


def sources_of(inputs: SelectionInputs, found: Selection) -> tuple[SourceLine, ...]:
    """One line for each thing and source, in the order in which they are told."""
    every = (*_rules(found), *_systems(inputs, found), *_others(found))
    return tuple(dict.fromkeys(every))


def _rules(found: Selection) -> Iterator[SourceLine]:
    for ruling in found.choice.rulings:
        yield _of(f"rule {ruling.rule}", ruling.basis)
    for excluded in found.choice.excluded:
        for ruling in excluded.rulings:
            yield _of(f"rule {ruling.rule}", ruling.basis)
    for name, origin in choosing().sources:
        if hasattr(choosing().thresholds, name):
            yield cited(f"threshold: {name.replace('_', ' ')}", origin)


def _systems(inputs: SelectionInputs, found: Selection) -> Iterator[SourceLine]:
    for system in found.told:
        yield from _system(system)
    for known in (drug(each.drug) for each in inputs.needs.drugs if found.told):
        limit = strictest(known)
        if limit is not None:
            yield cited(f"{known.display}: strictest concentration limit", limit.origin)
        if known.lowest_concentration is not None:
            yield cited(f"{known.display}: lowest concentration", known.lowest_concentration.origin)
    if inputs.needs.shortest_interval_days is None:
        yield cited("shortest refill interval, where the patient names none", policy().source_of("shortest_interval"))


def _system(system: System) -> Iterator[SourceLine]:
    for score in system.scores:
        yield _of(f"reason {score.reason}", score.weighed.words)
        yield cited("weight of reasons", score.weighed.points)
    pump = system.pump
    yield _of(f"{pump.name}: label", pump.labelling.statement)
    yield _of(f"{pump.name}: market", pump.standing.statement)
    yield SourceLine(f"{pump.name}: magnetic resonance", pump.mri.source, pump.mri.confidence.value)
    for name in ("capacity", "residual", "accuracy"):
        yield cited(f"{pump.name}: {name}", pump.source_of(name))
    if system.fill is not None:
        yield cited(f"{system.name}: what ends the interval", system.fill.due.binding.origin)
    yield from _catheter(system.catheter)


def _catheter(tube: Catheter) -> Iterator[SourceLine]:
    yield _of(f"{tube.name}: as delivered", tube.delivered_as)
    yield cited(f"{tube.name}: revisions a year", choosing().revisions(tube))


def _others(found: Selection) -> Iterator[SourceLine]:
    for method, words in found.trial.methods:
        yield _of(f"trial, {method}", words)
    for dose in found.trial.doses:
        yield cited(f"test dose of {dose.drug}", dose.high.origin)
    if found.line is not None:
        yield SourceLine("line of treatment", found.line.source, found.line.confidence.value)
    for payer in found.payers:
        yield _of(payer.who, payer.words)
    for cost in found.published_costs:
        yield cited(f"published: {cost.what}", cost.least)


def _of(what: str, words: Words) -> SourceLine:
    return SourceLine(what, words.source, words.confidence.value)
