"""Who a pump trusts and who a programmer is: static keys, pinned credentials, card secrets.

A credential is a CWT Claims Set (CCS) with one P-256 public key and a key id of eight chance bytes (RFC 9528 section
3.5.2). It never travels: both ends pinned it at pairing and name it by its key id inside the encrypted handshake. No
key is derived from a serial number, and the serial number is not in the credential.

Nothing here touches a file. `to_document` gives plain values for whoever writes it; it contains private keys, so the
file belongs to its owner alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from thecal.adapters.link.limits import PAIRED_PEERS, ROLES, Role

KID_BYTES = 8
KEY_BYTES = 32
CARD_SECRET_BYTES = 16

_PUMP_FORMAT = "thecal pump keyring 1"
_PROGRAMMER_FORMAT = "thecal programmer key 1"


class BadKeyDocument(ValueError):
    """A stored keyring or key does not read as one; the message names the field."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A public key with its key id: what a peer pins."""

    kid: bytes
    x: bytes
    y: bytes

    def __post_init__(self) -> None:
        if (len(self.kid), len(self.x), len(self.y)) != (KID_BYTES, KEY_BYTES, KEY_BYTES):
            raise ValueError("a credential has a key id of 8 bytes and two coordinates of 32 bytes")

    def ccs(self) -> bytes:
        """The CWT Claims Set in deterministic CBOR, as both ends feed it to EDHOC."""
        import cbor2

        cose_key = {1: 2, 2: self.kid, -1: 1, -2: self.x, -3: self.y}
        return cbor2.dumps({2: "", 8: {1: cose_key}}, canonical=True)

    def id_cred(self) -> bytes:
        """How the handshake names this credential: the CBOR map {4: key id}."""
        return bytes((0xA1, 0x04, 0x40 | KID_BYTES)) + self.kid


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An own private key and the credential made of its public half."""

    secret: bytes = field(repr=False)
    credential: Credential

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError("a private key has 32 bytes")


@dataclass(frozen=True, slots=True)
class PairedPeer:
    """One programmer that a pump answers, with the number of visits it has opened."""

    name: str
    role: Role
    credential: Credential
    card_secret: bytes = field(repr=False)
    handshakes: int = 0

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"a paired peer is one of {', '.join(ROLES)}, not {self.role!r}")
        if len(self.card_secret) != CARD_SECRET_BYTES:
            raise ValueError("an implant card secret has 16 bytes")


@dataclass(frozen=True, slots=True)
class PumpKeyring:
    """Everything secret that a pump keeps: its own key, and whom it answers in which role."""

    serial: str
    own: KeyPair
    peers: tuple[PairedPeer, ...] = ()

    def __post_init__(self) -> None:
        if len(self.peers) > PAIRED_PEERS:
            raise ValueError(f"a pump keeps at most {PAIRED_PEERS} paired programmers")
        for kind, values in (
            ("name", {peer.name for peer in self.peers}),
            ("key id", {peer.credential.kid for peer in self.peers} | {self.own.credential.kid}),
        ):
            if len(values) < len(self.peers) + (kind == "key id"):
                raise ValueError(f"two entries of one keyring have the same {kind}")

    def peer_named_by(self, id_cred: bytes) -> PairedPeer | None:
        """The pinned peer whose credential the handshake names, or None."""
        return next((peer for peer in self.peers if peer.credential.id_cred() == id_cred), None)

    def with_peer(self, peer: PairedPeer) -> PumpKeyring:
        """This keyring after a further pairing."""
        return replace(self, peers=(*self.peers, peer))

    def without_peer(self, name: str) -> PumpKeyring:
        """This keyring after a pairing was taken back."""
        return replace(self, peers=tuple(peer for peer in self.peers if peer.name != name))

    def after_handshake(self, name: str) -> PumpKeyring:
        """This keyring after the named peer opened one more visit."""
        return replace(
            self,
            peers=tuple(
                replace(peer, handshakes=peer.handshakes + 1) if peer.name == name else peer for peer in self.peers
            ),
        )

    def to_document(self) -> dict[str, Any]:
        """Plain values (text, integers, lists) for a JSON or CBOR file."""
        return {
            "format": _PUMP_FORMAT,
            "serial": self.serial,
            "own": _key_pair_document(self.own),
            "peers": [
                {
                    "name": peer.name,
                    "role": peer.role,
                    "credential": _credential_document(peer.credential),
                    "card_secret": peer.card_secret.hex(),
                    "handshakes": peer.handshakes,
                }
                for peer in self.peers
            ],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read `to_document` back. Raises `BadKeyDocument`."""
        _expect_format(document, _PUMP_FORMAT)
        peers = _value(document, "peers", list)
        try:
            return cls(
                serial=_value(document, "serial", str),
                own=_key_pair(_value(document, "own", dict)),
                peers=tuple(
                    PairedPeer(
                        name=_value(entry, "name", str),
                        role=_role(entry),
                        credential=_credential(_value(entry, "credential", dict)),
                        card_secret=_octets(entry, "card_secret", CARD_SECRET_BYTES),
                        handshakes=_value(entry, "handshakes", int),
                    )
                    for entry in peers
                ),
            )
        except ValueError as refusal:
            raise BadKeyDocument(str(refusal)) from None


