"""One programmable pump wired to its fluid: implant, memory, clockwork and motor, and the power that runs them.

The pump only ever learns what a real one can: its own tick, what its motor's encoder says, frames, and the facts of its
electronics. A pump without power makes no stroke; what it believes is what its memory holds when power returns.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from thecal.bench.device.memory import FragileMemory, PowerFailed
from thecal.bench.device.motor import Motor
from thecal.bench.device.oscillator import Oscillator
from thecal.bench.device.tones import Tones
from thecal.bench.device.true_fluid import TrueFluid
from thecal.device import Role
from thecal.implant import Implant, Recorded
from thecal.pump import PumpState
from thecal.pump.whole import SupervisorDied, SupervisorTicked
from thecal.telemetry import Malformed


class NoPower(RuntimeError):
    """The pump has no power: it can neither be asked nor let time pass for it."""


class WiredPump:
    """A pump that runs, from its manufacture. Moments are bench time in ms, and only go forward."""

    def __init__(self, new: PumpState, fluid: TrueFluid, drift_ppm: int = 0) -> None:
        self.new = new
        self.fluid = fluid
        self.memory = FragileMemory()
        self.motor = Motor()
        self.oscillator = Oscillator(drift_ppm)
        self.implant = Implant.manufacture(new, self.memory)
        self.tones = Tones(self.implant.state)
        self.is_powered = True
        self.is_hung = False
        self.fails_in_next_stroke = False
        self._reached_ms = 0
        self._made: list[int] = []
        self._unheard: list[Recorded] = []

    @property
    def stroke_nl(self) -> int:
        """What one stroke moves."""
        return self.new.identity.descriptor.stroke_nl

    @property
    def next_event_ms(self) -> int | None:
        """When something next happens to it by itself; None: nothing will."""
        if not self.is_powered or self.is_hung:
            return None
        tick_ms = self.implant.next_event_tick
        return None if tick_ms is None else max(self._reached_ms, self.oscillator.moment(tick_ms))

    def until(self, at_ms: int) -> None:
        """Let time pass for it. Its tick runs on without power, and while its controller hangs."""
        tick_ms = self.oscillator.tick(at_ms)
        if self.is_powered and not self.is_hung and tick_ms > self.implant.tick_ms:
            self._carefully(lambda: self.implant.advance(tick_ms, self._actuate))
        self._reached_ms = at_ms
        self._tell()

    def handle(self, role: Role, request: bytes) -> bytes | None:
        """The reply to an authenticated request, or None: no power, a controller that hangs, or no such request."""
        if not self.is_powered or self.is_hung:
            return None
        replies: list[bytes] = []
        try:
            self._carefully(lambda: replies.append(self.implant.handle(role, request)))
        except Malformed:
            return None  # the server's bare "bad request": for the programmer, no answer
        return replies[0] if replies else None

    def happens(self, fact: Recorded) -> None:
        """A fact befalls it now; a controller that hangs hears of it when it wakes. Raises NoPower."""
        self.must_run()
        self._unheard.append(fact)
        self._tell()

    def watched(self) -> None:
        """Its supervisor looks whether the controller gave a sign of life, if it is the controller that hangs."""
        if self.is_hung and self.is_powered:
            tick_ms = self.oscillator.tick(self._reached_ms)
            self._carefully(lambda: self.implant.happens(SupervisorTicked(), tick_ms))

    def supervisor_dies(self) -> None:
        """Its supervisor stops running, whatever the controller does. Raises NoPower."""
        self.must_run()
        self._carefully(partial(self.implant.happens, SupervisorDied()))

    def turns_unasked(self, strokes: int) -> None:
        """The motor makes so many strokes that nobody asked for, now. The pump is told apart."""
        self._made += [self._reached_ms] * strokes
        self._moved()

    def must_run(self) -> None:
        """Raises NoPower when the electronics do not run."""
        if not self.is_powered:
            raise NoPower("the pump has no power")

    def cut_power(self) -> None:
        """The electronics stop between two strokes, at once. Raises NoPower when there is none to cut."""
        if not self.is_powered:
            raise NoPower("there is no power to cut")
        self.is_powered = False

    def fail_in_next_stroke(self) -> None:
        """The electronics will stop after recording the next stroke, before making it. Raises NoPower."""
        if not self.is_powered:
            raise NoPower("there is no power to fail")
        self.fails_in_next_stroke = True

    def restore_power(self) -> bool:
        """It comes back from its memory; False when the power failed again meanwhile. Raises NoPower when it is on."""
        if self.is_powered:
            raise NoPower("the power is on")
        self.is_hung = self.fails_in_next_stroke = False
        self.is_powered = True
        self._carefully(self._recover)
        self._tell()
        return self.is_powered

    def _tell(self) -> None:
        while self._unheard and self.is_powered and not self.is_hung:
            fact = self._unheard.pop(0)
            self._carefully(partial(self.implant.happens, fact))

    def _recover(self) -> None:
        banks, now_tick_ms = self.memory.banks, self.oscillator.tick(self._reached_ms)
        self.implant = Implant.recover(banks, self.memory, self.new, now_tick_ms, self._actuate)

    def _actuate(self, tick_ms: int) -> bool:
        # what the motor said of the stroke before may have raised or ended an alarm
        self.tones.note(self.implant.state)
        if self.fails_in_next_stroke:
            raise PowerFailed
        at_ms = max(self._reached_ms, self.oscillator.moment(tick_ms))  # a stroke that was due earlier is made late
        turned = self.motor.turns(at_ms)
        if turned:
            self._made.append(at_ms)
        return turned

    def _carefully(self, act: Callable[[], None]) -> None:
        """Do something that the loss of power may cut short; what the motor did until then was done."""
        try:
            act()
        except PowerFailed:
            self.is_powered = self.fails_in_next_stroke = False
        else:
            self.tones.note(self.implant.state)
        self._moved()

    def _moved(self) -> None:
        made, self._made = self._made, []
        self.fluid.strokes(made)
