"""A bad radio between programmer and pump: a UDP forwarder that loses, delays, repeats and records.

It stands on a port of its own; a programmer that visits this port reaches the pump through it. Each programmer address
gets its own socket towards the pump, so that the pump sees different senders as different. It knows nothing of the
protocol. `replay` plays the attacker: recorded datagrams from an address that the pump has never seen.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Address = tuple[Any, ...]


@dataclass(slots=True)
class Path:
    """One direction of the radio. Set the controls at any time; they act on datagrams that arrive later."""

    drop_all: bool = False
    drop_next: int = 0
    delay_s: float = 0.0
    copies: int = 1
    flip_at: frozenset[int] = frozenset()
    """Which datagrams, counted from 0 since the start, arrive with their last bit flipped."""
    recorded: list[bytes] = field(default_factory=list)
    """Every datagram that arrived for this direction, lost ones included, before anything was done to it."""

    def outcome(self, datagram: bytes) -> list[bytes]:
        """What becomes of one datagram: nothing, itself, itself with its last bit flipped, or several of it."""
        self.recorded.append(datagram)
        if self.drop_all:
            return []
        if self.drop_next > 0:
            self.drop_next -= 1
            return []
        if len(self.recorded) - 1 in self.flip_at:
            datagram = datagram[:-1] + bytes((datagram[-1] ^ 1,))
        return [datagram] * self.copies


class LossyLink:
    """The forwarder. Make it with `start`; end it with `stop`, or use it as an asynchronous context manager."""

    def __init__(self, pump: tuple[str, int]) -> None:
        self.to_pump = Path()
        self.to_programmer = Path()
        self._pump = pump
        self._front: asyncio.DatagramTransport | None = None
        self._behind: dict[Address, asyncio.Future[asyncio.DatagramTransport]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(cls, pump_port: int, pump_host: str = "127.0.0.1", host: str = "127.0.0.1") -> "LossyLink":
        """Listen on any free port of ``host``; see `port`."""
        self = cls((pump_host, pump_port))
        self._front, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Ear(self._from_programmer), local_addr=(host, 0)
        )
        return self

    @property
    def port(self) -> int:
        """Where programmers reach the pump through this link."""
        assert self._front is not None
        return self._front.get_extra_info("sockname")[1]

    async def stop(self) -> None:
        """Close all sockets; what is still delayed is lost."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for transport in (self._front, *[made.result() for made in self._behind.values() if made.done()]):
            if transport is not None:
                transport.close()
        await asyncio.sleep(0)  # lets the loop close the sockets before their owner is gone

    async def __aenter__(self) -> "LossyLink":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def replay(self, datagrams: Sequence[bytes], wait_s: float = 0.2) -> list[bytes]:
        """Send recorded datagrams to the pump from a fresh address; what it answered within ``wait_s`` of the last."""
        answers: list[bytes] = []
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Ear(lambda datagram, _: answers.append(datagram)), remote_addr=self._pump
        )
        try:
            for datagram in datagrams:
                transport.sendto(datagram)
                await asyncio.sleep(0)
            await asyncio.sleep(wait_s)
        finally:
            transport.close()
        return answers

    def _from_programmer(self, datagram: bytes, sender: Address) -> None:
        for copy in self.to_pump.outcome(datagram):
            self._spawn(self._forward_to_pump(copy, sender, self.to_pump.delay_s))

    def _from_pump(self, datagram: bytes, programmer: Address) -> None:
        for copy in self.to_programmer.outcome(datagram):
            self._spawn(self._forward_to_programmer(copy, programmer, self.to_programmer.delay_s))

    async def _forward_to_pump(self, datagram: bytes, programmer: Address, delay_s: float) -> None:
        if delay_s:
            await asyncio.sleep(delay_s)
        (await self._socket_behind(programmer)).sendto(datagram)

    async def _forward_to_programmer(self, datagram: bytes, programmer: Address, delay_s: float) -> None:
        if delay_s:
            await asyncio.sleep(delay_s)
        if self._front is not None:
            self._front.sendto(datagram, programmer)

    async def _socket_behind(self, programmer: Address) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        if programmer not in self._behind:
            self._behind[programmer] = loop.create_future()
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Ear(lambda datagram, _: self._from_pump(datagram, programmer)), remote_addr=self._pump
            )
            self._behind[programmer].set_result(transport)
        return await self._behind[programmer]

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, heard: Any) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._heard(data, addr)
