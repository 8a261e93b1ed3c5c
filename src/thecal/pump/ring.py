"""At most one effect for each command id: the last 64 results of each role, and marks for ids never seen."""

from __future__ import annotations

from dataclasses import replace

from thecal.device import Done, NeverSeen, Role, Settled, Staged
from thecal.pump.state import RING_SIZE, Outcome, PumpState, Remembered


def recalled(state: PumpState, role: Role, command_id: bytes) -> Remembered | None:
    """What became of the id, or None when this role never used it (or 64 others ago)."""
    for remembered in reversed(state.ring):
        if remembered.command_id == command_id and remembered.role is role:
            return remembered
    return None


def remembering(state: PumpState, role: Role, command_id: bytes, outcome: Outcome) -> PumpState:
    """The state that knows this result; the oldest of the role's own results makes room."""
    ring = (*state.ring, Remembered(role, command_id, state.tick_ms, outcome))
    own = [remembered for remembered in ring if remembered.role is role]
    if len(own) > RING_SIZE:
        ring = tuple(remembered for remembered in ring if remembered is not own[0])
    return replace(state, ring=ring)


def settled(state: PumpState, role: Role, command_id: bytes) -> tuple[PumpState, Settled]:
    """What became of the id. One never seen is marked in the same state, so that it can never act later."""
    remembered = recalled(state, role, command_id)
    if remembered is None:
        return remembering(state, role, command_id, NeverSeen()), Settled(NeverSeen())
    if isinstance(remembered.outcome, Staged):
        return state, Settled(Done(remembered.tick_ms))
    return state, Settled(remembered.outcome)
