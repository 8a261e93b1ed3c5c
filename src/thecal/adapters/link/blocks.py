"""Cut a body into CoAP blocks and put it together again (RFC 7959), within the limits of the channel.

The library's own block stores keep bodies for minutes after the visit and accept any length; a visit's blocks live and
die with it.
"""

from aiocoap import POST, Message, error
from aiocoap.numbers import codes

from thecal.adapters.link.limits import BLOCK_BYTES, REPLY_BYTES, REQUEST_BYTES

SIZE_EXPONENT = BLOCK_BYTES.bit_length() - 5  # RFC 7959: the size is 2 ** (exponent + 4)


def request_messages(path: str, body: bytes) -> list[Message]:
    """The requests that carry a body to the pump, in order; one without block option if it fits."""
    if len(body) <= BLOCK_BYTES:
        return [Message(code=POST, uri_path=[path], payload=body)]
    starts = range(0, len(body), BLOCK_BYTES)
    return [
        Message(
            code=POST,
            uri_path=[path],
            payload=body[start : start + BLOCK_BYTES],
            block1=(number, number + 1 < len(starts), SIZE_EXPONENT),
        )
        for number, start in enumerate(starts)
    ]


def next_reply_request(path: str, number: int) -> Message:
    """The request for one further block of a long reply."""
    return Message(code=POST, uri_path=[path], block2=(number, False, SIZE_EXPONENT))


class Blocks:
    """The body that is arriving from one peer and the reply that it is fetching."""

    def __init__(self) -> None:
        self._arriving = b""
        self._reply = b""

    def arrived(self, request: Message) -> bytes | None:
        """The whole request body, or None while more blocks are to come.

        Raises the CoAP refusal to answer with: too large, or a block out of order.
        """
        block = request.opt.block1
        start = 0 if block is None else block.start
        body = (self._arriving if start else b"") + request.payload
        self._arriving = b""
        if len(body) > REQUEST_BYTES:
            raise error.RequestEntityTooLarge
        if start + len(request.payload) != len(body):
            raise error.RequestEntityIncomplete
        if block is None or not block.more:
            return body
        self._arriving = body
        return None

    def first_of(self, reply: bytes) -> Message:
        """The message that answers with a reply, or with its first block. Raises ValueError if it is too long."""
        if len(reply) > REPLY_BYTES:
            raise ValueError(f"a reply has at most {REPLY_BYTES} bytes, this one has {len(reply)}")
        self._reply = reply if len(reply) > BLOCK_BYTES else b""
        return self.block_of_reply(0) if self._reply else Message(code=codes.CHANGED, payload=reply)

    def block_of_reply(self, number: int) -> Message:
        """One block of the reply being fetched. Raises the CoAP refusal when there is no such block."""
        start = number * BLOCK_BYTES
        piece = self._reply[start : start + BLOCK_BYTES]
        if not piece:
            raise error.RequestEntityIncomplete
        more = start + BLOCK_BYTES < len(self._reply)
        return Message(code=codes.CHANGED, payload=piece, block2=(number, more, SIZE_EXPONENT))
