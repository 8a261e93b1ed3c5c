"""What stands against a bridge bolus of a draft: what the pump would refuse, and a flow that is another dose.

What is in the line is for ``therapy`` to check where it is recorded; here only flows are compared. A bridge keeps up
the dose of the fluid in the line, so it runs at the flow that fluid had, or at the flow of the bridge it continues.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.drugs import drug
from thecal.device import INFUSING, BolusKind, BridgeLeft, Mode, OnceBolus, Program, Reason, Status
from thecal.programmer.bridge import BridgeDraft, runs, unfinished
from thecal.programmer.reason_words import REASON_WORDS
from thecal.quantities import Duration, FlowRate, Volume
from thecal.therapy import Finding, Standing, Verdict
from thecal.therapy.arithmetic import rate_to_move, whole_strokes
from thecal.therapy.derived import derive
from thecal.therapy.findings import finding, refusal
from thecal.therapy.showing import amount_text, length_text, ratio_text

FIELD = "bridge"
_ACCEPT = {
    BridgeLeft.RESTART: "Part of it was given already: a whole bridge again moves new fluid at the flow of the bridge.",
    BridgeLeft.CANCEL: "Nothing more of it is given: old fluid still in the line runs at the flow of the program.",
}


def decision_findings(program: Program, bridge: BridgeDraft | None, status: Status) -> Iterator[Finding]:
    """Whether what becomes of an unfinished bridge is said, and can be done; what to know of restarting, cancelling."""
    left = unfinished(status)
    decision = None if bridge is None else bridge.left
    if left is None and decision is not None:
        yield refusal("no-bridge", FIELD, REASON_WORDS[Reason.NO_BRIDGE])
    elif decision is BridgeLeft.CONTINUE and runs(status):
        words = "The bridge runs on, so what is left of it changes meanwhile: let it end, or stop the infusion first."
        yield refusal("bridge-runs", FIELD, words)
    elif left is not None:
        compared = ("left of the bridge", amount_text(left, "mL"))
        if decision is None:
            yield refusal("bridge-undecided", FIELD, REASON_WORDS[Reason.BRIDGE_UNDECIDED], compared)
        elif decision in _ACCEPT:
            yield finding("bridge-left", Verdict.WARN, FIELD, _ACCEPT[decision], compared)
    if bridge is not None and bridge.duration is not None and program.mode is Mode.STOPPED:
        yield refusal("bridge-stopped", FIELD, "A stopped pump gives no bridge bolus: choose another mode, or none.")


def given_findings(once: OnceBolus, left: BridgeLeft | None, program: Program, at: Standing) -> Iterator[Finding]:
    """Whether the pump can give it, how long it takes, and what its flow is to the one it should keep up."""
    descriptor, policy, lasts = at.pump.descriptor, at.policy, Duration(once.duration_ms)
    if once.volume_nl < descriptor.stroke_nl:
        stroke = ("one stroke", amount_text(Volume(descriptor.stroke_nl), "mL"))
        yield refusal("bridge-impossible", FIELD, "The bridge is less than one stroke of this pump.", stroke)
        return
    flow, highest = _flow(once, at), FlowRate(descriptor.highest_rate_nl_per_day)
    if flow > highest:
        compared = ("flow", amount_text(flow, "mL/day")), ("highest flow", amount_text(highest, "mL/day"))
        words = "The bridge needs more flow than the pump can give; give it longer."
        yield refusal("bridge-rate", FIELD, words, *compared)
    if lasts > policy.bridge_ask:
        compared = ("bridge", length_text(lasts)), ("limit", length_text(policy.bridge_ask))
        words = "The bridge takes days: is that wanted? Until it ends the dose cannot be changed without a new one."
        yield finding("bridge-long", Verdict.WARN, FIELD, words, *compared, limit=policy.source_of("bridge_ask"))
    yield from _flow_findings(flow, _to_keep_up(left, program, at), program, at)


def _flow_findings(flow: FlowRate, before: FlowRate, program: Program, at: Standing) -> Iterator[Finding]:
    """A wrong volume or time is a wrong flow, and that is a wrong dose of what is in the line."""
    if before.count == 0 or not program.components:
        yield finding("bridge-flow", Verdict.WARN, FIELD, "There is no flow to compare that of the bridge with.")
        return
    ratio, slack = Fraction(flow.count, before.count), at.policy.bridge_tolerance
    known = drug(program.components[0].drug)
    compared = (
        ("flow of the bridge", amount_text(flow, "mL/day")),
        ("flow to keep up", amount_text(before, "mL/day")),
        ("ratio", ratio_text(ratio)),
    )
    if ratio > known.step_ratio:
        words = f"The bridge runs at {ratio_text(ratio)} the flow it should keep up; confirm the ratio separately."
        limit = known.source_of("step_ratio")
        yield finding("bridge-flow", Verdict.STOP, FIELD, words, *compared, limit=limit, ratio=ratio)
    elif not 1 - slack <= ratio <= 1 + slack:
        words = "The bridge runs at another flow than it should keep up, which is another dose: check volume and time."
        limit = at.policy.source_of("bridge_tolerance")
        yield finding("bridge-flow", Verdict.WARN, FIELD, words, *compared, limit=limit)


def _to_keep_up(left: BridgeLeft | None, program: Program, at: Standing) -> FlowRate:
    """The flow of the bridge that is taken up again, else of the dose that ran last, else of the new one."""
    last = at.last_infusing
    if left is not None and last.once is not None and last.once.kind is BolusKind.BRIDGE:
        return _flow(last.once, at)
    running = last if last.mode in INFUSING else program
    return FlowRate(derive(running, at.pump.descriptor).daily_volume.count)


def _flow(once: OnceBolus, at: Standing) -> FlowRate:
    volume = whole_strokes(Volume(once.volume_nl), Volume(at.pump.descriptor.stroke_nl))
    return rate_to_move(volume, Duration(once.duration_ms))
