"""From the bytes of a memory to the pump: the image that counts, and then the same steps again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from thecal.implant.banks import Banks, Image, mended, read_image
from thecal.implant.journal import MEMORY_VERSION, Damaged, Frame, MemoryOfAnotherVersion
from thecal.implant.records import FactTaken, Happening, RequestTaken, StrokeMade, TimeReached, happening_of, opened
from thecal.pump import CommandReceived, PowerRestored, PumpState, TimePassed
from thecal.pump.supervisor import Guard
from thecal.pump.whole import Pump, SupervisorDied, SupervisorTicked, step
from thecal.telemetry import Malformed, decode_request


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a memory says.

    ``pump`` is None when not even a beginning could be read. ``damage`` is None when everything fits together;
    otherwise ``pump`` is the last one before the damage. ``corrected``: one bank was bad and the other made up for it.
    ``owed_strokes`` counts strokes that the pump holds but the journal does not yet: the second of two strokes of one
    millisecond, when power failed between them. ``bank`` holds what counts; the next image belongs in the other one.
    ``sequence`` is the highest number of a record.
    """

    pump: Pump | None
    sequence: int
    bank: int
    owed_strokes: int = 0
    damage: str | None = None
    corrected: bool = False

    @property
    def state(self) -> PumpState | None:
        """The controller's part."""
        return None if self.pump is None else self.pump.state


def replay(banks: Banks) -> Replayed:
    """Pure and repeatable: reading a memory changes nothing. Raises MemoryOfAnotherVersion and nothing else.

    The newest whole image counts, unless a damaged one is newer, or so damaged that its age cannot be told. A damaged
    beginning is restored from the other bank where that proves itself; any other damage that matters is told.
    """
    images = (read_image(banks[0]), read_image(banks[1]))
    _refuse_other_versions(images)
    if not (images[0].whole or images[1].whole):
        return _nothing_whole(images)
    bank = max((0, 1), key=lambda each: (images[each].whole, images[each].first or 0))
    counted, other = images[bank], images[1 - bank]
    if other.torn or other.whole:
        if other.first == counted.first:
            return Replayed(None, counted.last, bank, damage=f"both banks begin with record {counted.first}")
        return _replayed(counted, bank, corrected=other.damage is not None)
    if other.first is not None and counted.first is not None and other.first < counted.first:
        return _replayed(counted, bank, corrected=True)
    return _with_help(banks, images, 1 - bank)


def _with_help(banks: Banks, images: tuple[Image, Image], newer: int) -> Replayed:
    """The damaged bank ``newer`` may be what counts: it is read with the help of the whole one, or it is damage."""
    helper, bad = images[1 - newer], images[newer]
    past = _replayed(helper, 1 - newer, corrected=False)
    if past.pump is not None and past.damage is None:
        restored = mended(banks[newer], past.pump, past.sequence)
        if restored is not None:
            return _replayed(read_image(restored), newer, corrected=True)
    what = bad.damage or f"one bank has format version {bad.version}"
    return Replayed(past.pump, max(helper.last, bad.last), newer, damage=what)


def _nothing_whole(images: tuple[Image, Image]) -> Replayed:
    """No pump can be read. What is damaged stays until an image that says so is whole in the other bank."""
    bank = 0 if images[0].damage is not None else 1
    what = images[0].damage or images[1].damage or "it holds no whole image"
    return Replayed(None, max(image.last for image in images), bank, damage=what)


def _refuse_other_versions(images: tuple[Image, Image]) -> None:
    others = [image.version for image in images if image.version != MEMORY_VERSION]
    if others and all(image.torn or image.version != MEMORY_VERSION for image in images):
        raise MemoryOfAnotherVersion(others[0])


def _replayed(image: Image, bank: int, corrected: bool) -> Replayed:
    """The pump at the end of a whole image."""
    snapshot, sealed, *journal = image.records
    try:
        past = _Past(opened(snapshot, sealed))
    except Damaged as fault:
        return Replayed(None, image.last, bank, damage=str(fault))
    damage = past.taken(journal) or image.damage
    if damage is not None:
        return Replayed(past.as_far_as_known(), image.last, bank, damage=damage)
    try:
        owed = past.owed_at_the_end()
    except Damaged as fault:
        return Replayed(past.pump, image.last, bank, damage=str(fault))
    return Replayed(past.pump, image.last, bank, owed, None, corrected)


