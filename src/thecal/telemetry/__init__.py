"""Both ends of the link above the channel: the closed grammar of messages, exactly-once commands, outcomes."""

from thecal.telemetry.conversation import (
    COMMAND_LIFE_MS,
    Action,
    Conversation,
    Forget,
    NoAnswer,
    NothingPending,
    Remember,
    Send,
    Session,
    commit,
    interrogate,
    read_status,
    record_refill,
    request_bolus,
    settle,
    stage,
    stop_infusion,
)
from thecal.telemetry.driving import PendingStore, carry_out
from thecal.telemetry.grammar import Malformed
from thecal.telemetry.pending import (
    Applied,
    NotApplied,
    NotSent,
    Outcome,
    PendingCommand,
    Unknown,
    UnresolvedCommand,
)
from thecal.telemetry.pump_end import answer
from thecal.telemetry.replies import REPLY_BYTES_MAX, decode_reply, encode_reply
from thecal.telemetry.requests import REQUEST_BYTES_MAX, decode_request, encode_request

__all__ = [
    "COMMAND_LIFE_MS",
    "REPLY_BYTES_MAX",
    "REQUEST_BYTES_MAX",
    "Action",
    "Applied",
    "Conversation",
    "Forget",
    "Malformed",
    "NoAnswer",
    "NotApplied",
    "NotSent",
    "NothingPending",
    "Outcome",
    "PendingCommand",
    "PendingStore",
    "Remember",
    "Send",
    "Session",
    "Unknown",
    "UnresolvedCommand",
    "answer",
    "carry_out",
    "commit",
    "decode_reply",
    "decode_request",
    "encode_reply",
    "encode_request",
    "interrogate",
    "read_status",
    "record_refill",
    "request_bolus",
    "settle",
    "stage",
    "stop_infusion",
]
