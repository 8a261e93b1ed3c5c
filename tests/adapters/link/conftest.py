"""One pump paired with a physician's workstation and a patient's handset, and ways to run stories with them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from thecal.adapters.link.credentials import ProgrammerKey, PumpKeyring
from thecal.adapters.link.pairing import pair
from thecal.adapters.link.pump_server import PumpServer


@dataclass(frozen=True)
class Paired:
    keyring: PumpKeyring
    physician: ProgrammerKey
    patient: ProgrammerKey


@dataclass
class Clock:
    now_s: float = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Implant:
    """A handler that notes what reached it and answers by echo."""

    server: PumpServer | None = None
    reached: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __call__(self, role: str, peer: str, request: bytes) -> bytes:
        self.reached.append((role, peer, request))
        return b"echo " + request

    @property
    def port(self) -> int:
        assert self.server is not None
        return self.server.port


Serving = Callable[..., AbstractAsyncContextManager[Implant]]


@pytest.fixture(scope="session")
def paired() -> Paired:
    keyring, physician = pair("TH-0001", "physician", "workstation")
    keyring, patient = pair("TH-0001", "patient", "handset", keyring)
    return Paired(keyring, physician, patient)


@pytest.fixture
def serving(paired: Paired) -> Serving:
    @asynccontextmanager
    async def serve(keyring: PumpKeyring = paired.keyring, **options: object) -> AsyncIterator[Implant]:
        implant = Implant()
        handler = options.pop("handler", implant)
        implant.server = await PumpServer.start(keyring, handler, **options)
        try:
            yield implant
        finally:
            await implant.server.stop()

    return serve


@pytest.fixture
def tell(caplog: pytest.LogCaptureFixture) -> Callable[..., None]:
    """Run a story to its end; an error that event loop or pump only log is a failure too, unless it is expected."""

    def run(story: Coroutine[object, object, None], errors: int = 0) -> None:
        with caplog.at_level(logging.WARNING):
            asyncio.run(story)
        logged = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert len(logged) == errors, logged

    return run


@pytest.fixture
def clock() -> Clock:
    return Clock()
