"""One device on the bench: time that passes event to event, the truth of its fluid, what it believes, and every hand
that can be laid on it. Truth and belief are read apart; only the pump's own senses and its link lead from one to the
other.
"""

from __future__ import annotations

from collections.abc import Callable

from thecal.bench.air import Air
from thecal.bench.channel import Channel, Protection, unprotected
from thecal.bench.command_ids import command_ids
from thecal.bench.device.agenda import Agenda
from thecal.bench.device.battery import Battery
from thecal.bench.device.beliefs import Beliefs
from thecal.bench.device.client import Client
from thecal.bench.device.constant_flow import ConstantFlow
from thecal.bench.device.drug_library import library_of
from thecal.bench.device.faults import Faults
from thecal.bench.device.magnet import Magnet
from thecal.bench.device.moment import Moment
from thecal.bench.device.needle import Injected, Needle, must_hold, port_nl
from thecal.bench.device.radio import Radio
from thecal.bench.device.setup import Setup
from thecal.bench.device.true_fluid import TrueFluid
from thecal.bench.device.wired_pump import NoPower, WiredPump
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump
from thecal.column import SALINE, Fluid
from thecal.device import Role
from thecal.fluid import Act, NeedleAct
from thecal.pump import BatteryRead, LinkAbused, manufacture
from thecal.therapy import descriptor_of

MS_PER_DAY = 86_400_000

Keys = Callable[[str], Protection]  # from a seed, one for each client, to both ends of its link


