"""From the bytes of a memory to the state of the pump: the snapshot, and then the same steps again."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.implant.journal import Damaged, frames
from thecal.implant.records import Entry, RequestTaken, Snapshot, StrokeMade, TimeReached, entry_of
from thecal.pump import CommandReceived, PumpState, TimePassed, step
from thecal.telemetry import Malformed, decode_request


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a memory says.

    ``state`` is None when not even a first snapshot could be read. ``damage`` is None when everything fits together;
    otherwise ``state`` is the last one before the damage. ``owed_strokes`` counts strokes that the state holds but
    the journal does not yet: the second of two strokes of one millisecond, when power failed between them.
    """

    state: PumpState | None
    sequence: int
    owed_strokes: int
    damage: str | None


def replay(image: bytes) -> Replayed:
    """Pure and repeatable: reading a memory changes nothing. Raises MemoryOfAnotherVersion and nothing else."""
    past = _Past()
    try:
        for frame in frames(image):
            if past.state is not None and frame.sequence != past.sequence + 1:
                raise Damaged(f"record {frame.sequence} follows record {past.sequence}")
            past.take(entry_of(frame))
            past.sequence = frame.sequence
        owed = past.owed_at_the_end()
    except Damaged as fault:
        return Replayed(past.as_far_as_known(), past.sequence, 0, str(fault))
    return Replayed(past.state, past.sequence, owed, None)


class _Past:
    """The state as far as it has been replayed, and what has been recorded beyond it.

    Strokes and time are only noted until something else happens: stepping once over many strokes equals stepping
    over each, so a long journal is replayed in a few steps, and the totals must agree.
    """

    __slots__ = ("last_was_stroke", "reached_tick_ms", "sequence", "state", "strokes_recorded")

    def __init__(self) -> None:
        self.state: PumpState | None = None
        self.sequence = 0
        self.reached_tick_ms = 0
        self.strokes_recorded = 0
        self.last_was_stroke = False

    def take(self, entry: Entry) -> None:
        """Raises Damaged when the entry cannot have followed what came before."""
        if isinstance(entry, Snapshot):
            if self.state is not None:
                raise Damaged("a second snapshot")
            self.state = entry.state
            self.reached_tick_ms, self.strokes_recorded = entry.state.tick_ms, entry.state.strokes_total
            return
        if self.state is None:
            raise Damaged("no snapshot at its start")
        if entry.tick_ms < self.reached_tick_ms:
            raise Damaged(f"time runs back to {entry.tick_ms} ms")
        self.reached_tick_ms = entry.tick_ms
        self.last_was_stroke = isinstance(entry, StrokeMade)
        match entry:
            case StrokeMade(total=total):
                if total != self.strokes_recorded + 1:
                    raise Damaged(f"stroke {total} follows stroke {self.strokes_recorded}")
                self.strokes_recorded = total
            case RequestTaken(tick_ms, role, request_bytes):
                state = self._brought_up_to(self.state, owed_allowed=0)
                try:
                    request = decode_request(request_bytes)
                except Malformed as fault:
                    raise Damaged(f"a request cannot be read: {fault}") from None
                self.state = step(state, CommandReceived(request, role), tick_ms).state
            case TimeReached():
                pass

    def owed_at_the_end(self) -> int:
        """Bring the state up to the last record. Raises Damaged when there is none, or the totals disagree."""
        if self.state is None:
            raise Damaged("no snapshot at its start")
        self.state = self._brought_up_to(self.state, owed_allowed=1 if self.last_was_stroke else 0)
        return self.state.strokes_total - self.strokes_recorded

    def as_far_as_known(self) -> PumpState | None:
        """The state at the last record before damage, for reading and for the count of strokes."""
        return None if self.state is None else step(self.state, TimePassed(), self.reached_tick_ms).state

    def _brought_up_to(self, state: PumpState, owed_allowed: int) -> PumpState:
        state = step(state, TimePassed(), self.reached_tick_ms).state
        if not 0 <= state.strokes_total - self.strokes_recorded <= owed_allowed:
            raise Damaged(f"{self.strokes_recorded} strokes are recorded where {state.strokes_total} were due")
        return state
