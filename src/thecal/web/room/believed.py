"""What the pump believes, read from its own memory without asking it. Reading changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thecal.adapters.memory_file import read_banks
from thecal.device import Alarm, BolusKind, LogEntry, LogKind, Mode
from thecal.implant import replay
from thecal.quantities import Concentration, Mass, Volume
from thecal.therapy.arithmetic import mass_given

_BOLUS = (LogKind.BOLUS_GRANTED, LogKind.BOLUS_COMPLETED, LogKind.BOLUS_CANCELLED)


@dataclass(frozen=True, slots=True)
class LastBolus:
    """The latest patient bolus in the pump's log: when it was granted, and how it ended (None: it runs)."""

    granted: LogEntry
    ended: LogEntry | None


@dataclass(frozen=True, slots=True)
class Believed:
    """The pump's own view of itself, at its last written moment."""

    utc_ms: int
    mode: Mode
    reservoir: Volume
    filled: Volume
    strokes: int
    delivered: Volume
    delivered_drug: tuple[tuple[str, Mass], ...]  # as if every stroke had been of the fluid it was last told of
    last_bolus: LastBolus | None
    refilled_utc_ms: int | None  # when it was last told of a refill
    alarms: tuple[Alarm, ...]
    clock_offset_min: int
    stroke: Volume
    damage: str | None


def believed(memory: Path) -> Believed | None:
    """The belief in this memory; None when it holds no readable state. Raises OSError, MemoryOfAnotherVersion."""
    past = replay(read_banks(memory))
    state = past.state
    if state is None:
        return None
    refilled = state.reservoir.refilled_tick_ms
    stroke = Volume(state.identity.descriptor.stroke_nl)
    delivered = Volume(state.strokes_total * stroke.count)
    return Believed(
        utc_ms=state.utc_ms,
        mode=state.program.mode,
        reservoir=Volume(state.reservoir.volume_nl),
        filled=Volume(state.reservoir.filled_nl),
        strokes=state.strokes_total,
        delivered=delivered,
        delivered_drug=tuple(
            (each.drug, mass_given(delivered, Concentration(each.concentration_ng_per_ml)))
            for each in state.reservoir.components
        ),
        last_bolus=_last_bolus(state.log),
        refilled_utc_ms=None if refilled is None else state.clock.utc_at_tick_zero_ms + refilled,
        alarms=tuple(each.alarm for each in state.alarms),
        clock_offset_min=state.clock.offset_min,
        stroke=stroke,
        damage=past.damage,
    )


def _last_bolus(log: tuple[LogEntry, ...]) -> LastBolus | None:
    entries = [entry for entry in log if entry.kind in _BOLUS and entry.bolus in (None, BolusKind.PATIENT)]
    granted = next((entry for entry in reversed(entries) if entry.kind is LogKind.BOLUS_GRANTED), None)
    if granted is None:
        return None
    ended = [entry for entry in entries if entry.sequence > granted.sequence]
    return LastBolus(granted, ended[-1] if ended else None)
