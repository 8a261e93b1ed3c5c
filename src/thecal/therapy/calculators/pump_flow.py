"""Whether any program of a pump has a flow: a time at another one is never told, and what is asked is said plainly."""

from __future__ import annotations

from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import FlowRate
from thecal.therapy.findings import Finding, Verdict, finding


def not_programmable(model: ProgrammablePump, flow: FlowRate, path: str) -> Finding | None:
    """Why no program of this pump runs at ``flow``; None where one does, minimum rate among them.

    ``path``: the field of the document that asks for it.
    """
    if model.lowest_rate <= flow <= model.highest_rate or flow == model.minimum_rate:
        return None
    low = flow < model.lowest_rate
    bound = ("lowest", model.lowest_rate) if low else ("highest", model.highest_rate)
    words = f"No program of this pump has so {'low' if low else 'high'} a flow, so no time is told for it."
    shown = ("flow", flow.text_in("mL/day")), (bound[0], bound[1].text_in("mL/day"))
    limit = model.source_of(f"{bound[0]}_rate")
    rule = f"rate-too-{'low' if low else 'high'}"
    return finding(rule, Verdict.WARN, "flow", words, *shown, limit=limit, path=path)
