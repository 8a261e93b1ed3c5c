"""One wired patient: pump, fluid path and link as they meet in one body; truth and belief side by side.

Bench time counts in ms from the beginning of the record, and the pump's tick runs with it (a drift would be applied
here). A pump without power makes no stroke; what it believes is what its memory holds when power returns.
"""

from __future__ import annotations

from collections.abc import Iterator

from thecal.bench.case_records import Case
from thecal.bench.channel import Channel, Protection, unprotected
from thecal.bench.plumbing import flow_at_37_degc, implanted
from thecal.bench.pump_memory import BenchMemory
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.column import NOTHING, Masses
from thecal.device import Role
from thecal.fluid import Act, FluidPath, NeedleAct, Outflow, Run, TipRelease, outflow_nl, play
from thecal.implant import Implant
from thecal.pump import PumpState, manufacture
from thecal.telemetry import Malformed
from thecal.therapy import descriptor_of


class NoPower(RuntimeError):
    """The pump has no power: it can neither be asked nor let time pass for it."""


class _PowerFailed(Exception):
    """The power failed after a stroke was recorded and before it was made."""


class WiredPatient:
    """A patient with a pump, from the beginning of a case's record. Time only goes forward."""

    def __init__(self, case: Case, protection: Protection = unprotected) -> None:
        self.case = case
        self.at_ms = 0
        self.path: FluidPath = implanted(case)
        self.releases: list[TipRelease] = []
        self.strokes_made = 0
        self._line_at_first = self.path.line.mass
        self._protection = protection
        model = pump_model(case.system.pump)
        self._flow_nl_per_day = 0
        self._memory = BenchMemory()
        self._new: PumpState | None = None
        self._implant: Implant | None = None
        self._is_powered = True
        self._fails_in_next_stroke = False
        if isinstance(model, ConstantFlowPump):
            self._flow_nl_per_day = flow_at_37_degc(model)
            return
        self._new = manufacture(
            descriptor_of(model), case.system.serial, case.id, case.starts.epoch_ms, case.clock_offset_min
        )
        self._implant = Implant.manufacture(self._new, self._memory)

    @property
    def believes(self) -> PumpState | None:
        """What the pump believes; None for a pump that believes nothing (constant flow)."""
        return None if self._implant is None else self._implant.state

    @property
    def given(self) -> Masses:
        """Drug that left the reservoir towards the tip, ever."""
        books = self.path.books
        return books.filled - books.withdrawn - self.path.reservoir.mass - self._line_at_first

    @property
    def is_powered(self) -> bool:
        """Whether the pump's electronics run (always, for a pump that has none)."""
        return self._is_powered

    @property
    def flow_nl_per_day(self) -> int:
        """The flow of a constant-flow pump; 0 for a programmable one."""
        return self._flow_nl_per_day

    def channel(self, role: Role) -> Channel:
        """A link from a programmer with the keys of this role. Raises NoPower for a pump that has no electronics."""
        if self._new is None:
            raise NoPower("this pump has no electronics: there is nothing to talk to")
        return Channel(role, self._protection, self._handle)

    def advance(self, to_ms: int) -> None:
        """Let time pass. Raises ValueError when it would run back."""
        if to_ms < self.at_ms:
            raise ValueError(f"bench time does not run back: it is {self.at_ms} ms")
        if self._implant is not None and self._is_powered:
            self._pump_until(self._implant, to_ms)
        elif self._flow_nl_per_day:
            volume_nl = outflow_nl(self._flow_nl_per_day, self.at_ms, to_ms)
            self.path, left = play(self.path, Outflow(self.at_ms, to_ms, volume_nl), 0)
            self.releases += left
        self.at_ms = to_ms

    def needle(self, act: NeedleAct) -> int:
        """What the needle does now, whatever the pump is told. Returns the volume that moved, in nL."""
        before_nl = self.path.reservoir.volume_nl
        self.path, _ = play(self.path, act, 0)
        moved_nl = self.path.reservoir.volume_nl - before_nl
        return -moved_nl if act.act is Act.WITHDRAW else moved_nl

    def cut_power(self) -> None:
        """The electronics stop between two strokes, at once. Raises NoPower when there is none to cut."""
        if self._implant is None or not self._is_powered:
            raise NoPower("there is no power to cut")
        self._is_powered = False

    def fail_in_next_stroke(self) -> None:
        """The electronics will stop after recording the next stroke, before making it. Raises NoPower."""
        if self._implant is None or not self._is_powered:
            raise NoPower("there is no power to fail")
        self._fails_in_next_stroke = True

    def restore_power(self) -> None:
        """The pump comes back from its memory. Raises NoPower when it never lost power."""
        if self._new is None or self._is_powered:
            raise NoPower("the power is on")
        ticks: list[int] = []
        image = self._memory.image
        self._implant = Implant.recover(image, self._memory, self._new, self.at_ms, ticks.append)
        self._is_powered = True
        self._made(ticks)

    def _pump_until(self, implant: Implant, to_ms: int) -> None:
        ticks: list[int] = []

        def actuate(tick_ms: int) -> None:
            if self._fails_in_next_stroke:
                raise _PowerFailed
            ticks.append(tick_ms)

        try:
            implant.advance(to_ms, actuate)
        except _PowerFailed:
            self._is_powered = self._fails_in_next_stroke = False
        self._made(ticks)

    def _handle(self, role: Role, request: bytes) -> bytes | None:
        if self._implant is None or not self._is_powered:
            return None
        try:
            return self._implant.handle(role, request)
        except Malformed:
            return None  # the server's bare "bad request": for the programmer, no answer

    def _made(self, ticks: list[int]) -> None:
        """Strokes at these moments of bench time (the pump's tick, without drift)."""
        if self._new is None or not ticks:
            return
        self.path, runs = self.path.strokes(len(ticks), self._new.identity.descriptor.stroke_nl)
        self.strokes_made += len(ticks)
        self.releases += _releases(ticks, runs)


def _releases(ticks: list[int], runs: tuple[Run, ...]) -> Iterator[TipRelease]:
    made = 0
    for run in runs:
        if run.masses != NOTHING:
            yield from (TipRelease(tick, tick, run.masses) for tick in ticks[made : made + run.count])
        made += run.count
