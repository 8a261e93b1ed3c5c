"""A magnetic field, by what moves the fluid in each model [programmable-pumps 5.3; Prometra MRI safety PL-21604-02].

A peristaltic rotor is held and the pump told; it may start hours after the field has gone, or never. In a valve-gated
pump both valves open and the reservoir discharges through the catheter; a flow-activated valve lets only its first
0.01 mL out and then keeps everything from the tip until somebody resets it, which the pump does not know. So such a
pump is emptied before a scan. Of other mechanisms nothing is known, and nothing happens. How long a discharge takes is
not published: here it takes no time.
"""

from __future__ import annotations

from thecal.bench.device.wired_pump import WiredPump
from thecal.pump import FieldEntered, FieldLeft

PERISTALTIC = "peristaltic"
VALVE_GATED = "valve-gated"
FIRST_OUT_NL = 10_000
USUAL_RESTART_MS = 7_200_000  # 2 h; the notice of August 2008 says 2 to 24 h


class Magnet:
    """The field at one pump. ``has_flow_valve``: a valve-gated pump has a flow-activated valve (Prometra II has)."""

    def __init__(self, mechanism: str, pump: WiredPump) -> None:
        self.has_flow_valve = mechanism == VALVE_GATED
        self.is_near = False
        self._mechanism = mechanism
        self._pump = pump
        self._fluid = pump.fluid

    def enter(self, at_ms: int) -> int:
        """The field comes. Returns what it presses out through the tip, nL. Raises ValueError when it is there."""
        if self.is_near:
            raise ValueError("the field is there already")
        self.is_near = True
        if self._mechanism == PERISTALTIC:
            self._pump.motor.hold(is_held=True)
            if self._pump.is_powered:
                self._pump.happens(FieldEntered())
        if self._mechanism != VALVE_GATED or self._fluid.is_shut:
            return 0
        if not self.has_flow_valve:
            return self._fluid.discharge(at_ms, self._fluid.path.reservoir.volume_nl)
        escaped_nl = self._fluid.discharge(at_ms, FIRST_OUT_NL)
        self._fluid.is_shut = True
        return escaped_nl

    def leave(self, at_ms: int, restarts_after_ms: int | None = USUAL_RESTART_MS) -> None:
        """The field goes; a held rotor turns again so much later, or never (None). Raises ValueError."""
        if not self.is_near:
            raise ValueError("there is no field to leave")
        self.is_near = False
        if self._mechanism != PERISTALTIC:
            return
        self._pump.motor.hold(is_held=False)
        self._pump.motor.stall(None if restarts_after_ms is None else at_ms + restarts_after_ms)
        if self._pump.is_powered:
            self._pump.happens(FieldLeft())

    def reset_flow_valve(self) -> None:
        """Somebody opens the flow-activated valve again. Raises ValueError where none is shut, or the field stands."""
        if self.is_near or not self._fluid.is_shut:
            raise ValueError("there is no flow-activated valve to open, or the field is still there")
        self._fluid.is_shut = False