class DeviceBench:
    """One pump of either kind. Time only goes forward; bench time counts in ms from the making of the bench.

    ``keys`` makes the protection of a client's link from a seed; left out, frames are not protected.
    Raises CatalogueError, ValueError.
    """

    def __init__(self, setup: Setup, keys: Keys = lambda _seed: unprotected) -> None:
        self.setup = setup
        self.agenda = Agenda()
        self._keys = keys
        self._now = Moment()
        self._clients: list[Client] = []
        model = setup.pump
        stroke_nl = model.stroke.count if isinstance(model, ProgrammablePump) else 0
        self.fluid = TrueFluid(setup.path_at_first(), stroke_nl)
        self._pump: WiredPump | None = None
        self._constant: ConstantFlow | None = None
        if isinstance(model, ConstantFlowPump):
            self._constant = ConstantFlow(model, self.fluid)
        else:
            self._wire(model)

    def _wire(self, model: ProgrammablePump) -> None:
        setup = self.setup
        library = None if setup.site is None else library_of(setup.site)
        descriptor = descriptor_of(model)
        new = manufacture(
            descriptor, setup.serial, setup.patient_token, setup.begins_utc_ms, setup.clock_offset_min, library
        )
        self._pump = pump = WiredPump(new, self.fluid, setup.drift_ppm)
        self._beliefs = Beliefs(pump)
        self._battery = Battery(model.longevity)
        self._faults = Faults(pump, Magnet(model.mechanism, pump), self._battery, self.agenda, self._now)
        self._radio = Radio(lambda: self.at_ms, self._abused)
        self._measured_strokes = 0
        self.agenda.put(MS_PER_DAY, self._measure_battery)

    # time

    @property
    def at_ms(self) -> int:
        """Bench time now."""
        return self._now.at_ms

    @property
    def civil_utc_ms(self) -> int:
        """What a clock on the wall shows, UTC in ms: bench time and the steps that were made in it."""
        return self.setup.begins_utc_ms + self._now.at_ms + self._now.civil_step_ms

    @property
    def next_event_ms(self) -> int | None:
        """When something next happens by itself, in the pump or on the bench; None: nothing will."""
        moments = (self._device.next_event_ms, self.agenda.next_ms)
        return min((moment for moment in moments if moment is not None), default=None)

    def advance(self, for_ms: int) -> None:
        """Let so much time pass. Raises ValueError for less than none."""
        self.advance_to(self.at_ms + for_ms)

    def advance_to(self, to_ms: int) -> None:
        """Let time pass up to a moment. At one ms the pump comes first, then the bench. Raises ValueError."""
        if to_ms < self.at_ms:
            raise ValueError(f"bench time does not run back: it is {self.at_ms} ms")
        while True:
            due_ms = self.agenda.next_ms
            stop_ms = to_ms if due_ms is None else min(due_ms, to_ms)
            self._device.until(stop_ms)
            self._now.at_ms = stop_ms
            if due_ms is None or due_ms > to_ms:
                return
            self.agenda.run(stop_ms)

    def step(self) -> bool:
        """Let time pass up to the next event, and let it happen. False: nothing will happen by itself."""
        moment_ms = self.next_event_ms
        if moment_ms is None:
            return False
        self.advance_to(max(moment_ms, self.at_ms))
        return True

    def wait(self, until_ms: int, is_over: Callable[[], bool]) -> None:
        """Let time pass, event to event, up to a moment or until it is over."""
        while not is_over() and self.at_ms < until_ms:
            self.advance_to(min(until_ms, self.next_event_ms or until_ms))

    # truth

    @property
    def left_tip_nl(self) -> int:
        """What truly left the catheter tip, ever, whatever the pump counts."""
        return self.fluid.left_tip_nl

    @property
    def reservoir_nl(self) -> int:
        """What the reservoir truly holds."""
        return self.fluid.path.reservoir.volume_nl

    # needles

    def inject(self, volume_nl: int, fluid: Fluid, needle: Needle = Needle.REFILL) -> Injected:
        """A syringe is emptied through a needle: the needle decides where it goes, whatever was meant.

        Raises NoWay where the pump has no such way in, ValueError.
        """
        must_hold(volume_nl)
        if needle is Needle.REFILL:
            return Injected(self.fluid.needle(NeedleAct(self.at_ms, Act.FILL, volume_nl, fluid)), 0)
        return Injected(0, self.fluid.inject(self.at_ms, port_nl(self.setup.pump), volume_nl, fluid))

    def withdraw(self, volume_nl: int, needle: Needle = Needle.REFILL) -> int:
        """A syringe draws so much through a needle, or what it can reach. Returns how much came, nL.

        Raises NoWay where the pump has no such way in, ValueError.
        """
        must_hold(volume_nl)
        if needle is Needle.REFILL:
            return self.fluid.needle(NeedleAct(self.at_ms, Act.WITHDRAW, volume_nl, SALINE))
        drawn = self.fluid.aspirate(port_nl(self.setup.pump), volume_nl)
        return sum(each.volume_nl for each in drawn)

    # what only one kind has

    @property
    def pump(self) -> WiredPump:
        """The programmable pump as it is wired. Raises NoPower for a constant-flow pump."""
        if self._pump is None:
            raise NoPower("this pump has no electronics: there is nothing to talk to")
        return self._pump

    @property
    def believes(self) -> Beliefs:
        """What the pump believes. Raises NoPower for a constant-flow pump."""
        _ = self.pump
        return self._beliefs

    @property
    def faults(self) -> Faults:
        """What can be done to it but through its link. Raises NoPower for a constant-flow pump."""
        _ = self.pump
        return self._faults

    @property
    def constant(self) -> ConstantFlow:
        """The constant-flow pump: its flow and its calendar. Raises ValueError for a programmable one."""
        if self._constant is None:
            raise ValueError(f"{self.setup.model} is programmed: it has no flow for life")
        return self._constant

    @property
    def clients(self) -> tuple[Client, ...]:
        """Every programmer attached so far."""
        return tuple(self._clients)

    def attach(self, role: Role, name: str | None = None) -> Client:
        """One more programmer with keys of its own. Raises NoPower for a constant-flow pump, ValueError for a name
        that is taken."""
        pump = self.pump
        named = name or f"{role.value} {1 + sum(each.role is role for each in self._clients)}"
        if named in {each.name for each in self._clients}:
            raise ValueError(f"name: {named!r} is attached already")
        seed = f"{self.setup.seed} {named}"
        air = Air(lambda: self.at_ms, lambda for_ms, then: self.agenda.put(self.at_ms + for_ms, then))
        channel = Channel(role, self._keys(seed), pump.handle, air, self._radio.refused)
        client = Client(named, channel, self, command_ids(seed))
        self._clients.append(client)
        return client

    @property
    def _device(self) -> WiredPump | ConstantFlow:
        return self.constant if self._pump is None else self._pump

    def _abused(self) -> None:
        if self.pump.is_powered:
            self.pump.happens(LinkAbused())

    def _measure_battery(self) -> None:
        """Once a day the pump measures its cell, which the strokes of that day have drained."""
        made = self.fluid.strokes_made - self._measured_strokes
        self._measured_strokes += made
        before = self._battery.permille
        self._battery.drain(made * self.pump.stroke_nl, MS_PER_DAY)
        if self.pump.is_powered and self._battery.permille != before:
            self.pump.happens(BatteryRead(self._battery.permille))
        self.agenda.put(self.at_ms + MS_PER_DAY, self._measure_battery)
