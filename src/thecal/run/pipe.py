"""The child's end of the pipe to the supervisor: JSON lines in and out, kept apart from anything printed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from thecal.run.child import LONGEST_LINE


class SupervisorPipe:
    """Reads from standard input; writes to what was standard output. Prints of libraries go to the log instead."""

    def __init__(self) -> None:
        self._output = os.dup(1)
        os.dup2(2, 1)
        self._lines: asyncio.StreamReader | None = None

    def tell(self, message: Mapping[str, object]) -> None:
        """Send one message whole; messages are far shorter than a pipe holds."""
        line = json.dumps(message).encode() + b"\n"
        while line:
            line = line[os.write(self._output, line) :]

    async def hear(self) -> dict[str, Any] | None:
        """The next message, or None when the supervisor wants an end or is gone."""
        if self._lines is None:
            lines = self._lines = asyncio.StreamReader(limit=LONGEST_LINE)
            await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(lines), sys.stdin.buffer
            )
        line = await self._lines.readline()
        if not line.endswith(b"\n"):
            return None
        message: dict[str, Any] = json.loads(line)
        return message
