"""The bridge bolus of a draft: one to be given when its program starts, and what becomes of one that is unfinished.

The pump takes no program that leaves an unfinished bridge undecided; the same is asked here before anything is sent.
Volume and time come from the bridge calculator of ``therapy``; what is left of a bridge only the pump can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from thecal.device import (
    BolusKind,
    BridgeLeft,
    Mode,
    OnceBolus,
    OutOfBounds,
    Program,
    PumpDescriptor,
    Reason,
    Status,
)
from thecal.programmer.reason_words import REASON_WORDS
from thecal.quantities import Duration, FlowRate, Volume
from thecal.therapy import Finding, Review, Row, Standing, Verdict
from thecal.therapy.arithmetic import rate_to_move, whole_strokes
from thecal.therapy.derived import derive
from thecal.therapy.findings import finding, heaviest_first, refusal
from thecal.therapy.review import needed
from thecal.therapy.showing import amount_text, length_text

FIELD = "bridge"
NONE = "none"
_BEGINS = {None: "", BridgeLeft.CONTINUE: "continued, ", BridgeLeft.RESTART: "given whole again, "}
_ACCEPT = {
    BridgeLeft.RESTART: "Part of it was given already: a whole bridge again moves new fluid at the flow of the bridge.",
    BridgeLeft.CANCEL: "Nothing more of it is given: old fluid still in the line runs at the flow of the program.",
}


@dataclass(frozen=True, slots=True)
class BridgeDraft:
    """``left``: what becomes of the unfinished bridge; None where there is none.

    ``volume`` and ``duration`` are those of the bridge the program gives, None where it gives none; one that is
    continued has no volume of its own: it gives what the pump says is left.
    """

    left: BridgeLeft | None
    volume: Volume | None = None
    duration: Duration | None = None


def unfinished(status: Status) -> Volume | None:
    """What is left of a bridge bolus, interrupted or running; None: there is none."""
    if status.bridge_left_nl is not None:
        return Volume(status.bridge_left_nl)
    return Volume(status.once.volume_nl - status.once.delivered_nl) if status.once and _runs(status) else None


def with_bridge(reviewed: Review, bridge: BridgeDraft | None, status: Status, at: Standing) -> Review:
    """The review with what the draft says of a bridge: its row, its findings, and the program that gives it."""
    if reviewed.translation is None:
        return reviewed
    left, descriptor = unfinished(status), at.pump.descriptor
    once, found = None, list(_decision_findings(reviewed.translation.program, bridge, status))
    refused = any(each.verdict is Verdict.REFUSE for each in found)
    if bridge is not None and bridge.duration is not None and not refused:
        try:
            once = _once(bridge, left, bridge.duration)
        except OutOfBounds as impossible:
            found.append(refusal("bridge-impossible", FIELD, f"No pump can hold this bridge: {impossible}."))
        else:
            found += _given_findings(once, descriptor, at)
    row = _row(bridge, once, status, left, descriptor)
    findings = heaviest_first((*reviewed.findings, *found))
    translation = reviewed.translation
    if bridge is not None and not any(each.verdict is Verdict.REFUSE for each in found):
        program = replace(translation.program, once=once, bridge_left=bridge.left)
        translation = replace(translation, program=program, derived=derive(program, descriptor))
    return replace(
        reviewed,
        translation=translation,
        rows=reviewed.rows if row is None else (*reviewed.rows, row),
        findings=findings,
        confirmations_needed=needed(findings),
    )


def bridge_text(once: OnceBolus, descriptor: PumpDescriptor) -> str:
    """``0.2 mL over 10 h, 0.48 mL/day``: what is achievable of it, and its flow, rounded up."""
    volume = whole_strokes(Volume(once.volume_nl), Volume(descriptor.stroke_nl))
    lasts, flow = Duration(once.duration_ms), rate_to_move(volume, Duration(once.duration_ms))
    return f"{amount_text(volume, 'mL')} over {length_text(lasts)}, {amount_text(flow, 'mL/day')}"


def _runs(status: Status) -> bool:
    return status.once is not None and status.once.kind is BolusKind.BRIDGE


def _once(bridge: BridgeDraft, left: Volume | None, lasts: Duration) -> OnceBolus | None:
    volume = left if bridge.left is BridgeLeft.CONTINUE else bridge.volume
    return None if volume is None else OnceBolus(BolusKind.BRIDGE, volume.count, lasts.count)


def _decision_findings(program: Program, bridge: BridgeDraft | None, status: Status) -> Iterator[Finding]:
    """What the pump would refuse, and what a person must know of restarting or cancelling."""
    left = unfinished(status)
    decision = None if bridge is None else bridge.left
    if left is not None and decision is None:
        compared = ("left of the bridge", amount_text(left, "mL"))
        yield refusal("bridge-undecided", FIELD, REASON_WORDS[Reason.BRIDGE_UNDECIDED], compared)
    elif left is None and decision is not None:
        yield refusal("no-bridge", FIELD, REASON_WORDS[Reason.NO_BRIDGE])
    elif decision is BridgeLeft.CONTINUE and _runs(status):
        words = "The bridge runs on, so what is left of it changes meanwhile: let it end, or stop the infusion first."
        yield refusal("bridge-runs", FIELD, words)
    elif bridge is not None and bridge.duration is not None and program.mode is Mode.STOPPED:
        yield refusal("bridge-stopped", FIELD, "A stopped pump gives no bridge bolus: choose another mode, or none.")
    elif decision in _ACCEPT and left is not None:
        compared = ("left of the bridge", amount_text(left, "mL"))
        yield finding("bridge-left", Verdict.WARN, FIELD, _ACCEPT[decision], compared)


def _given_findings(once: OnceBolus | None, descriptor: PumpDescriptor, at: Standing) -> Iterator[Finding]:
    if once is None:
        return
    lasts = Duration(once.duration_ms)
    volume = whole_strokes(Volume(once.volume_nl), Volume(descriptor.stroke_nl))
    highest = FlowRate(descriptor.highest_rate_nl_per_day)
    if volume.count == 0:
        stroke = ("one stroke", amount_text(Volume(descriptor.stroke_nl), "mL"))
        yield refusal("bridge-impossible", FIELD, "The bridge is less than one stroke of this pump.", stroke)
    elif rate_to_move(volume, lasts) > highest:
        flow = ("flow", amount_text(rate_to_move(volume, lasts), "mL/day"))
        most = ("highest flow", amount_text(highest, "mL/day"))
        words = "The bridge needs more flow than the pump can give; give it longer."
        yield refusal("bridge-rate", FIELD, words, flow, most)
    if lasts > at.policy.bridge_ask:
        compared = ("bridge", length_text(lasts)), ("limit", length_text(at.policy.bridge_ask))
        words = "The bridge takes days: is that wanted? Until it ends the dose cannot be changed without a new one."
        yield finding("bridge-long", Verdict.WARN, FIELD, words, *compared, limit=at.policy.source_of("bridge_ask"))


def _row(
    bridge: BridgeDraft | None, once: OnceBolus | None, status: Status, left: Volume | None, descriptor: PumpDescriptor
) -> Row | None:
    """Old: what is unfinished; new: what the program gives. None where there is nothing to tell."""
    if bridge is None and left is None:
        return None
    old, new = NONE, NONE
    if left is not None:
        old = f"{'runs' if _runs(status) else 'interrupted'}, {amount_text(left, 'mL')} left"
    if once is not None and bridge is not None:
        new = f"{_BEGINS[bridge.left]}{bridge_text(once, descriptor)}"
    elif bridge is not None and bridge.left is not None:
        new = bridge.left.value
    return Row("bridge", "bridge bolus", "", old, new, old, new, old != new)
