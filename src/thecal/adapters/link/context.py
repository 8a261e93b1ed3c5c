"""One OSCORE security context (RFC 8613) that lives in memory and dies with its visit.

The library's own contexts persist themselves or belong to its own EDHOC; this one does neither. AES-CCM-16-64-128 with
SHA-256 (EDHOC cipher suite 2), a replay window of 32, no echo recovery: a context whose window is lost is lost itself.
"""

from aiocoap import oscore

MASTER_SECRET_BYTES = 16
MASTER_SALT_BYTES = 8
REPLAY_WINDOW = 32


class VisitContext(oscore.CanProtect, oscore.CanUnprotect, oscore.SecurityContextUtils):
    """Keys and counters of one end of one visit; `protect` and `unprotect` come from the library."""

    alg_aead = oscore.algorithms["AES-CCM-16-64-128"]
    hashfun = oscore.hashfunctions["sha256"]
    id_context = None
    echo_recovery = None

    def __init__(self, master_secret: bytes, master_salt: bytes, sender_id: bytes, recipient_id: bytes) -> None:
        if sender_id == recipient_id:
            raise ValueError("the two ends of a visit need different context ids")
        self.sender_id = sender_id
        self.recipient_id = recipient_id
        self.sender_sequence_number = 0
        self.recipient_replay_window = oscore.ReplayWindow(REPLAY_WINDOW, lambda: None)
        self.recipient_replay_window.initialize_empty()
        self.derive_keys(master_salt, master_secret)

    def post_seqnoincrease(self) -> None:
        """Nothing to store: the context is never used by another process."""


def context_id_in(option: bytes | None, length: int) -> bytes | None:
    """The context id that a request's OSCORE option names, or None when it is not of our shape.

    Ours have a partial IV of one to five bytes, no id context, and a context id of ``length`` bytes. Anything else is
    refused here, before the library parses it.
    """
    if not option:
        return None
    partial_iv = option[0] & 0b111
    if option[0] != 0b1000 | partial_iv or not 1 <= partial_iv <= 5 or len(option) != 1 + partial_iv + length:
        return None
    return option[1 + partial_iv :]
