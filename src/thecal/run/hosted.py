"""What a patient process hosts: an implant with its fluid truth, or a gas-driven pump with its fluid truth."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from thecal.adapters.link.credentials import PumpKeyring
from thecal.adapters.memory_file import MemoryFile, read_banks
from thecal.device import Role
from thecal.fluid import Outflow, Stroke, outflow_nl
from thecal.implant import Implant, Replayed, replay
from thecal.pump import PumpState
from thecal.run.data_folder import PatientFolder
from thecal.run.true_path import TruePath

SLICE_MS = 900_000  # of bench time; at the highest rate of any model 600 strokes, far below 50 ms of wall time
OUTFLOW_EVERY_MS = 300_000  # a gas-driven pump has no strokes: its flow is written down this often


class Hosted(Protocol):
    """One patient's system, driven by bench time."""

    @property
    def at_ms(self) -> int:
        """Bench time reached."""

    @property
    def strokes(self) -> int:
        """Strokes since manufacture; 0 where there are none."""

    def begin(self, now_ms: int) -> None:
        """Power is here, at this bench time. Call it, or ``power_back``, once before ``advance``."""

    def power_back(self, now_ms: int) -> None:
        """As ``begin``, after a loss of power while Thecal ran."""

    def advance(self, to_ms: int) -> Iterator[int]:
        """Let time pass up to ``to_ms``, yielding after each slice so that the link can be served."""

    @property
    def true(self) -> TruePath:
        """The fluid as it truly is."""


class HostedImplant:
    """A programmable pump: its memory, and what its strokes truly did. Tick zero is when the record begins."""

    def __init__(self, folder: PatientFolder, true: TruePath, tick_zero_ms: int) -> None:
        self.true = true
        self._folder = folder
        self._tick_zero_ms = tick_zero_ms
        self._past: Replayed = replay(read_banks(folder.memory))
        self._state = self._past.state or _manufactured(folder)
        self._implant: Implant | None = None

    @property
    def at_ms(self) -> int:
        """Bench time reached."""
        return self._tick_zero_ms + (self._state if self._implant is None else self._implant.state).tick_ms

    @property
    def strokes(self) -> int:
        """Strokes since manufacture, as recorded in the pump's memory."""
        return (self._state if self._implant is None else self._implant.state).strokes_total

    def begin(self, now_ms: int) -> None:
        """Go on where the memory stands; if bench time has passed meanwhile, that was time without power."""
        past = self._past
        if past.damage is None and not past.corrected and not past.owed_strokes and now_ms <= self.at_ms:
            self._implant = Implant.resumed(past, MemoryFile(self._folder.memory))
        else:
            self.power_back(now_ms)

    def power_back(self, now_ms: int) -> None:
        """Recover from the memory after a loss of power that ends now; the pump's log tells of it."""
        memory, made = MemoryFile(self._folder.memory), _manufactured(self._folder)
        banks = read_banks(self._folder.memory)
        self._implant = Implant.recover(banks, memory, made, now_ms - self._tick_zero_ms, self._actuate)

    def advance(self, to_ms: int) -> Iterator[int]:
        """Let time pass, slice by slice."""
        implant = self._running
        while self.at_ms < to_ms:
            implant.advance(min(to_ms - self._tick_zero_ms, implant.tick_ms + SLICE_MS), self._actuate)
            yield self.at_ms

    def handle(self, role: str, _peer: str, request: bytes) -> bytes:
        """Answer one authenticated request at the tick reached."""
        return self._running.handle(Role(role), request)

    @property
    def _running(self) -> Implant:
        if self._implant is None:
            raise RuntimeError("begin() comes first")
        return self._implant

    def _actuate(self, tick_ms: int) -> None:
        self.true.happened(Stroke(self._tick_zero_ms + tick_ms))


class HostedConstantFlow:
    """A gas-driven pump: one flow for life, no memory, no link."""

    strokes = 0

    def __init__(self, true: TruePath, flow_nl_per_day: int) -> None:
        self.true = true
        self.at_ms = true.last_ms
        self._flow_nl_per_day = flow_nl_per_day

    def begin(self, now_ms: int) -> None:
        """It needs no power: whatever time passed, it went on pressing."""
        for _ in self.advance(now_ms):
            continue

    def power_back(self, now_ms: int) -> None:
        """As ``begin``: there is no power to lose."""
        self.begin(now_ms)

    def advance(self, to_ms: int) -> Iterator[int]:
        """Let time pass; every whole five minutes of it are written down."""
        while self.at_ms < to_ms:
            self.at_ms = min(to_ms, self.at_ms - self.at_ms % OUTFLOW_EVERY_MS + OUTFLOW_EVERY_MS)
            if self.at_ms % OUTFLOW_EVERY_MS == 0:
                self.write_outflow()
            yield self.at_ms

    def write_outflow(self) -> None:
        """Write down what flowed since the last record."""
        start_ms = self.true.last_ms
        if start_ms < self.at_ms:
            volume_nl = outflow_nl(self._flow_nl_per_day, start_ms, self.at_ms)
            self.true.happened(Outflow(start_ms, self.at_ms, volume_nl))


def write_keyring(path: Path) -> Callable[[PumpKeyring], None]:
    """Keep a keyring with its handshake counters; replaced as a whole."""

    def write(keyring: PumpKeyring) -> None:
        fresh = path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as written:
            json.dump(keyring.to_document(), written)
        os.replace(fresh, path)

    return write


def _manufactured(folder: PatientFolder) -> PumpState:
    state = replay(read_banks(folder.manufactured)).state
    if state is None:
        raise ValueError(f"{folder.manufactured} is damaged")
    return state
