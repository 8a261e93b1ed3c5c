"""One web site as a process: ``python -m thecal.run.web_process SITE DESCRIPTOR``.

The supervisor has bound the port already and hands over the listening socket, so that a port that is taken is
known before anything starts, and a site that is restarted keeps its port.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from thecal.run.data_folder import DataFolder
from thecal.run.demo_access import read_access
from thecal.run.lifeline import die_with_parent
from thecal.run.pipe import SupervisorPipe

SITES = ("clinic", "patient", "room")


class SiteServer(uvicorn.Server):
    """A server that tells the supervisor when it answers, and leaves when the supervisor does."""

    def __init__(self, config: uvicorn.Config, pipe: SupervisorPipe) -> None:
        super().__init__(config)
        self._pipe = pipe

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn, then say so."""
        await super().startup(sockets)
        if not self.should_exit:
            self._pipe.tell({"ready": True})


async def serve(application: Callable[..., Any], listening: socket.socket, pipe: SupervisorPipe) -> None:
    """Serve until the supervisor ends the pipe; open streams are given one second."""
    config = uvicorn.Config(
        application,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = SiteServer(config, pipe)

    async def leave_with_supervisor() -> None:
        while await pipe.hear() is not None:
            continue
        server.should_exit = True

    async with asyncio.TaskGroup() as tasks:
        watch = tasks.create_task(leave_with_supervisor())
        await server.serve(sockets=[listening])
        watch.cancel()


def _bring_database_up_to_date(data: Path) -> None:
    """A data folder of an earlier Thecal gets the tables of this one; one of this Thecal is left as it is."""
    from thecal.web.clinic.enrolment import prepare

    access = read_access(DataFolder(data).access)
    prepare(data, access.user, access.password, ())


def main(arguments: list[str]) -> int:
    """Serve one site until told to stop."""
    die_with_parent()
    pipe = SupervisorPipe()
    site, descriptor = arguments
    if site not in SITES:
        pipe.tell({"failed": f"there is no site {site!r}"})
        return 2
    listening = socket.socket(fileno=int(descriptor))
    if site == "clinic":
        _bring_database_up_to_date(Path(os.environ["THECAL_DATA"]))
    application = importlib.import_module(f"thecal.web.{site}.asgi").application
    asyncio.run(serve(application, listening, pipe))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
