"""A device stepped one event at a time: what happened, what changed in both layers and in truth, which bytes came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from thecal.bench.device.bench import DeviceBench
from thecal.bench.device.memory_view import RecordBytes, records_in, written_since
from thecal.bench.device.spelling import change_of, spelled
from thecal.implant import Banks
from thecal.pump import PumpState
from thecal.pump.supervisor import Guard

# What follows from other fields, or is told better by them, is left out of the changes.
_NOT_TOLD = frozenset({"numbers", "log_before", "log_head"})
_DERIVED = frozenset({"numbers"})
_RINGS = frozenset({"every", "apart"})  # of the supervisor: 98 counts each; their last is told


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is no longer what it was: of the controller, the supervisor or the truth."""

    of: str
    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Written:
    """A record that came into a bank."""

    bank: int
    record: RecordBytes


@dataclass(frozen=True, slots=True)
class Step:
    """One event as it went. ``number`` counts from 1; ``whose`` is the pump's or the bench's (people, late frames)."""

    number: int
    at_ms: int
    tick_ms: int
    whose: str
    changes: tuple[Change, ...]
    written: tuple[Written, ...]


class _Look(NamedTuple):
    state: PumpState
    guard: Guard
    truth: dict[str, int]
    banks: Banks


class Inspection:
    """Steps a programmable device. Raises NoPower for a constant-flow pump: it has nothing to look into."""

    def __init__(self, bench: DeviceBench) -> None:
        self.bench = bench
        self.number = 0
        self._seen = self._look()

    def next(self) -> Step:
        """Up to the next event and through it. There is always one: the battery is measured every day."""
        pump_ms, moment_ms = self.bench.pump.next_event_ms, self.bench.next_event_ms
        whose = "pump" if pump_ms is not None and pump_ms == moment_ms else "bench"
        self.bench.step()
        self.number += 1
        before, self._seen = self._seen, self._look()
        now = self._seen
        return Step(
            self.number,
            self.bench.at_ms,
            now.state.tick_ms,
            whose,
            tuple(_changes(before, now)),
            tuple(
                Written(bank, record)
                for bank in (0, 1)
                for record in written_since(before.banks[bank], now.banks[bank])
            ),
        )

    def is_due_by(self, at_ms: int) -> bool:
        """Whether the next event comes at this moment or before."""
        moment_ms = self.bench.next_event_ms
        return moment_ms is not None and moment_ms <= at_ms

    def rest_until(self, at_ms: int) -> None:
        """Let time pass up to a moment before which nothing happens. Raises ValueError when it would run back."""
        self.bench.advance_to(at_ms)
        self._seen = self._look()

    @property
    def controller(self) -> Mapping[str, str]:
        """The controller's whole state, spelled."""
        return {name: spelled(value) for name, value in self._seen.state._asdict().items() if name not in _DERIVED}

    @property
    def supervisor(self) -> Mapping[str, str]:
        """The supervisor's whole state, spelled."""
        return {
            name: f"{value[-1]} up to now" if name in _RINGS else spelled(value)
            for name, value in self._seen.guard._asdict().items()
        }

    @property
    def truth(self) -> Mapping[str, int]:
        """What is truly so: volumes in nL, strokes, the battery."""
        return dict(self._seen.truth)

    @property
    def memory(self) -> tuple[tuple[RecordBytes, ...], tuple[RecordBytes, ...]]:
        """Both banks, cut at the borders of their records."""
        first, second = self._seen.banks
        return records_in(first), records_in(second)

    def _look(self) -> _Look:
        bench = self.bench
        truth = {
            "left_tip_nl": bench.left_tip_nl,
            "reservoir_nl": bench.reservoir_nl,
            "strokes_made": bench.fluid.strokes_made,
            "gained_nl": bench.fluid.gained_nl,
            "battery_permille": bench.faults.battery_permille,
        }
        return _Look(bench.believes.state, bench.believes.guard, truth, bench.pump.memory.banks)


def _changes(before: _Look, now: _Look) -> list[Change]:
    told = [Change("controller", *each) for each in _differences(before.state._asdict(), now.state._asdict())]
    told += [Change("supervisor", *each) for each in _differences(before.guard._asdict(), now.guard._asdict())]
    return told + [Change("truth", *each) for each in _differences(before.truth, now.truth)]


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, value in now.items():
        was = before[name]
        if name in _NOT_TOLD or value == was:
            continue
        if name in _RINGS:
            was, value = was[-1], value[-1]
        if _has_fields(was) and type(value) is type(was):
            inner = _differences(was._asdict(), value._asdict())
            found += [(f"{name}.{part}", words) for part, words in inner]
        elif was != value:
            found.append((name, change_of(was, value)))
    return found


def _has_fields(value: object) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")
