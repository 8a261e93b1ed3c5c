"""The review of a draft with what it says of a bridge bolus: its row, its findings, and the program that gives it.

The pump takes no program that leaves an unfinished bridge undecided; the same is asked here before anything is sent.
"""

from __future__ import annotations

from dataclasses import replace

from thecal.device import BolusKind, BridgeLeft, OnceBolus, OutOfBounds, PumpDescriptor, Status
from thecal.programmer.bridge import BridgeDraft, runs, unfinished
from thecal.programmer.bridge_checks import FIELD, decision_findings, given_findings
from thecal.quantities import Duration, Volume
from thecal.therapy import Finding, Review, Row, Standing, Verdict
from thecal.therapy.arithmetic import rate_to_move, whole_strokes
from thecal.therapy.derived import derive
from thecal.therapy.findings import heaviest_first, refusal
from thecal.therapy.review import needed
from thecal.therapy.showing import amount_text, length_text

_NONE = "none"
_BEGINS = {None: "", BridgeLeft.CONTINUE: "continued, ", BridgeLeft.RESTART: "given whole again, "}


def with_bridge(reviewed: Review, bridge: BridgeDraft | None, status: Status, at: Standing) -> Review:
    """The review of the whole draft. A program that cannot be sent holds no bridge."""
    translation, descriptor = reviewed.translation, at.pump.descriptor
    if translation is None:
        return reviewed
    once, found = None, list(decision_findings(translation.program, bridge, status))
    if bridge is not None and not _refused(found):
        try:
            once = _once(bridge, unfinished(status))
        except OutOfBounds as impossible:
            found.append(refusal("bridge-impossible", FIELD, f"No pump can hold this bridge: {impossible}."))
        if once is not None:
            found += given_findings(once, bridge.left, translation.program, at)
        if not _refused(found):
            program = replace(translation.program, once=once, bridge_left=bridge.left)
            translation = replace(translation, program=program, derived=derive(program, descriptor))
    findings = heaviest_first((*reviewed.findings, *found))
    return replace(
        reviewed,
        translation=translation,
        rows=(*reviewed.rows, *_rows(bridge, once, status, descriptor)),
        findings=findings,
        confirmations_needed=needed(findings),
    )


def bridge_text(once: OnceBolus, descriptor: PumpDescriptor) -> str:
    """``0.2 mL over 10 h, 0.48 mL/day``: what is achievable of it, and its flow, rounded up."""
    volume, lasts = whole_strokes(Volume(once.volume_nl), Volume(descriptor.stroke_nl)), Duration(once.duration_ms)
    flow = rate_to_move(volume, lasts)
    return f"{amount_text(volume, 'mL')} over {length_text(lasts)}, {amount_text(flow, 'mL/day')}"


def _refused(found: list[Finding]) -> bool:
    return any(each.verdict is Verdict.REFUSE for each in found)


def _once(bridge: BridgeDraft, left: Volume | None) -> OnceBolus | None:
    """The bridge the program gives. Raises OutOfBounds."""
    volume = left if bridge.left is BridgeLeft.CONTINUE else bridge.volume
    if volume is None or bridge.duration is None:
        return None
    return OnceBolus(BolusKind.BRIDGE, volume.count, bridge.duration.count)


def _rows(
    bridge: BridgeDraft | None, once: OnceBolus | None, status: Status, descriptor: PumpDescriptor
) -> tuple[Row, ...]:
    """Old: what is unfinished; new: what the program gives. Nothing where there is nothing to tell."""
    left = unfinished(status)
    if bridge is None and left is None:
        return ()
    old = new = _NONE
    if left is not None:
        old = f"{'runs' if runs(status) else 'interrupted'}, {amount_text(left, 'mL')} left"
    if once is not None and bridge is not None:
        new = f"{_BEGINS[bridge.left]}{bridge_text(once, descriptor)}"
    elif bridge is not None and bridge.left is not None:
        new = bridge.left.value
    return (Row("bridge", "bridge bolus", "", old, new, old, new, old != new),)
