"""The UDP sockets of both ends under the CoAP library.

Both drop oversized and undecodable datagrams without a word. The pump's differs from the library's simple server in
three more points: the port is never shared with another process (the library asks for SO_REUSEPORT, so that a taken
port would go unnoticed); answers to unprotected messages are remembered for seconds instead of minutes; and the bound
port can be asked for.
"""

from typing import Any

from aiocoap import Message, error
from aiocoap.numbers.constants import TransportTuning
from aiocoap.protocol import Context
from aiocoap.transports.generic_udp import GenericMessageInterface
from aiocoap.transports.simple6 import MessageInterfaceSimple6
from aiocoap.transports.simplesocketserver import MessageInterfaceSimpleServer, _DatagramServerSocketSimple

from thecal.adapters.link.limits import DATAGRAM_BYTES, UNPROTECTED_MEMORY_S


class _UnprotectedTuning(TransportTuning):
    EXCHANGE_LIFETIME = UNPROTECTED_MEMORY_S


class _Guarded(GenericMessageInterface):
    def _received_datagram(self, address: Any, datagram: bytes) -> None:
        if self._mman is None or len(datagram) > DATAGRAM_BYTES:
            return
        try:
            message = Message.decode(datagram, remote=address)
        except (error.UnparsableMessage, ValueError):  # the library lets bad UTF-8 in a path through as ValueError
            return
        if message.opt.oscore is None:
            message.transport_tuning = _UnprotectedTuning()
        self._mman.dispatch_message(message)


class _ExclusiveSocket(_DatagramServerSocketSimple):
    @classmethod
    async def create(cls, bind: tuple[str, int], log: Any, loop: Any, message_interface: Any) -> Any:
        ready = loop.create_future()
        await loop.create_datagram_endpoint(lambda: cls(ready.set_result, message_interface, log), local_addr=bind)
        made = await ready
        made._loop = loop
        made.port = made._transport.get_extra_info("sockname")[1]
        made.hostinfo_local = f"{bind[0]}:{made.port}"
        return made


class _PumpSocket(_Guarded, MessageInterfaceSimpleServer):
    _serversocket = _ExclusiveSocket


class _ProgrammerSocket(_Guarded, MessageInterfaceSimple6):
    pass


async def bind_pump(context: Context, host: str, port: int) -> int:
    """Bind a CoAP context to a UDP port (0: any free one) and return it. Raises OSError when the port is taken."""
    await context._append_tokenmanaged_messagemanaged_transport(
        lambda manager: _PumpSocket.create_server((host, port), manager, context.log, context.loop)
    )
    return context.request_interfaces[0].token_interface.message_interface._pool.port


async def client_context(loggername: str) -> Context:
    """A CoAP context that can only ask; close it with its ``shutdown``."""
    context = Context(loggername=loggername)
    await context._append_tokenmanaged_messagemanaged_transport(
        lambda manager: _ProgrammerSocket.create_client_transport_endpoint(manager, context.log, context.loop)
    )
    return context
