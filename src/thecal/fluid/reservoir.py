"""What is really in the reservoir."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.column import SALINE, Fluid, Masses, Segment, mixed


@dataclass(frozen=True, slots=True)
class TrueReservoir:
    """Volume and composition, mixed completely. ``residual_nl`` is what no needle gets out; the pump can still use it.

    Raises ValueError for a volume outside 0 to ``capacity_nl``.
    """

    capacity_nl: int
    residual_nl: int
    volume_nl: int = 0
    fluid: Fluid = SALINE

    def __post_init__(self) -> None:
        if not 0 <= self.volume_nl <= self.capacity_nl or not 0 <= self.residual_nl <= self.capacity_nl:
            raise ValueError(f"a reservoir of {self.capacity_nl} nL cannot hold {self.volume_nl} nL")

    @property
    def mass(self) -> Masses:
        """Drug in the reservoir."""
        return self.fluid.mass_in(self.volume_nl)

    def less(self, volume_nl: int) -> tuple[TrueReservoir, int]:
        """What is left after the pump took this much, or all there was; and how much it took."""
        taken = min(volume_nl, self.volume_nl)
        return self._holding(self.volume_nl - taken, self.fluid), taken

    def drawn(self, volume_nl: int) -> tuple[TrueReservoir, int]:
        """What is left after a needle drew this much, or all but the residual; and how much it drew."""
        reachable = max(0, self.volume_nl - self.residual_nl)
        return self.less(min(volume_nl, reachable))

    def filled(self, volume_nl: int, fluid: Fluid) -> tuple[TrueReservoir, int]:
        """What it holds after a needle put this much in, or until it was full; and how much went in."""
        room = min(volume_nl, self.capacity_nl - self.volume_nl)
        if room == 0:
            return self, 0
        before = (Segment(self.volume_nl, self.fluid),) if self.volume_nl else ()
        return self._holding(self.volume_nl + room, mixed((*before, Segment(room, fluid)))), room

    def _holding(self, volume_nl: int, fluid: Fluid) -> TrueReservoir:
        return TrueReservoir(self.capacity_nl, self.residual_nl, volume_nl, fluid if volume_nl else SALINE)
