"""The fluid in the reservoir: that the program is written for it, and how long it keeps."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drug_terms import Situation as FillKind
from thecal.catalogue.mixtures import stability_of
from thecal.quantities import Duration
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import DrugStep, Plan
from thecal.therapy.rules.labels import content
from thecal.therapy.showing import length_text


def fluid(plan: Plan) -> Iterator[Finding]:
    """The program must be written for the fluid the reservoir was told to hold, in the same order.

    Where a refill of this visit has another content, ``label-differs`` says so.
    """
    order, wanted = plan.situation.pending.refill, plan.prescription.components
    held = tuple((each.drug, each.concentration_ng_per_ml) for each in plan.standing.fluid)
    if tuple((each.drug, each.concentration.count) for each in wanted) == held:
        return
    path = "pending.prescription.fluid"
    if order is None:
        words = "The reservoir holds another fluid; record the refill first, then program."
        yield refusal("fluid-differs", "fluid", words, path=path)
    elif content(order.fluid) == content(wanted) or not wanted:
        words = "The refill names its drugs in another order than the program; doses are those of the first one."
        yield refusal("fluid-differs", "fluid", words, path=path)


def stability(plan: Plan) -> Iterator[Finding]:
    """A fill that would still be in the pump when it no longer keeps."""
    order, planned = plan.situation.pending.refill, _until_refill(plan)
    drugs = [step for step in plan.steps if step.concentration is not None]
    if order is None or planned is None or not drugs:
        return
    kind = _fill_kind(plan, drugs)
    keeps = stability_of([step.drug.key for step in drugs], kind, tuple(step.drug for step in drugs))
    if keeps is None or planned <= keeps.amount:
        return
    words = "The fluid does not keep until the next refill; refill it earlier."
    shown = ("next refill after", length_text(planned)), ("keeps for", length_text(keeps.amount))
    said = plan.situation.pending.refill_interval is not None
    path = "pending.refill_interval" if said else "pending.refill.filled"
    yield finding("stability", Verdict.WARN, "refill interval", words, *shown, limit=keeps.origin, path=path)


def _until_refill(plan: Plan) -> Duration | None:
    """As the clinician intends it, else as the reservoir lasts; None where nothing says."""
    if plan.situation.pending.refill_interval is not None:
        return plan.situation.pending.refill_interval
    return None if plan.projection.refill is None else plan.projection.refill.since(plan.standing.now)


def _fill_kind(plan: Plan, drugs: list[DrugStep]) -> FillKind:
    """First fill with a drug that was not in the pump before; diluted: not as any presentation has it."""
    before = {component.drug for component in plan.situation.current.fluid}
    if any(step.drug.key not in before for step in drugs):
        return FillKind.FIRST_FILL
    if any(step.drug.stocks and step.concentration not in [each.amount for each in step.drug.stocks] for step in drugs):
        return FillKind.DILUTED
    return FillKind.LATER
