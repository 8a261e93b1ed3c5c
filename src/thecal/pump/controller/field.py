"""A magnetic field holds the rotor, and may leave the pump in telemetry mode [programmable-pumps 5.3].

Inside the field the motor goes on being asked, and its misses are found like any others. A pump whose alarm was
sounding when the field came is flipped into telemetry mode: it asks for no stroke until a programmer reads it, also
long after the field has gone. Nothing is owed for that time.
"""

from __future__ import annotations

from thecal.device import LogKind
from thecal.pump.controller.bolus_end import interrupted
from thecal.pump.controller.log import logged
from thecal.pump.controller.state import PumpState
from thecal.pump.controller.tones import sounding


def entered(state: PumpState) -> PumpState:
    """The pump comes into a field that holds its rotor; a second one beside the first changes nothing."""
    if state.motor.in_field:
        return state
    locks = sounding(state.alarms, state.tick_ms) is not None and not state.motor.telemetry_locked
    state = state._replace(motor=state.motor._replace(in_field=True))
    if not locks:
        return state
    state = state._replace(motor=state.motor._replace(telemetry_locked=True))
    return interrupted(logged(state, LogKind.TELEMETRY_LOCKED))


def left(state: PumpState) -> PumpState:
    """The pump leaves the field. What it did to the pump stays until the motor turns, or somebody reads the pump."""
    return state._replace(motor=state.motor._replace(in_field=False)) if state.motor.in_field else state


def released(state: PumpState) -> PumpState:
    """A programmer has interrogated the pump or read its status: a locked telemetry mode ends."""
    if not state.motor.telemetry_locked:
        return state
    return logged(state._replace(motor=state.motor._replace(telemetry_locked=False)), LogKind.TELEMETRY_RELEASED)
