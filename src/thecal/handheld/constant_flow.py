"""The page of a patient whose pump has one flow for life: no programmer, when the refill is, whom to call."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.handheld.contact import Contact
from thecal.handheld.refill_words import refill_words
from thecal.quantities import Instant
from thecal.therapy import ConstantFlowPlan


@dataclass(frozen=True, slots=True)
class ConstantFlowView:
    """Everything on the page. There is nothing to ask for and nothing to count down."""

    sentence: str
    explanation: str
    refill: Instant
    refill_words: str
    call: str


def constant_flow_view(plan: ConstantFlowPlan, now: Instant, offset_min: int, contact: Contact) -> ConstantFlowView:
    """What such a patient is told; the pump cannot be asked, so the dates are the clinic's plan."""
    return ConstantFlowView(
        sentence="Your pump has no programmer. It gives your medicine by itself, always at the same flow.",
        explanation=(
            "It has no alarm and no extra doses. Your clinic sets the dose with the medicine it fills in. "
            "Fever, hot baths and high places can change the flow a little: ask your clinic."
        ),
        refill=plan.refill,
        refill_words=refill_words(plan.refill, now, offset_min),
        call=contact.words,
    )
