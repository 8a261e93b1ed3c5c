"""One wired patient: the device of a case on its bench, with the one physician and the one handset that people have.

Bench time counts in ms from the beginning of the record, and the pump's tick runs with it (no drift). A pump without
power makes no stroke; what it believes is what its memory holds when power returns.
"""

from __future__ import annotations

from thecal.bench.case_records import Case
from thecal.bench.channel import Channel, Protection, unprotected
from thecal.bench.device import DeviceBench, NoPower, Setup
from thecal.bench.plumbing import implanted
from thecal.catalogue.pumps import ConstantFlowPump
from thecal.column import Masses
from thecal.device import Role
from thecal.fluid import FluidPath, NeedleAct, TipRelease
from thecal.pump import PumpState

__all__ = ["NoPower", "WiredPatient", "setup_of"]


def setup_of(case: Case) -> Setup:
    """What the case puts on the bench. Raises CatalogueError, ValueError."""
    return Setup(
        case.system.pump,
        serial=case.system.serial,
        patient_token=case.id,
        begins_utc_ms=case.starts.epoch_ms,
        clock_offset_min=case.clock_offset_min,
        catheter=case.system.catheter,
        path=implanted(case),
        seed=case.id,
    )


class WiredPatient:
    """A patient with a pump, from the beginning of a case's record. Time only goes forward.

    ``device`` is the bench beneath: everything that can be done to the device and read of it.
    """

    def __init__(self, case: Case, protection: Protection = unprotected) -> None:
        self.case = case
        self.device = DeviceBench(setup_of(case))
        self._line_at_first = self.path.line.mass
        self._protection = protection
        self._has_electronics = not isinstance(self.device.setup.pump, ConstantFlowPump)

    @property
    def at_ms(self) -> int:
        """Bench time now."""
        return self.device.at_ms

    @property
    def path(self) -> FluidPath:
        """Reservoir and line as they truly are."""
        return self.device.fluid.path

    @property
    def releases(self) -> list[TipRelease]:
        """Drug that left the tip, ever."""
        return self.device.fluid.releases

    @property
    def strokes_made(self) -> int:
        """Strokes the pump truly made, ever."""
        return self.device.fluid.strokes_made

    @property
    def believes(self) -> PumpState | None:
        """What the pump believes; None for a pump that believes nothing (constant flow)."""
        return self.device.believes.state if self._has_electronics else None

    @property
    def given(self) -> Masses:
        """Drug that left the reservoir towards the tip, ever."""
        books = self.path.books
        return books.filled - books.withdrawn - self.path.reservoir.mass - self._line_at_first

    @property
    def is_powered(self) -> bool:
        """Whether the pump's electronics run (always, for a pump that has none)."""
        return not self._has_electronics or self.device.pump.is_powered

    @property
    def flow_nl_per_day(self) -> int:
        """The flow of a constant-flow pump; 0 for a programmable one."""
        return 0 if self._has_electronics else self.device.constant.flow_nl_per_day

    def channel(self, role: Role) -> Channel:
        """A link from a programmer with the keys of this role. Raises NoPower for a pump that has no electronics."""
        return Channel(role, self._protection, self.device.pump.handle)

    def advance(self, to_ms: int) -> None:
        """Let time pass. Raises ValueError when it would run back."""
        self.device.advance_to(to_ms)

    def needle(self, act: NeedleAct) -> int:
        """What the needle does now, whatever the pump is told. Returns the volume that moved, in nL."""
        return self.device.fluid.needle(act)

    def cut_power(self) -> None:
        """The electronics stop between two strokes, at once. Raises NoPower when there is none to cut."""
        self.device.faults.cut_power()

    def fail_in_next_stroke(self) -> None:
        """The electronics will stop after recording the next stroke, before making it. Raises NoPower."""
        self.device.faults.cut_power_in_next_stroke()

    def restore_power(self) -> None:
        """The pump comes back from its memory. Raises NoPower when it never lost power."""
        self.device.faults.restore_power()
