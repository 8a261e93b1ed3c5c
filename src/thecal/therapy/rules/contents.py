"""The fluid in the reservoir: that the program is written for it, and how long it keeps."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drug_terms import Situation as FillKind
from thecal.catalogue.mixtures import stability_of
from thecal.catalogue.quoted import Quoted
from thecal.quantities import Duration
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import Dosing, DrugStep, Plan
from thecal.therapy.rules.labels import content
from thecal.therapy.showing import date_text, length_text


def fluid(dosing: Dosing) -> Iterator[Finding]:
    """The program must be written for the fluid the reservoir was told to hold, in the same order.

    Where a refill of this visit has another content, ``label-differs`` says so.
    """
    order, wanted = dosing.situation.pending.refill, dosing.prescription.components
    held = tuple((each.drug, each.concentration_ng_per_ml) for each in dosing.standing.fluid)
    if tuple((each.drug, each.concentration.count) for each in wanted) == held:
        return
    path = dosing.written.fluid
    if order is None:
        words = "The reservoir holds another fluid; record the refill first, then program."
        yield refusal("fluid-differs", "fluid", words, path=path)
    elif content(order.fluid) == content(wanted) or not wanted:
        words = "The refill names its drugs in another order than the program; doses are those of the first one."
        yield refusal("fluid-differs", "fluid", words, path=path)


def stability(dosing: Dosing) -> Iterator[Finding]:
    """A fill that would still be in the pump when it no longer keeps."""
    keeps, planned = _filled_keeps(dosing), dosing.situation.pending.refill_interval
    if keeps is not None and planned is not None and planned > keeps.amount:
        words = "The fluid does not keep until the next refill; refill it earlier."
        shown = ("next refill after", length_text(planned)), ("keeps for", length_text(keeps.amount))
        limit, path = keeps.origin, "pending.refill_interval"
        yield finding("stability", Verdict.WARN, "refill interval", words, *shown, limit=limit, path=path)


def keeps_for(dosing: Dosing, kind: FillKind | None = None) -> Quoted[Duration] | None:
    """How long the planned fluid may stay in the pump, as this fill or as one of ``kind``; None where nobody says."""
    drugs = [step for step in dosing.steps if step.concentration is not None]
    if not drugs:
        return None
    library = tuple(step.drug for step in drugs)
    return stability_of([each.key for each in library], kind or _fill_kind(dosing, drugs), library)


def ends_first(plan: Plan) -> Iterator[Finding]:
    """No interval is planned, so nothing is wrong yet: it is only said that the volume does not set the date."""
    keeps, by_volume = _filled_keeps(plan), plan.projection.refill
    if keeps is None or plan.situation.pending.refill_interval is not None:
        return
    if by_volume is None or by_volume.since(plan.standing.now) <= keeps.amount:
        return
    words = "The fluid does not keep as long as its volume lasts; the next refill is due by its stability."
    due = date_text(plan.standing.now.plus(keeps.amount), plan.standing.clock_offset_min)
    shown = (
        ("refill by", due),
        ("keeps for", length_text(keeps.amount)),
        ("by volume, refill after", length_text(by_volume.since(plan.standing.now))),
    )
    limit, path = keeps.origin, "pending.refill_interval"
    yield finding("stability", Verdict.INFO, "refill interval", words, *shown, limit=limit, path=path)


def _filled_keeps(dosing: Dosing) -> Quoted[Duration] | None:
    """How long the fill of this visit keeps; None without a refill."""
    return None if dosing.situation.pending.refill is None else keeps_for(dosing)


def _fill_kind(dosing: Dosing, drugs: list[DrugStep]) -> FillKind:
    """First fill with a drug that was not in the pump before; diluted: not as any presentation has it."""
    before = {component.drug for component in dosing.situation.current.fluid}
    if any(step.drug.key not in before for step in drugs):
        return FillKind.FIRST_FILL
    if any(step.drug.stocks and step.concentration not in [each.amount for each in step.drug.stocks] for step in drugs):
        return FillKind.DILUTED
    return FillKind.LATER
