"""Both ends of the link above the channel: the closed grammar of messages, exactly-once commands, outcomes."""

from thecal.telemetry.grammar import Malformed
from thecal.telemetry.replies import REPLY_BYTES_MAX, decode_reply, encode_reply
from thecal.telemetry.requests import REQUEST_BYTES_MAX, decode_request, encode_request

__all__ = [
    "REPLY_BYTES_MAX",
    "REQUEST_BYTES_MAX",
    "Malformed",
    "decode_reply",
    "decode_request",
    "encode_reply",
    "encode_request",
]
