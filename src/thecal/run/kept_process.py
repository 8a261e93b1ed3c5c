"""A child process that is kept running: started, waited for, started again when it ends, stopped at the end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from thecal.run.child import Child, ChildPlan
from thecal.run.data_folder import StartRefused

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 2.0
RESTART_PAUSE_S = 0.1
LONGEST_RESTART_PAUSE_S = 5.0  # for a process that ends again and again before it is ready


class KeptProcess:
    """``heard`` gets every message and says whether the process is ready; ``gone`` is called when it has ended."""

    def __init__(
        self, plan: ChildPlan, heard: Callable[[dict[str, Any]], bool], gone: Callable[[], None] = lambda: None
    ) -> None:
        self.child: Child | None = None
        self._plan = plan
        self._heard = heard
        self._gone = gone
        self._stopping = False
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it and wait until it is ready. Raises StartRefused with the reason it gave."""
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keeping = asyncio.create_task(self._keep_running(first), name=self._plan.name)
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await first
        except TimeoutError:
            raise StartRefused(f"{self._plan.name} is not ready after {READY_WITHIN_S:.0f} s") from None

    async def stop(self) -> None:
        """End its input; kill it if it does not leave in time."""
        self._stopping = True
        if self.child is not None:
            await self.child.stop(STOP_WITHIN_S)
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping

    async def _keep_running(self, first: asyncio.Future[None]) -> None:
        pause_s = RESTART_PAUSE_S
        while not self._stopping:
            try:
                self.child = await Child.spawn(self._plan)
            except OSError as error:
                was_ready, reason = False, f"cannot be started: {error.strerror}"
            else:
                was_ready, reason = await self._listen(self.child, first)
            self.child = None
            self._gone()
            if not first.done():
                first.set_exception(StartRefused(f"{self._plan.name}: {reason}"))
                return
            pause_s = RESTART_PAUSE_S if was_ready else min(2 * pause_s, LONGEST_RESTART_PAUSE_S)
            await asyncio.sleep(pause_s)

    async def _listen(self, child: Child, first: asyncio.Future[None]) -> tuple[bool, str]:
        """Hear the process out: was it ever ready, and what it said went wrong."""
        was_ready, reason = False, ""
        try:
            async for message in child.messages():
                if "failed" in message:
                    reason = str(message["failed"])
                elif self._heard(message):
                    was_ready = True
                    if not first.done():
                        first.set_result(None)
        except (ValueError, KeyError, TypeError) as error:  # it said something that is no message: a broken peer
            reason = f"it said something that is not understood ({error})"
            child.kill()
        status = await child.ended()
        return was_ready, reason or f"it ended with status {status}: {child.last_words()}"
