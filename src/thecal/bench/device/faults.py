"""Everything that can be done to a programmable pump on the bench but through its link: power, memory, motor, clock,
controller, supervisor, battery, fluid, magnetic field. Moments and lengths of time are bench time in ms."""

from __future__ import annotations

from thecal.bench.device.agenda import Agenda
from thecal.bench.device.battery import Battery
from thecal.bench.device.magnet import USUAL_RESTART_MS, Magnet
from thecal.bench.device.moment import Moment
from thecal.bench.device.wired_pump import WiredPump
from thecal.pump import (
    BatteryRead,
    ClockUncertain,
    LowBatteryReset,
    MemoryCorrected,
    MotorReported,
    SelfTest,
    SelfTested,
    UpdatesFailed,
)
from thecal.pump.supervisor.watch import HEARTBEAT_ALARM_MS, HEARTBEAT_STOP_MS

MS_PER_HOUR = 3_600_000
MS_PER_DAY = 86_400_000


class Faults:
    """The hands on one device. Raises NoPower where something needs electronics that run."""

    def __init__(self, pump: WiredPump, magnet: Magnet, battery: Battery, agenda: Agenda, now: Moment) -> None:
        self.magnet = magnet
        self._pump = pump
        self._fluid = pump.fluid
        self._agenda = agenda
        self._now = now
        self._battery = battery
        self._gain_nl_per_day = 0
        self._gain_carry = 0
        self._hang = 0

    # power and memory

    @property
    def bytes_moved(self) -> int:
        """Bytes of memory written or erased so far: what ``cut_power_at_byte`` counts on from."""
        return self._pump.memory.bytes_moved

    def cut_power(self) -> None:
        """The electronics stop now, between two strokes."""
        self._pump.cut_power()

    def cut_power_in_next_stroke(self) -> None:
        """The electronics stop after the next stroke was recorded and before it is made."""
        self._pump.fail_in_next_stroke()

    def cut_power_at_byte(self, count: int | None) -> None:
        """The power fails when so many more bytes of memory were written or erased, also during a recovery; None:
        it does not. Raises ValueError for less than 1."""
        self._pump.memory.cut_after(count)

    def restore_power(self) -> bool:
        """The pump comes back from its memory. False: the power failed again while it did."""
        return self._pump.restore_power()

    def flip_bit(self, bank: int, bit: int) -> None:
        """Invert one bit of a bank; noticed when the memory is next read. Raises ValueError."""
        self._pump.memory.flip(bank, bit)

    def correct_memory(self) -> None:
        """The electronics find one bad copy while they run, and mend it from the other."""
        self._pump.happens(MemoryCorrected())

    def fail_updates(self) -> None:
        """From now on it infuses and cannot be updated."""
        self._pump.happens(UpdatesFailed())

    # motor

    def stall(self, for_ms: int | None = None) -> None:
        """The rotor stands, for so long or for good. Nobody tells the pump: its encoder does."""
        if for_ms is not None and for_ms < 1:
            raise ValueError("stall: at least 1 ms, or None for good")
        self._pump.motor.stall(None if for_ms is None else self._now.at_ms + for_ms)

    def free_motor(self) -> None:
        """A rotor that stands turns again when it is asked."""
        self._pump.motor.stall(0)

    def miss_strokes(self, strokes: int = 1) -> None:
        """The next so many strokes are asked for and not made."""
        self._pump.motor.miss(strokes)

    def run_away(self, strokes: int) -> None:
        """The motor makes so many strokes that nobody asked for, now; the encoder counts them."""
        if strokes < 1:
            raise ValueError("strokes: at least 1")
        self._pump.must_run()
        self._pump.turns_unasked(strokes)
        self._pump.happens(MotorReported(0, strokes))

    def extra_stroke(self) -> None:
        """One stroke that nobody asked for."""
        self.run_away(1)

    # clocks

    def drift(self, ppm: int) -> None:
        """The pump's tick runs so much faster than the bench from now on. Raises ValueError beyond 10 %."""
        self._pump.oscillator.drift(ppm, self._now.at_ms)

    def step_clock(self, by_ms: int) -> None:
        """The civil time of the bench jumps, forward or back. The pump is not told: it has a clock of its own."""
        self._now.civil_step_ms += by_ms

    def doubt_clock(self) -> None:
        """The pump finds that it cannot vouch for its time of day."""
        self._pump.happens(ClockUncertain())

    # the two layers

    def hang_controller(self, for_ms: int | None = None) -> None:
        """The controller gives no sign of life, for so long or until power is restored; its supervisor goes on."""
        self._pump.must_run()
        self._pump.is_hung = True
        self._hang += 1
        for silent_ms in (HEARTBEAT_STOP_MS, HEARTBEAT_ALARM_MS):  # the watch does nothing between
            tick_ms = self._pump.implant.guard.heartbeat_tick_ms + silent_ms
            self._agenda.put(self._pump.oscillator.moment(tick_ms), self._pump.watched)
        if for_ms is not None:
            hang = self._hang
            self._agenda.put(self._now.at_ms + for_ms, lambda: self._wake(hang))

    def kill_supervisor(self) -> None:
        """The supervisor stops running: its gate is shut without it."""
        self._pump.supervisor_dies()

    def fail_self_test(self, test: SelfTest) -> None:
        """The pump's hourly test finds this."""
        self._pump.happens(SelfTested(test))

    # battery

    @property
    def battery_permille(self) -> int:
        """Charge truly left."""
        return self._battery.permille

    def set_battery(self, permille: int) -> None:
        """So much charge is left from now on, and the pump measures it. Raises ValueError."""
        self._pump.must_run()
        self._battery.put(permille)
        self._pump.happens(BatteryRead(permille))

    def sag_battery(self) -> None:
        """The cell sags and the pump is reset by it."""
        self._pump.happens(LowBatteryReset())

    # fluid and field

    def enter_field(self) -> int:
        """A magnetic field comes, and does what it does to this mechanism. Returns what left the tip for it, nL."""
        return self.magnet.enter(self._now.at_ms)

    def leave_field(self, restarts_after_ms: int | None = USUAL_RESTART_MS) -> None:
        """The field goes; a rotor that was held turns again so much later (2 to 24 h are known), or never (None)."""
        self.magnet.leave(self._now.at_ms, restarts_after_ms)

    def gain_fluid(self, nl_per_day: int) -> None:
        """Body fluid seeps into the reservoir at this rate from now on, taken in every hour; 0 ends it."""
        if nl_per_day < 0:
            raise ValueError("fluid gain: 0 or more nL/day")
        runs = self._gain_nl_per_day > 0
        self._gain_nl_per_day = nl_per_day
        if nl_per_day and not runs:
            self._agenda.put(self._now.at_ms + MS_PER_HOUR, self._seep)

    def _seep(self) -> None:
        self._gain_carry += self._gain_nl_per_day * MS_PER_HOUR
        volume_nl, self._gain_carry = divmod(self._gain_carry, MS_PER_DAY)
        self._fluid.seep(volume_nl)
        if self._gain_nl_per_day:
            self._agenda.put(self._now.at_ms + MS_PER_HOUR, self._seep)

    def _wake(self, hang: int) -> None:
        if hang == self._hang:
            self._pump.is_hung = False
