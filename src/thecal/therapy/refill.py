"""A refill as it is told to the pump: expected, withdrawn and filled volume, and what their differences may mean.

What the needle really did is not known here. Thresholds scale with the reservoir [clinical 4.2]; a fill above what the
reservoir holds, and another fluid under a running dose, are refused [clinical 5.4 ranks 2 and 7].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from thecal.catalogue.drugs import drug
from thecal.catalogue.sourced import CatalogueError
from thecal.quantities import Concentration, Volume
from thecal.therapy.findings import Finding, Verdict, finding, heaviest_first, refusal
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.returned import Returned, tolerance_for
from thecal.therapy.showing import amount_text, ratio_text
from thecal.therapy.standing import INFUSING, Standing


@dataclass(frozen=True, slots=True)
class Refill:
    """What was done, as told: volume drawn out, volume filled (all the reservoir then holds), and the fluid."""

    withdrawn: Volume
    filled: Volume
    components: tuple[FluidComponent, ...]


@dataclass(frozen=True, slots=True)
class RefillReview:
    """A refill against what the pump expects. ``delivered_ratio`` is really to supposedly delivered since last time."""

    refill: Refill
    expected: Volume
    difference: Volume  # between withdrawn and expected, either way
    fuller_than_expected: bool
    delivered_ratio: Fraction | None
    findings: tuple[Finding, ...]

    @property
    def may_be_sent(self) -> bool:
        """Whether it may go to the pump."""
        return all(found.verdict is not Verdict.REFUSE for found in self.findings)


def review_refill(refill: Refill, standing: Standing, filled_before: Volume) -> RefillReview:
    """Hold a refill against the interrogated pump; ``filled_before`` is what it was told at the last refill."""
    returned = Returned(filled_before, standing.reservoir, refill.withdrawn)
    reviewed = RefillReview(
        refill=refill,
        expected=returned.expected,
        difference=returned.difference,
        fuller_than_expected=returned.fuller,
        delivered_ratio=returned.ratio,
        findings=(),
    )
    return replace(reviewed, findings=heaviest_first(found for rule in _RULES for found in rule(reviewed, standing)))


def _fill_fits(review: RefillReview, standing: Standing) -> Iterator[Finding]:
    capacity = Volume(standing.pump.descriptor.reservoir_nl)
    for field, told in (("filled volume", review.refill.filled), ("withdrawn volume", review.refill.withdrawn)):
        if told > capacity:
            words = f"The {field} is larger than the reservoir; measure again."
            shown = (field, amount_text(told, "mL")), ("reservoir", amount_text(capacity, "mL"))
            yield refusal("fill-too-large", field, words, *shown)


def _volumes_agree(review: RefillReview, standing: Standing) -> Iterator[Finding]:
    tolerance = tolerance_for(Volume(standing.pump.descriptor.reservoir_nl), standing.policy)
    if review.difference <= tolerance.amount:
        return
    if review.fuller_than_expected:
        words = (
            "More fluid came out than expected: stall, occlusion, or a wrong record; "
            "the patient may have had less drug, so restart with care."
        )
    else:
        words = (
            "Less fluid came out than expected: incomplete emptying, over-infusion, leak, or an earlier fill beside "
            "the reservoir; check the needle before filling."
        )
    shown = [
        ("expected", amount_text(review.expected, "mL")),
        ("withdrawn", amount_text(review.refill.withdrawn, "mL")),
        ("tolerance", amount_text(tolerance.amount, "mL")),
    ]
    if review.delivered_ratio is not None:
        shown.append(("delivered to supposed", ratio_text(review.delivered_ratio)))
    yield finding("volume-differs", Verdict.WARN, "withdrawn volume", words, *shown, limit=tolerance.origin)


def _drugs_known(review: RefillReview, _standing: Standing) -> Iterator[Finding]:
    if not review.refill.components:
        yield refusal("no-fluid", "fluid", "Name the drug and its concentration.")
    for component in review.refill.components:
        try:
            drug(component.drug)
        except CatalogueError as unknown:
            yield refusal("unknown-drug", "fluid", f"{unknown}.")


def _fluid_change(review: RefillReview, standing: Standing) -> Iterator[Finding]:
    told = tuple(component.in_counts() for component in review.refill.components)
    if not standing.fluid or told == standing.fluid:
        return
    if standing.program.mode in INFUSING:
        words = (
            "Another fluid cannot be recorded while a dose runs: every dose would be wrong. Stop the infusion first."
        )
        yield refusal("fluid-change-while-infusing", "fluid", words)
        return
    words = "The old fluid is still in tubing and catheter and reaches the patient first; plan the change for it."
    yield finding("fluid-change", Verdict.WARN, "fluid", words)


def _concentration_step(review: RefillReview, standing: Standing) -> Iterator[Finding]:
    before = {component.drug: component.concentration_ng_per_ml for component in standing.fluid}
    for component in review.refill.components:
        old = before.get(component.drug)
        if old is None:
            continue
        try:
            known = drug(component.drug)
        except CatalogueError:
            continue
        ratio = Fraction(component.concentration.count, old)
        if ratio * known.step_ratio >= 1 and ratio <= known.step_ratio:
            continue
        unit = f"{known.dose_unit}/mL"
        words = f"The concentration of {known.display} becomes {ratio_text(ratio)} the last one; read the label again."
        shown = (
            ("last", amount_text(Concentration(old), unit)),
            ("now", amount_text(component.concentration, unit)),
            ("ratio", ratio_text(ratio)),
        )
        limit = known.source_of("step_ratio")
        field = f"concentration of {known.display}"
        yield finding("concentration-step", Verdict.STOP, field, words, *shown, limit=limit, ratio=ratio)


_RULES = (_fill_fits, _drugs_known, _volumes_agree, _fluid_change, _concentration_step)
