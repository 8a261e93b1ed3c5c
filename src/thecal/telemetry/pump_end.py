"""The pump's end of the link: decode, check the role, apply, encode."""

from __future__ import annotations

from collections.abc import Callable

from thecal.device import MAY, Reason, Refused, Reply, Request, Role
from thecal.telemetry.replies import encode_reply
from thecal.telemetry.requests import decode_request


def answer(
    request_bytes: bytes,
    role: Role,
    apply: Callable[[Request, Role], Reply],
    tick_ms: int,
    program_hash: bytes,
) -> bytes:
    """The reply to an authenticated request; ``apply`` carries an allowed one out, at most once.

    ``role`` follows from the caller's key. A command that is not in the role's row of the capability table is
    refused here and never reaches ``apply`` (default deny); ``tick_ms`` and ``program_hash`` stand on that refusal.
    Raises Malformed for bytes outside the grammar: they have no effect and no reply, and the server answers with
    its own bare "bad request" (CoAP 4.00), because nothing in such bytes can be trusted to be echoed.
    """
    request = decode_request(request_bytes)
    if type(request.command) not in MAY[role]:
        return encode_reply(Reply(request.command_id, tick_ms, program_hash, Refused(Reason.NOT_ALLOWED)))
    return encode_reply(apply(request, role))
