"""What came out of the reservoir against what the pump expects: difference, place, silence, ratio, drift."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.returned_volumes import Came
from thecal.device import INFUSING
from thecal.quantities import Volume
from thecal.therapy.drift import drifting
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.returned import Returned, accepted_for, outside, tolerance_for
from thecal.therapy.rules.known import known_model
from thecal.therapy.showing import amount_text, ratio_text, share_text
from thecal.therapy.situation import RefillOrder, Situation

_FIELD, _PATH = "withdrawn volume", "pending.refill.withdrawn"
_MORE = (
    "More fluid came out than expected: stall, occlusion, or a wrong record; "
    "the patient may have had less drug, so restart with care."
)
_LESS = (
    "Less fluid came out than expected: incomplete emptying, over-infusion, leak, or an earlier fill beside "
    "the reservoir; check the needle before filling."
)
_UNPROVEN_AND_LESS = (
    "Less came out than expected and nothing drawn back proves where the needle is: prove it before you fill."
)
_UNPROVEN = (
    "Nothing drawn back proves that the needle is in the reservoir: "
    "draw back from what you inject first before you fill the rest."
)


def volume_differs(situation: Situation) -> Iterator[Finding]:
    """More or less came out than can be a matter of reading a syringe."""
    order = situation.pending.refill
    if order is None:
        return
    returned, tolerance = _returned(order, situation), tolerance_for(_capacity(situation), situation.current.policy)
    came = returned.came(tolerance.amount)
    if came is Came.AS_EXPECTED:
        return
    shown = [*_volumes(returned), ("tolerance", amount_text(tolerance.amount, "mL"))]
    if order.filled_before is not None and returned.ratio is not None:
        shown.append(("delivered to supposed", ratio_text(returned.ratio)))
    words = _MORE if came is Came.MORE else _LESS
    yield finding("volume-differs", Verdict.WARN, _FIELD, words, *shown, limit=tolerance.origin, path=_PATH)


def place_unproven(situation: Situation) -> Iterator[Finding]:
    """Nothing drawn back proves that the needle is in the reservoir; a STOP when less came out than expected, too."""
    order, policy = situation.pending.refill, situation.current.policy
    if order is None:
        return
    returned, tolerance = _returned(order, situation), tolerance_for(_capacity(situation), policy)
    proven = order.recovered is not None and order.recovered >= policy.smallest_proof
    if proven:
        return
    verdict, words = Verdict.WARN, _UNPROVEN
    if returned.came(tolerance.amount) is Came.LESS:
        verdict, words = Verdict.STOP, _UNPROVEN_AND_LESS
    back = "nothing" if order.recovered is None else amount_text(order.recovered, "mL")
    shown = (*_volumes(returned), ("drawn back", back), ("proof", amount_text(policy.smallest_proof, "mL")))
    limit, path = policy.source_of("smallest_proof"), "pending.refill.recovered"
    yield finding("place-unproven", verdict, "place of the needle", words, *shown, limit=limit, path=path)


def drug_free_interval(situation: Situation) -> Iterator[Finding]:
    """About nothing came out of a pump that was to give drug: it may have run dry."""
    order, current = situation.pending.refill, situation.current
    mark = current.policy.about_empty
    if order is None or current.last_infusing.mode not in INFUSING:
        return
    returned = _returned(order, situation)
    emptied_on_purpose = current.program.mode not in INFUSING and current.reservoir <= mark
    if emptied_on_purpose or not returned.about_nothing(mark):
        return
    words = (
        "About nothing came out: the reservoir may have run dry and the patient may have had no drug; "
        "find out since when, and start as for a naive patient."
    )
    shown = (*_volumes(returned), ("counts as nothing", amount_text(mark, "mL")))
    limit = current.policy.source_of("about_empty")
    yield finding("drug-free-interval", Verdict.STOP, _FIELD, words, *shown, limit=limit, path=_PATH)


def unexpectedly_full(situation: Situation) -> Iterator[Finding]:
    """So much is still inside that the pump can hardly have delivered: the patient has lost tolerance."""
    order, current = situation.pending.refill, situation.current
    if order is None or current.last_infusing.mode not in INFUSING:
        return
    returned, tolerance = _returned(order, situation), tolerance_for(_capacity(situation), current.policy)
    ratio, policy = returned.ratio, current.policy
    if returned.came(tolerance.amount) is not Came.MORE or ratio is None or ratio >= policy.silent_share:
        return
    words = (
        "The reservoir is far fuller than expected: the pump has hardly delivered. "
        "Find out why, and restart only as for a naive patient."
    )
    shown = (*_volumes(returned), ("delivered to supposed, at most", ratio_text(ratio)))
    limit = policy.source_of("silent_share")
    yield finding("unexpectedly-full", Verdict.STOP, _FIELD, words, *shown, limit=limit, path=_PATH)


def delivered_ratio(situation: Situation) -> Iterator[Finding]:
    """Really to supposedly delivered, outside what the label of the pump allows.

    Within what a syringe can be misread by it is only told, for after a short interval it means nothing.
    """
    order, model = situation.pending.refill, known_model(situation)
    if order is None or order.filled_before is None or model is None:
        return
    returned, policy = _returned(order, situation), situation.current.policy
    accepted, tolerance = accepted_for(model, policy), tolerance_for(_capacity(situation), policy)
    if returned.ratio is None or not outside(returned.ratio, accepted.amount):
        return
    words = "The pump delivered outside the accuracy on its label; compare with earlier refills before the next step."
    shown = ("delivered to supposed", ratio_text(returned.ratio)), ("label accuracy", share_text(accepted.amount))
    verdict = Verdict.INFO if returned.came(tolerance.amount) is Came.AS_EXPECTED else Verdict.WARN
    yield finding("delivered-ratio", verdict, _FIELD, words, *shown, limit=accepted.origin, path=_PATH)


def drift(situation: Situation) -> Iterator[Finding]:
    """The last visits, this one included, all deviate to the same side by more than chance."""
    policy, ratios = situation.current.policy, _ratios(situation)
    if not drifting(ratios, policy):
        return
    words = "The last refills all deviate to the same side by more than chance; find out why, and follow it."
    shown = tuple((f"visit {number}", ratio_text(ratio)) for number, ratio in enumerate(ratios, start=1))
    limit = policy.source_of("drift_visits")
    last = shown[-policy.drift_visits :]
    yield finding("drift", Verdict.WARN, _FIELD, words, *last, limit=limit, path="history.refills")


def _ratios(situation: Situation) -> tuple[Fraction, ...]:
    """Delivered ratios, oldest first, those of visits that have one."""
    then = [Returned(each.filled_before, each.expected, each.withdrawn) for each in situation.history.refills]
    order = situation.pending.refill
    if order is not None and order.filled_before is not None:
        then.append(_returned(order, situation))
    return tuple(each.ratio for each in then if each.ratio is not None)


def _returned(order: RefillOrder, situation: Situation) -> Returned:
    """Without the last fill, a full reservoir stands for it: the ratio is then never below the true one.

    ratio = 1 - (withdrawn - expected) / (filled - expected), which grows with the fill when more came out.
    """
    filled = _capacity(situation) if order.filled_before is None else order.filled_before
    return Returned(filled, situation.current.reservoir, order.withdrawn)


def _capacity(situation: Situation) -> Volume:
    return Volume(situation.current.pump.descriptor.reservoir_nl)


def _volumes(returned: Returned) -> tuple[tuple[str, str], ...]:
    return (
        ("expected", amount_text(returned.expected, "mL")),
        ("withdrawn", amount_text(returned.withdrawn, "mL")),
    )
