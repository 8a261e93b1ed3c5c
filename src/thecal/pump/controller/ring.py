"""At most one effect for each command id: the last 64 results of each role, and marks for ids never seen.

A result may be pushed out only when its command is past its deadline, however it was sent: then it is too late by
itself. So no id acts twice. What is lost is the answer to a query, and the horizon of the role says from where on
that may be: a query about an id that the pump no longer knows, due at or before it, is answered as forgotten.
The horizon also stands for commands that were turned away without being remembered.

A stop is never turned away for want of room: it acts, and the horizon stands for it. Until the horizon has passed no
program is committed (``may_start``), so a copy of such a stop finds a pump that is stopped, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from thecal.device import (
    COMMAND_LIFE_MS,
    MAY,
    Done,
    Forgotten,
    NeverSeen,
    Query,
    Reason,
    Refused,
    Role,
    Settled,
    Staged,
    StopInfusion,
    bounds,
)
from thecal.pump.controller.state import RING_SIZE, Horizon, Outcome, PumpState, Remembered, RoleRing

ID_BYTES = 16


def recalled(state: PumpState, role: Role, command_id: bytes) -> Remembered | None:
    """What became of the id, or None when this role never used it (or 64 others ago)."""
    for ring in state.ring:
        if ring.role is role and command_id in ring.ids:  # or it lies across two of them: then it is none
            for remembered in reversed(ring.results):
                if remembered.command_id == command_id:
                    return remembered
    return None


def has_room(state: PumpState, role: Role) -> bool:
    """Whether one more result can be kept without pushing out one whose command could still come in time."""
    for ring in state.ring:
        if ring.role is role:
            results = ring.results
            return len(results) < RING_SIZE or results[0].tick_ms + COMMAND_LIFE_MS < state.tick_ms
    return True


def remembering(state: PumpState, role: Role, command_id: bytes, outcome: Outcome) -> PumpState:
    """The state that knows this result; the oldest of the role's own makes room. Raises ValueError without room."""
    rings, remembered = state.ring, (Remembered(role, command_id, state.tick_ms, outcome),)
    for place, (of, ids, results) in enumerate(rings):
        if of is role:
            horizons = state.horizons
            if len(results) == RING_SIZE:
                past_tick_ms = results[0].tick_ms + COMMAND_LIFE_MS
                if past_tick_ms >= state.tick_ms:
                    raise ValueError("a result of the last 30 s is never pushed out")
                horizons = _further(state, role, past_tick_ms)
                ids, results = ids[ID_BYTES:], results[1:]
            latest = RoleRing(role, ids + command_id, results + remembered)
            return state._replace(ring=(*rings[:place], latest, *rings[place + 1 :]), horizons=horizons)
    return state._replace(ring=(*rings, RoleRing(role, command_id, remembered)))


def in_order(ring: tuple[RoleRing, ...]) -> tuple[Remembered, ...]:
    """What is remembered, role by role, as it is written to the memory."""
    return tuple(remembered for each in ring for remembered in each.results)


def by_role(remembered: Iterable[Remembered]) -> tuple[RoleRing, ...]:
    """The rings of what was remembered, as they were before they were written to the memory."""
    roles: dict[Role, list[Remembered]] = {}
    for each in remembered:
        roles.setdefault(each.role, []).append(each)
    return tuple(RoleRing(role, b"".join([r.command_id for r in of]), tuple(of)) for role, of in roles.items())


def is_forgotten(state: PumpState, role: Role, due_tick_ms: int) -> bool:
    """Whether a command with this deadline, unknown now, may once have acted, or was turned away for ever."""
    for of, tick_ms in state.horizons:
        if of is role and due_tick_ms <= tick_ms:
            return True
    return is_before_a_fault(state, due_tick_ms)


def is_before_a_fault(state: PumpState, due_tick_ms: int) -> bool:
    """Whether its result may have been lost with the memory."""
    return state.fault is not None and due_tick_ms <= state.fault.found_tick_ms + COMMAND_LIFE_MS


def forgetting(state: PumpState, role: Role, due_tick_ms: int) -> PumpState:
    """The state in which no unknown command of the role with this deadline, or an earlier one, acts any more."""
    return state._replace(horizons=_further(state, role, due_tick_ms))


def _further(state: PumpState, role: Role, due_tick_ms: int) -> tuple[Horizon, ...]:
    if is_forgotten(state, role, due_tick_ms):
        return state.horizons
    others = [horizon for horizon in state.horizons if horizon[0] is not role]
    return (*others, Horizon(role, min(due_tick_ms, bounds.TICK.high)))


def may_start(state: PumpState) -> bool:
    """Whether no stop that acted without being remembered can come a second time: a program may then begin."""
    return all(horizon.tick_ms < state.tick_ms for horizon in state.horizons if StopInfusion in MAY[horizon.role])


def settled(state: PumpState, role: Role, query: Query) -> tuple[PumpState, Settled | Refused]:
    """What became of the id. One never seen is marked in the same state, so that it can never act later.

    With a deadline too far ahead nothing can be promised yet, because a mark is not kept for so long; nor without
    room for a mark, until the deadline has passed.
    """
    remembered, due_tick_ms = recalled(state, role, query.command_id), query.not_after_tick_ms
    if remembered is not None:
        outcome = remembered.outcome
        return state, Settled(Done(remembered.tick_ms) if isinstance(outcome, Staged) else outcome)
    if due_tick_ms > state.tick_ms + COMMAND_LIFE_MS:
        return state, Refused(Reason.DEADLINE_TOO_FAR)
    if is_before_a_fault(state, due_tick_ms):
        return state, Settled(Forgotten())
    forgotten, late = is_forgotten(state, role, due_tick_ms), due_tick_ms < state.tick_ms
    if not late and (forgotten or not has_room(state, role)):
        return state, Refused(Reason.BUSY)  # it may be a stop, which would still act
    if forgotten:
        return state, Settled(Forgotten())
    if has_room(state, role):
        state = remembering(state, role, query.command_id, NeverSeen())
    return state, Settled(NeverSeen())
