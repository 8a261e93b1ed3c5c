"""What the pump believes, read straight from it: for comparing with the truth, never a way round its link."""

from __future__ import annotations

from thecal.bench.device.wired_pump import WiredPump
from thecal.device import Alarm, Library, LogEntry, Program, PumpDescriptor, Report, Status
from thecal.pump import PumpState, ToneCount
from thecal.pump.controller.status import report, status
from thecal.pump.supervisor import Guard, Limits, TripReason


class Beliefs:
    """One programmable pump as it sees itself. Without power: as it last did."""

    def __init__(self, pump: WiredPump) -> None:
        self._pump = pump

    @property
    def state(self) -> PumpState:
        """The controller's whole state."""
        return self._pump.implant.state

    @property
    def guard(self) -> Guard:
        """The supervisor's whole state."""
        return self._pump.implant.guard

    @property
    def status(self) -> Status:
        """What both programmers may see."""
        return status(self.state)

    @property
    def report(self) -> Report:
        """What the physician programmer reads."""
        return report(self.state)

    @property
    def program(self) -> Program:
        """The program that runs."""
        return self.state.program

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """The latest entries of the log, oldest first."""
        return self.state.log

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Those that stand."""
        return self.status.alarms

    @property
    def tick_ms(self) -> int:
        """How far it has come, in its own ticks."""
        return self.state.tick_ms

    @property
    def utc_ms(self) -> int:
        """The time of day it would tell."""
        return self.state.utc_ms

    @property
    def delivered_nl(self) -> int:
        """Every stroke it counts, ever."""
        return self.state.strokes_total * self.descriptor.stroke_nl

    @property
    def reservoir_nl(self) -> int:
        """What it takes to be left, by subtraction."""
        return self.state.reservoir.volume_nl

    @property
    def descriptor(self) -> PumpDescriptor:
        """Stroke quantum, reservoir and range of rates of its model."""
        return self.state.identity.descriptor

    @property
    def ceilings(self) -> Limits:
        """What the supervisor holds every stroke against, in strokes and ms."""
        return self.guard.limits

    @property
    def trip(self) -> TripReason | None:
        """Why the supervisor lets nothing through; None: it does."""
        return self.guard.trip

    @property
    def library(self) -> Library | None:
        """The drug limits it declares; None: it declares none."""
        return self.state.library

    def tones(self, from_ms: int, to_ms: int) -> ToneCount:
        """How many tones of each kind it gave from one moment of the bench to before another. Raises ValueError."""
        oscillator = self._pump.oscillator
        return self._pump.tones.between(oscillator.tick(from_ms), oscillator.tick(to_ms))