@dataclass(frozen=True, slots=True)
class ProgrammerKey:
    """What a programmer needs to visit one pump: its own key, the pump's pinned credential, the card secret."""

    name: str
    role: Role
    serial: str
    own: KeyPair
    pump: Credential
    card_secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"a programmer is one of {', '.join(ROLES)}, not {self.role!r}")
        if len(self.card_secret) != CARD_SECRET_BYTES:
            raise ValueError("an implant card secret has 16 bytes")

    def to_document(self) -> dict[str, Any]:
        """Plain values (text) for a JSON or CBOR file."""
        return {
            "format": _PROGRAMMER_FORMAT,
            "name": self.name,
            "role": self.role,
            "serial": self.serial,
            "own": _key_pair_document(self.own),
            "pump": _credential_document(self.pump),
            "card_secret": self.card_secret.hex(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read `to_document` back. Raises `BadKeyDocument`."""
        _expect_format(document, _PROGRAMMER_FORMAT)
        return cls(
            name=_value(document, "name", str),
            role=_role(document),
            serial=_value(document, "serial", str),
            own=_key_pair(_value(document, "own", dict)),
            pump=_credential(_value(document, "pump", dict)),
            card_secret=_octets(document, "card_secret", CARD_SECRET_BYTES),
        )


def _key_pair_document(pair: KeyPair) -> dict[str, str]:
    return {"secret": pair.secret.hex()} | _credential_document(pair.credential)


def _credential_document(credential: Credential) -> dict[str, str]:
    return {"kid": credential.kid.hex(), "x": credential.x.hex(), "y": credential.y.hex()}


def _key_pair(document: Mapping[str, Any]) -> KeyPair:
    from cryptography.hazmat.primitives.asymmetric import ec

    pair = KeyPair(_octets(document, "secret", KEY_BYTES), _credential(document))
    try:
        public = ec.derive_private_key(int.from_bytes(pair.secret), ec.SECP256R1()).public_key().public_numbers()
    except ValueError:
        raise BadKeyDocument("secret is not a private key of the curve P-256") from None
    if public.x != int.from_bytes(pair.credential.x):
        raise BadKeyDocument("secret and x are not halves of one key")
    return pair


def _credential(document: Mapping[str, Any]) -> Credential:
    from cryptography.hazmat.primitives.asymmetric import ec

    x, y = (_octets(document, name, KEY_BYTES) for name in ("x", "y"))
    try:
        ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1()).public_key()
    except ValueError:
        raise BadKeyDocument("x and y of a credential are not a point of the curve P-256") from None
    return Credential(_octets(document, "kid", KID_BYTES), x, y)


def _expect_format(document: Mapping[str, Any], wanted: str) -> None:
    if _value(document, "format", str) != wanted:
        raise BadKeyDocument(f"format is not {wanted!r}")


def _role(document: Mapping[str, Any]) -> Role:
    given = _value(document, "role", str)
    for role in ROLES:
        if role == given:
            return role
    raise BadKeyDocument(f"role is {given!r}, not one of {', '.join(ROLES)}")


def _octets(document: Mapping[str, Any], name: str, length: int) -> bytes:
    try:
        octets = bytes.fromhex(_value(document, name, str))
    except ValueError:
        octets = b""
    if len(octets) != length:
        raise BadKeyDocument(f"{name} is not {length} bytes in hexadecimal")
    return octets


def _value(document: Mapping[str, Any], name: str, kind: type) -> Any:
    if not isinstance(document, Mapping) or type(document.get(name)) is not kind:
        raise BadKeyDocument(f"{name} is missing or not a {kind.__name__}")
    return document[name]