def supervisor_is_ahead(guard: Guard) -> bool:
    """Whether the supervisor has felt time that the controller has not reached: then each sign of life counts."""
    return guard.own_tick_ms > guard.tick_ms


class _Past:
    """The pump as far as it has been replayed, and what has been recorded beyond it.

    Strokes and time are only noted until something else happens: stepping once over many strokes equals stepping
    over each, so a long journal is replayed in a few steps, and the totals must agree.
    """

    __slots__ = ("last_was_stroke", "pump", "reached_tick_ms", "strokes_recorded")

    def __init__(self, pump: Pump) -> None:
        self.pump = pump
        self.reached_tick_ms = pump.state.tick_ms
        self.strokes_recorded = pump.state.strokes_total
        self.last_was_stroke = False

    def taken(self, journal: Iterable[Frame]) -> str | None:
        """Take one record after the other; what is wrong with the first that cannot have followed, or None."""
        try:
            for frame in journal:
                self._take(happening_of(frame))
        except Damaged as fault:
            return str(fault)
        return None

    def owed_at_the_end(self) -> int:
        """Bring the pump up to the last record. Raises Damaged when the totals disagree."""
        self._bring_up(owed_allowed=1 if self.last_was_stroke else 0)
        return self.pump.state.strokes_total - self.strokes_recorded

    def as_far_as_known(self) -> Pump:
        """The pump at the last record before damage, for reading and for the count of strokes."""
        if self.reached_tick_ms <= self.pump.state.tick_ms:
            return self.pump
        return step(self.pump, TimePassed(), self.reached_tick_ms).pump

    def _take(self, entry: Happening) -> None:
        self._reach(entry)
        self.last_was_stroke = isinstance(entry, StrokeMade)
        match entry:
            case StrokeMade(_, total):
                if total != self.strokes_recorded + 1:
                    raise Damaged(f"stroke {total} follows stroke {self.strokes_recorded}")
                self.strokes_recorded = total
            case RequestTaken(tick_ms, role, request_bytes):
                self._bring_up(owed_allowed=0)
                try:
                    request = decode_request(request_bytes)
                except Malformed as fault:
                    raise Damaged(f"a request cannot be read: {fault}") from None
                self._become(step(self.pump, CommandReceived(request, role), tick_ms).pump)
            case FactTaken(tick_ms, fact):
                self._bring_up(owed_allowed=0)
                self._become(step(self.pump, fact, tick_ms).pump)
            case TimeReached() if supervisor_is_ahead(self.pump.guard):
                self._bring_up(owed_allowed=0)  # a sign of life that comes too late for it is not one with a later one

    def _reach(self, entry: Happening) -> None:
        """Note how far the controller's time has come. Raises Damaged where it runs back."""
        reached_tick_ms = entry.tick_ms
        if isinstance(entry, FactTaken):
            if isinstance(entry.fact, SupervisorTicked | SupervisorDied):
                return  # the supervisor's own time
            if isinstance(entry.fact, PowerRestored):
                reached_tick_ms -= entry.fact.outage_ms
        if reached_tick_ms < self.reached_tick_ms:
            raise Damaged(f"time runs back to {entry.tick_ms} ms")
        self.reached_tick_ms = reached_tick_ms

    def _bring_up(self, owed_allowed: int) -> None:
        self.pump = self.as_far_as_known()
        total = self.pump.state.strokes_total
        if not 0 <= total - self.strokes_recorded <= owed_allowed:
            raise Damaged(f"{self.strokes_recorded} strokes are recorded where {total} were due")

    def _become(self, pump: Pump) -> None:
        self.pump = pump
        self.reached_tick_ms = pump.state.tick_ms
        self.strokes_recorded = pump.state.strokes_total
