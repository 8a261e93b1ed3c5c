"""Carry a conversation out over a link: a blocking one, or one of an event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from thecal.telemetry.conversation import Conversation, Forget, Remember, Send
from thecal.telemetry.pending import PendingCommand

T = TypeVar("T")


class PendingStore(Protocol):
    """Where a programmer keeps the unresolved command of one pump. Both return when it is done, or raise."""

    def remember(self, pending: PendingCommand) -> None:
        """Keep this command, so that it survives the end of this process."""

    def forget(self, pending: PendingCommand) -> None:
        """Drop this command; doing it twice does no harm."""


class AsyncPendingStore(Protocol):
    """The same, for whoever keeps it over an event loop."""

    async def remember(self, pending: PendingCommand) -> None:
        """Keep this command, so that it survives the end of this process."""

    async def forget(self, pending: PendingCommand) -> None:
        """Drop this command; doing it twice does no harm."""


def carry_out(conversation: Conversation[T], exchange: Callable[[bytes], bytes | None], store: PendingStore) -> T:
    """Run a conversation to its end: ``exchange`` sends once and returns the reply, or None when none came."""
    answer: bytes | None = None
    while True:
        try:
            action = conversation.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        answer = None
        match action:
            case Send(data):
                answer = exchange(data)
            case Remember(pending):
                store.remember(pending)
            case Forget(pending):
                store.forget(pending)


async def carry_out_async(
    conversation: Conversation[T], exchange: Callable[[bytes], Awaitable[bytes | None]], store: AsyncPendingStore
) -> T:
    """As ``carry_out``, over an event loop."""
    answer: bytes | None = None
    while True:
        try:
            action = conversation.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        answer = None
        match action:
            case Send(data):
                answer = await exchange(data)
            case Remember(pending):
                await store.remember(pending)
            case Forget(pending):
                await store.forget(pending)
