"""The EDHOC handshake (RFC 9528) of one visit, seen from both ends, without I/O.

Cipher suite 2, method 3: both ends authenticate by static Diffie-Hellman with their pinned keys, and fresh ephemeral
keys give forward secrecy. The card secret enters by EDHOC's key update on both ends; whoever does not know it derives
other keys and can neither write nor read a protected message.

Every message of ours has one fixed shape (credentials by key id of fixed length, connection ids of fixed length, no
extra data), so each is checked against it before the EDHOC library sees it. That is not only tidy: lakers aborts with a
Rust panic on a public key that is not on the curve and on some truncated messages.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import lakers
from cryptography.hazmat.primitives.asymmetric import ec

from thecal.adapters.link.context import MASTER_SALT_BYTES, MASTER_SECRET_BYTES, VisitContext
from thecal.adapters.link.credentials import Credential, KeyPair

CONNECTION_ID_BYTES = 6
_ID_HEAD = 0x40 | CONNECTION_ID_BYTES

MESSAGE_1_MARK = b"\xf5"
"""CBOR true, which goes before message 1 on CoAP (RFC 9528 appendix A.2)."""

_MESSAGE_1_HEAD = b"\x03\x02\x58\x20"  # method 3, suite 2, 32 bytes of public key
_MESSAGE_1_BYTES = len(_MESSAGE_1_HEAD) + 32 + 1 + CONNECTION_ID_BYTES
_MESSAGE_2_HEAD = b"\x58\x39"  # 57 bytes: public key, then C_R, ID_CRED_R and MAC_2, encrypted
_MESSAGE_2_BYTES = 2 + 0x39
_MESSAGE_3_HEAD = b"\x58\x1a"  # 26 bytes: ID_CRED_I, MAC_3 and tag, encrypted
_MESSAGE_3_BYTES = 2 + 0x1A


class HandshakeRefused(Exception):
    """A message of the other end is malformed, or does not come from who it should."""


class CallerHandshake:
    """The programmer's end (EDHOC initiator)."""

    def __init__(self, own: KeyPair, pump: Credential) -> None:
        self._own, self._pump = own, pump
        self._edhoc = lakers.EdhocInitiator()
        self._own_id = secrets.token_bytes(CONNECTION_ID_BYTES)
        self._pump_id = b""

    def message_1(self) -> bytes:
        """What opens the handshake."""
        return MESSAGE_1_MARK + self._edhoc.prepare_message_1(self._own_id, None)

    def message_3(self, message_2: bytes) -> bytes:
        """Check that the pump is the pinned one and answer it. Raises `HandshakeRefused`."""
        if len(message_2) != _MESSAGE_2_BYTES or not message_2.startswith(_MESSAGE_2_HEAD):
            raise HandshakeRefused("message 2 does not have our shape")
        _check_public_key(message_2[2:34])
        with _refusing_bad_messages():
            self._pump_id, id_cred, extra = self._edhoc.parse_message_2(message_2)
            if extra or id_cred != self._pump.id_cred() or not _is_usable_id(self._pump_id, self._own_id):
                raise HandshakeRefused("message 2 names another pump")
            self._edhoc.verify_message_2(self._own.secret, self._own.credential.ccs(), self._pump.ccs())
            message_3, _ = self._edhoc.prepare_message_3(lakers.CredentialTransfer.ByReference, None)
            self._edhoc.completed_without_message_4()
        return bytes((_ID_HEAD,)) + self._pump_id + message_3

    def context(self, card_secret: bytes) -> VisitContext:
        """The protection of the visit, once message 3 is made."""
        return _context(self._edhoc, card_secret, sender_id=self._pump_id, recipient_id=self._own_id)


class AnswererHandshake:
    """The pump's end (EDHOC responder), from a first message on. Raises `HandshakeRefused` when it is malformed."""

    def __init__(self, own: KeyPair, message_1: bytes) -> None:
        body = message_1.removeprefix(MESSAGE_1_MARK)
        if len(body) != _MESSAGE_1_BYTES or not body.startswith(_MESSAGE_1_HEAD) or body[36] != _ID_HEAD:
            raise HandshakeRefused("message 1 does not have our shape")
        _check_public_key(body[4:36])
        self._edhoc = lakers.EdhocResponder(own.secret, own.credential.ccs())
        with _refusing_bad_messages():
            self._caller_id, _ = self._edhoc.process_message_1(body)
        self.connection_id = secrets.token_bytes(CONNECTION_ID_BYTES)

    def message_2(self) -> bytes:
        """Our ephemeral key and proof of who we are."""
        with _refusing_bad_messages():
            return self._edhoc.prepare_message_2(lakers.CredentialTransfer.ByReference, self.connection_id, None)

    def caller_named_in(self, message_3: bytes) -> bytes:
        """The ID_CRED under which the caller presents itself (not yet proven). Raises `HandshakeRefused`."""
        if len(message_3) != _MESSAGE_3_BYTES or not message_3.startswith(_MESSAGE_3_HEAD):
            raise HandshakeRefused("message 3 does not have our shape")
        with _refusing_bad_messages():
            id_cred, extra = self._edhoc.parse_message_3(message_3)
        if extra:
            raise HandshakeRefused("message 3 carries what we never send")
        return id_cred

    def prove(self, caller: Credential) -> None:
        """Check that the caller holds the key of this credential. Raises `HandshakeRefused`."""
        with _refusing_bad_messages():
            self._edhoc.verify_message_3(caller.ccs())
            self._edhoc.completed_without_message_4()

    def context(self, card_secret: bytes) -> VisitContext:
        """The protection of the visit, once the caller is proven."""
        return _context(self._edhoc, card_secret, sender_id=self._caller_id, recipient_id=self.connection_id)


def split_message_3(payload: bytes) -> tuple[bytes, bytes] | None:
    """Split (connection id, message 3), or None when this is no message 3 of ours."""
    if len(payload) != 1 + CONNECTION_ID_BYTES + _MESSAGE_3_BYTES or payload[0] != _ID_HEAD:
        return None
    return payload[1 : 1 + CONNECTION_ID_BYTES], payload[1 + CONNECTION_ID_BYTES :]


def _context(
    edhoc: lakers.EdhocInitiator | lakers.EdhocResponder, card_secret: bytes, sender_id: bytes, recipient_id: bytes
) -> VisitContext:
    edhoc.edhoc_key_update(card_secret)
    return VisitContext(
        master_secret=edhoc.edhoc_exporter(0, [], MASTER_SECRET_BYTES),  # labels 0 and 1: RFC 9528 appendix A.1
        master_salt=edhoc.edhoc_exporter(1, [], MASTER_SALT_BYTES),
        sender_id=sender_id,
        recipient_id=recipient_id,
    )


def _is_usable_id(given: bytes, own: bytes) -> bool:
    return len(given) == CONNECTION_ID_BYTES and given != own


def _check_public_key(x: bytes) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x02" + x)
    except ValueError:
        raise HandshakeRefused("the ephemeral key is not on the curve") from None


@contextmanager
def _refusing_bad_messages() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise HandshakeRefused(str(error)) from None
    except BaseException as error:
        # A Rust panic arrives as a BaseException that no module exports. With the checks made beforehand no message is
        # known to cause one; the next release of the library may know better, and a pump must not die of it.
        if type(error).__name__ == "PanicException":
            raise HandshakeRefused("the EDHOC library gave up on the message") from None
        raise
