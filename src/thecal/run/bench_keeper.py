"""Keeps bench time while Thecal runs: grants it to every patient, collects who arrived, and writes it down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from thecal.adapters.bench_state import BenchState, JumpProgress, Lease, PatientState
from thecal.run.clock import BenchClock, ClockRefusal, HeldLease, lease_from
from thecal.run.clock_file import write_clock

GRANT_EVERY_S = 0.1
WRITE_EVERY_S = 1.0


class Follower(Protocol):
    """Somebody who follows bench time."""

    async def advance(self, to_ms: int) -> None:
        """Return when ``to_ms`` is reached, or when nobody should wait any longer."""

    def state(self) -> PatientState:
        """What the sites may know."""


class BenchKeeper:
    """The one holder of bench time and pace. All methods run on the supervisor's event loop."""

    def __init__(
        self, clock: BenchClock, followers: Sequence[Follower], file: Path, wall: Callable[[], float] = time.monotonic
    ) -> None:
        self.clock = clock
        self._followers = tuple(followers)
        self._file = file
        self._wall = wall
        self._granting = asyncio.Lock()
        self._woken = asyncio.Event()
        self._granted_wall_ms = self._wall_ms()
        self._written_wall_ms = self._wall_ms()
        self._leases_taken = 0

    async def run(self) -> None:
        """Grant time until cancelled. Raises OSError when the clock can no longer be written down."""
        while True:
            moved = await self.grant()
            if not (moved and self.clock.jump is not None):
                await self._pause()

    async def grant(self) -> bool:
        """One step: grant what is due now and wait for everybody who is on. Did time move?"""
        async with self._granting:
            now_ms = self._wall_ms()
            self.clock = self.clock.expire(now_ms)
            to_ms = self.clock.next_grant(now_ms - self._granted_wall_ms)
            self._granted_wall_ms = now_ms
            if to_ms is not None:
                async with asyncio.TaskGroup() as tasks:
                    for follower in self._followers:
                        tasks.create_task(follower.advance(to_ms))
                self.clock = self.clock.reached(to_ms)
            if now_ms - self._written_wall_ms >= WRITE_EVERY_S * 1_000:
                self.write()
        return to_ms is not None

    def write(self) -> None:
        """Write bench time and pace down."""
        write_clock(self._file, self.clock)
        self._written_wall_ms = self._wall_ms()

    async def settle(self) -> None:
        """Wait until no grant is under way, so that what follows meets the pace now in force."""
        async with self._granting:
            return

    def change(self, changed: BenchClock | ClockRefusal) -> ClockRefusal | None:
        """Take over a changed clock, or hand back the refusal."""
        if isinstance(changed, ClockRefusal):
            return changed
        self.clock = changed
        self._woken.set()
        return None

    async def take_lease(self, name: str, owner: str, patient: str) -> Lease | ClockRefusal:
        """Everybody runs at x1 when this returns."""
        self.clock = self.clock.expire(self._wall_ms())
        held = self.clock.lease_like(name, owner, patient)
        if held is None:
            self._leases_taken += 1
            held = lease_from(f"lease-{self._leases_taken}", name, owner, patient, self._wall_ms())
            refusal = self.change(self.clock.take_lease(held))
            if refusal is not None:
                return refusal
        await self.settle()
        return self._shown(held)

    def state(self) -> BenchState:
        """Bench time as last acknowledged, pace, leases and patients."""
        clock = self.clock.expire(self._wall_ms())
        return BenchState(
            bench_utc_ms=clock.bench_ms,
            paused=clock.standing,
            speed=clock.speed_in_force,
            jump=None if clock.jump is None else JumpProgress(clock.jump.from_ms, clock.jump.to_ms),
            leases=tuple(self._shown(held) for held in clock.leases),
            patients=tuple(follower.state() for follower in self._followers),
        )

    def _shown(self, held: HeldLease) -> Lease:
        left_ms = max(0, held.until_wall_ms - self._wall_ms())
        return Lease(held.lease_id, held.name, held.owner, held.patient, left_ms)

    def _wall_ms(self) -> int:
        return int(self._wall() * 1_000)

    async def _pause(self) -> None:
        """Until the next grant is due, or something was asked."""
        self._woken.clear()
        try:
            async with asyncio.timeout(GRANT_EVERY_S):
                await self._woken.wait()
        except TimeoutError:
            return
