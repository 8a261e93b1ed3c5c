"""The supervisor's end of one web site: its port is bound here, before anything starts, and handed over."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from thecal.run.child import ChildPlan
from thecal.run.data_folder import StartRefused
from thecal.run.kept_process import KeptProcess

BACKLOG = 64


def bind_port(host: str, port: int) -> socket.socket:
    """A listening socket. Raises StartRefused when the port is taken or may not be used."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else "it is not a port"
        raise StartRefused(f"port {port} of {host} cannot be used: {reason}") from None
    return listening


class SiteHost:
    """Keeps one site running."""

    def __init__(self, site: str, listening: socket.socket, environment: Mapping[str, str], log: Path) -> None:
        self.site = site
        self._listening = listening
        descriptor = listening.fileno()
        plan = ChildPlan(
            f"site {site}", "thecal.run.web_process", (site, str(descriptor)), log, environment, (descriptor,)
        )
        self._kept = KeptProcess(plan, lambda message: "ready" in message)

    async def start(self) -> None:
        """Start it and wait until it answers. Raises StartRefused."""
        await self._kept.start()

    async def stop(self) -> None:
        """Stop serving; open streams are given one second."""
        await self._kept.stop()
        self._listening.close()
