"""How bench time moves: pace, jumps and leases, decided here without a process, a socket or a clock.

Bench time is granted in steps. ``next_grant`` says how far everybody may go now; when all who are on have
acknowledged, ``reached`` makes it the time. Three things pull on the pace, and this is who wins:

1. A lease (somebody is at a pump): ×1, whatever was set, even when paused; jumps, pause and speed are refused.
2. A jump: the next step of the jump, however fast everybody gets there. A lease cannot be taken during a jump.
3. The set pace: paused, or wall time times the speed.

Wall time comes in as milliseconds of a clock that never goes back; its zero means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from thecal.adapters.bench_state import LEASE_LASTS_MS, SPEEDS

JUMP_STEP_MS = 900_000  # so that cancel acts, and progress shows, within a fraction of a second
LONGEST_JUMP_MS = 366 * 86_400_000
# A machine that slept, or a pump that kept everybody waiting, does not make bench time leap: it stood still.
LONGEST_WALL_STEP_MS = 1_000


class ClockRefusal(Enum):
    """Why the clock does not do what was asked; the value is said to a person."""

    LEASE_HELD = "somebody is at a pump: time runs at ×1 until that is closed or overruled"
    JUMPING = "the simulation is moving to another time: wait until it arrives, or cancel the move"
    NOT_A_SPEED = "the speed is one of " + ", ".join(f"×{speed}" for speed in SPEEDS)
    NOT_A_JUMP = "time moves forward only, by whole milliseconds, at most 366 days at once"


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease and the wall time at which it ends by itself."""

    lease_id: str
    name: str
    owner: str
    patient: str
    until_wall_ms: int


@dataclass(frozen=True, slots=True)
class Jump:
    """A move under way."""

    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class BenchClock:
    """The time everybody has reached, and what pulls on it."""

    bench_ms: int
    paused: bool = False
    speed: int = 1
    jump: Jump | None = None
    leases: tuple[HeldLease, ...] = ()

    def __post_init__(self) -> None:
        if type(self.bench_ms) is not int or self.bench_ms < 0:
            raise ValueError("bench time is a whole, non-negative number of ms")
        if self.speed not in SPEEDS:
            raise ValueError(ClockRefusal.NOT_A_SPEED.value)

    @property
    def speed_in_force(self) -> int:
        """Bench time per wall time now, were it not paused or jumping."""
        return 1 if self.leases else self.speed

    @property
    def standing(self) -> bool:
        """Is the simulation paused in effect?"""
        return self.paused and not self.leases and self.jump is None

    def next_grant(self, wall_since_last_ms: int) -> int | None:
        """The bench time everybody may advance to now, or None when time stands."""
        if self.jump is not None:
            return min(self.bench_ms + JUMP_STEP_MS, self.jump.to_ms)
        if self.standing or wall_since_last_ms <= 0:
            return None
        return self.bench_ms + min(wall_since_last_ms, LONGEST_WALL_STEP_MS) * self.speed_in_force

    def reached(self, bench_ms: int) -> BenchClock:
        """Everybody who is on acknowledged ``bench_ms``. Raises ValueError if that would be in the past."""
        if bench_ms < self.bench_ms:
            raise ValueError("bench time never goes back")
        arrived = self.jump is not None and bench_ms >= self.jump.to_ms
        return replace(self, bench_ms=bench_ms, jump=None if arrived else self.jump)

    def start_jump(self, by_ms: int) -> BenchClock | ClockRefusal:
        """Begin to move ``by_ms`` ahead."""
        if self.leases:
            return ClockRefusal.LEASE_HELD
        if self.jump is not None:
            return ClockRefusal.JUMPING
        if type(by_ms) is not int or not 0 < by_ms <= LONGEST_JUMP_MS:
            return ClockRefusal.NOT_A_JUMP
        return replace(self, jump=Jump(self.bench_ms, self.bench_ms + by_ms))

    def cancel_jump(self) -> BenchClock:
        """Stay where the jump has got to."""
        return replace(self, jump=None)

    def set_paused(self, paused: bool) -> BenchClock | ClockRefusal:
        """Pause the simulation or let it run on."""
        return ClockRefusal.LEASE_HELD if self.leases else replace(self, paused=paused)

    def set_speed(self, speed: int) -> BenchClock | ClockRefusal:
        """Set bench time per wall time."""
        if self.leases:
            return ClockRefusal.LEASE_HELD
        return replace(self, speed=speed) if speed in SPEEDS else ClockRefusal.NOT_A_SPEED

    def take_lease(self, lease: HeldLease) -> BenchClock | ClockRefusal:
        """Hold ×1 for ``lease``. Use ``lease_like`` first: one's own lease is not taken twice."""
        return ClockRefusal.JUMPING if self.jump is not None else replace(self, leases=(*self.leases, lease))

    def lease_like(self, name: str, owner: str, patient: str) -> HeldLease | None:
        """The lease this owner holds already for the same thing."""
        wanted = (name, owner, patient)
        return next((held for held in self.leases if (held.name, held.owner, held.patient) == wanted), None)

    def end_lease(self, lease_id: str) -> BenchClock:
        """Release or overrule a lease; one that is over already changes nothing."""
        return replace(self, leases=tuple(held for held in self.leases if held.lease_id != lease_id))

    def expire(self, wall_ms: int) -> BenchClock:
        """Drop the leases whose wall time is over."""
        kept = tuple(held for held in self.leases if wall_ms < held.until_wall_ms)
        return self if len(kept) == len(self.leases) else replace(self, leases=kept)


def lease_from(lease_id: str, name: str, owner: str, patient: str, wall_ms: int) -> HeldLease:
    """A lease taken at ``wall_ms``; it ends by itself after 150 s of wall time."""
    return HeldLease(lease_id, name, owner, patient, wall_ms + LEASE_LASTS_MS)
