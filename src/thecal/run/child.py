"""One supervised process: started in its own session, spoken to in JSON lines, stopped in time, never orphaned."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

LONGEST_LINE = 1 << 20
_LONGEST_LOG = 1 << 20


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """How to start a process: its name, the module it runs, its arguments, what it is told and where it logs."""

    name: str
    module: str
    arguments: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    inherited: tuple[int, ...] = ()  # file descriptors


class Child:
    """A running process. Standard input and output carry JSON lines; the end of its input tells it to stop."""

    def __init__(self, plan: ChildPlan, process: asyncio.subprocess.Process) -> None:
        self.plan = plan
        self._process = process

    @classmethod
    async def spawn(cls, plan: ChildPlan) -> Self:
        """Start it. Raises OSError when the machine cannot."""
        plan.log.parent.mkdir(parents=True, exist_ok=True)
        too_long = plan.log.exists() and plan.log.stat().st_size > _LONGEST_LOG
        with plan.log.open("wb" if too_long else "ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", plan.module, *plan.arguments),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, **plan.environment},
                pass_fds=plan.inherited,
                limit=LONGEST_LINE,
                start_new_session=True,  # Ctrl-C goes to the supervisor alone, which stops everybody in order
            )
        return cls(plan, process)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What it says, until its output ends. Raises ValueError on a line that is not a message."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError(f"{self.plan.name} said something that is not a message")
            yield message

    def tell(self, message: Mapping[str, object]) -> None:
        """Send one message. A process that is gone hears nothing: its end is seen elsewhere."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, RuntimeError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def ended(self) -> int:
        """Wait for its end; the exit status, negative for a signal."""
        return await self._process.wait()

    async def stop(self, within_s: float) -> None:
        """End its input, give it ``within_s`` to leave, then kill whatever is left of its session."""
        if self._process.returncode is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._process.wait()
        self.kill()
        await self._process.wait()

    def kill(self) -> None:
        """SIGKILL to its whole session, at once."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def last_words(self) -> str:
        """The last line it logged, for a person."""
        with contextlib.suppress(OSError):
            lines = self.plan.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            if lines:
                return lines[-1].strip()
        return "it gave no reason"
