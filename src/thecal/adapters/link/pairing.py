"""Pairing: make the keys by which a pump and a programmer will know each other.

Done once per programmer, at provisioning, where both ends are at hand. All chance comes from the operating system
through `secrets`.
"""

import secrets

from cryptography.hazmat.primitives.asymmetric import ec

from thecal.adapters.link.credentials import (
    CARD_SECRET_BYTES,
    KEY_BYTES,
    KID_BYTES,
    Credential,
    KeyPair,
    PairedPeer,
    ProgrammerKey,
    PumpKeyring,
)
from thecal.adapters.link.limits import Role

# The order of the base point of P-256 (FIPS 186-5): a private key is a number from 1 to this minus 1.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def new_key_pair() -> KeyPair:
    """A fresh P-256 key with a fresh key id."""
    number = 1 + secrets.randbelow(P256_ORDER - 1)
    public = ec.derive_private_key(number, ec.SECP256R1()).public_key().public_numbers()
    credential = Credential(
        kid=secrets.token_bytes(KID_BYTES), x=public.x.to_bytes(KEY_BYTES), y=public.y.to_bytes(KEY_BYTES)
    )
    return KeyPair(number.to_bytes(KEY_BYTES), credential)


def pair(
    serial: str, role: Role, name: str, keyring: PumpKeyring | None = None, card_secret: bytes | None = None
) -> tuple[PumpKeyring, ProgrammerKey]:
    """Pair one programmer with the pump of this serial number: the pump's new keyring, and the programmer's key.

    Without ``keyring`` the pump is new and gets its own key; with it, the programmer is added to it. Without
    ``card_secret`` this pair gets one of its own (16 bytes), so that one pair's secret says nothing about another's.

    Raises ValueError when the keyring is another pump's, is full, or already holds a programmer of that name.
    """
    pump = keyring or PumpKeyring(serial, new_key_pair())
    if pump.serial != serial:
        raise ValueError(f"the keyring belongs to pump {pump.serial}, not to {serial}")
    own = new_key_pair()
    secret = secrets.token_bytes(CARD_SECRET_BYTES) if card_secret is None else card_secret
    paired = pump.with_peer(PairedPeer(name, role, own.credential, secret))
    return paired, ProgrammerKey(name, role, serial, own, pump.own.credential, secret)
