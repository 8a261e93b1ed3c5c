"""A bad radio between the sites and one pump of a running Thecal, for tests.

The sites learn a pump's port at the supervisor's lease door. The bad radio takes that door's place, passes every
question on, and names the port of a forwarder instead, which loses what the pump says whenever it is told to.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.running import control_folder
from thecal.adapters.link import lossy

LONGEST_LINE = 1 << 20


class Deaf(lossy.Path):
    """One direction that loses every datagram for as long as ``lost`` says so."""

    def __init__(self, lost: Callable[[], bool]) -> None:
        super().__init__()
        self._lost = lost

    def outcome(self, datagram: bytes) -> list[bytes]:
        """Nothing while it is lost."""
        return [] if self._lost() else super().outcome(datagram)


@dataclass
class Radio:
    """The controls: while ``bad``, nothing the pump says arrives once ``spoken`` holds."""

    spoken: Callable[[], bool]
    bad: bool = True

    def heal(self) -> None:
        """From here on everything arrives."""
        self.bad = False

    def loses(self) -> bool:
        """Whether what the pump says now is lost."""
        return self.bad and self.spoken()


@contextlib.contextmanager
def bad_radio(data: Path, patient: str, spoken: Callable[[], bool]) -> Iterator[Radio]:
    """Stand between the sites and this patient's pump; every answer is lost from when ``spoken`` first holds."""
    radio, door = Radio(spoken), control_folder(data) / "lease.sock"
    behind = door.with_name("behind.sock")
    door.rename(behind)
    loop, ready = asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(_stand(door, behind, patient, radio, ready, stop)))
    thread.start()
    try:
        assert ready.wait(10)
        yield radio
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
        behind.rename(door)


async def _stand(
    door: Path, behind: Path, patient: str, radio: Radio, ready: threading.Event, stop: asyncio.Event
) -> None:
    links: dict[int, lossy.LossyLink] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_unix_connection(behind, limit=LONGEST_LINE)
        while (line := await reader.readline()).endswith(b"\n"):
            outer.write(line)
            answer = json.loads(await inner.readline())
            if json.loads(line)["ask"] == "state":
                await _through(links, answer["answer"]["patients"], patient, radio)
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        outer.close()
        writer.close()

    server = await asyncio.start_unix_server(serve, door, limit=LONGEST_LINE)
    ready.set()
    await stop.wait()
    server.close()
    for link in links.values():
        await link.stop()


async def _through(links: dict[int, lossy.LossyLink], patients: list[dict], patient: str, radio: Radio) -> None:
    """Name the forwarder's port instead of the pump's."""
    for told in patients:
        port = told["udp_port"]
        if told["patient"] != patient or port is None:
            continue
        if port not in links:
            links[port] = await lossy.LossyLink.start(port)
            links[port].to_programmer = Deaf(radio.loses)
        told["udp_port"] = links[port].port
