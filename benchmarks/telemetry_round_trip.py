"""How long the secure channel takes: handshake, protected request and reply over loopback UDP, protection alone.

Prints medians and 95th percentiles in ms, both ends in one process on one core. Not a test: nothing fails here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from statistics import median, quantiles
from time import perf_counter

from thecal.adapters.link.handshake import AnswererHandshake, CallerHandshake, split_message_3
from thecal.adapters.link.pairing import pair
from thecal.adapters.link.protection import provisioned_pair
from thecal.adapters.link.pump_server import PumpServer
from thecal.adapters.link.visit import open_visit

HANDSHAKES = 100
EXCHANGES = 300
LONG_EXCHANGES = 30
WITHOUT_IO = 2_000
REQUEST = bytes(64)
REPLY = bytes(256)
LONG_REPLY = bytes(12_000)


def main() -> None:
    """Measure and print."""
    keyring, key = pair("BENCH", "physician", "workstation")

    def shake() -> None:
        caller = CallerHandshake(key.own, key.pump)
        answerer = AnswererHandshake(keyring.own, caller.message_1())
        _, message_3 = split_message_3(caller.message_3(answerer.message_2())) or (b"", b"")
        answerer.caller_named_in(message_3)
        answerer.prove(key.own.credential)
        caller.context(key.card_secret)
        answerer.context(key.card_secret)

    programmer, pump = provisioned_pair(bytes(16), "physician")

    def protect() -> None:
        pump.unprotect_request(programmer.protect_request(REQUEST))
        programmer.unprotect_reply(pump.protect_reply(REPLY))

    _print("EDHOC handshake, both ends, no I/O", _timed(HANDSHAKES, shake))
    _print("protect + unprotect, request and reply, no I/O", _timed(WITHOUT_IO, protect))
    asyncio.run(_over_udp())


async def _over_udp() -> None:
    keyring, key = pair("BENCH", "physician", "workstation")
    server = await PumpServer.start(keyring, lambda _role, _peer, request: LONG_REPLY if not request else REPLY)
    opened = []

    async def visit() -> None:
        opened.append(await open_visit(key, "127.0.0.1", server.port))

    _print("open a visit over loopback UDP", await _timed_async(HANDSHAKES, visit, after=lambda: opened.pop().close()))
    async with await open_visit(key, "127.0.0.1", server.port) as talk:
        _print("exchange 64 B -> 256 B", await _timed_async(EXCHANGES, lambda: talk.exchange(REQUEST)))
        _print("exchange 0 B -> 12 kB in blocks", await _timed_async(LONG_EXCHANGES, lambda: talk.exchange(b"")))
    await server.stop()


def _timed(times: int, work: Callable[[], object]) -> list[float]:
    spent = []
    for _ in range(times):
        begin = perf_counter()
        work()
        spent.append((perf_counter() - begin) * 1e3)
    return spent


async def _timed_async(
    times: int, work: Callable[[], Awaitable[object]], after: Callable[[], Awaitable[object]] | None = None
) -> list[float]:
    spent = []
    for _ in range(times):
        begin = perf_counter()
        await work()
        spent.append((perf_counter() - begin) * 1e3)
        if after is not None:
            await after()
    return spent


def _print(name: str, spent_ms: list[float]) -> None:
    print(f"{name:<48} {median(spent_ms):8.3f} ms   95 % {quantiles(spent_ms, n=20)[-1]:8.3f} ms   n = {len(spent_ms)}")


if __name__ == "__main__":
    main()
