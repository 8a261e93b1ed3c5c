"""Who may use a programmer's keys: they are sealed under a workstation key, which a password opens.

A pump key is never stored in the clear at the clinic. Each is sealed with the workstation key (AES-256-GCM, its
purpose authenticated, so one sealed document cannot stand in for another); the workstation key itself is
wrapped under the user's password (scrypt). Signing in opens the workstation key into memory; nothing is
written. Raises WrongPassword for the password and SealBroken for a document that was changed or is not ours.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16
# scrypt at the strength recommended for interactive sign-in: n = 2^15, r = 8 (32 MiB, about 0.1 s).
_SCRYPT_N = 2**15
_SCRYPT_R = 8
_SCRYPT_P = 1
_SCRYPT_MEMORY = 64 * 1024 * 1024
_WORKSTATION = "thecal workstation key 1"
_SEALED = "thecal sealed document 1"


class WrongPassword(ValueError):
    """The password does not open this workstation key; one line for a person."""


class SealBroken(ValueError):
    """A sealed document that is damaged, altered, or sealed by another workstation or for another purpose."""


@dataclass(frozen=True, slots=True)
class WorkstationKey:
    """An opened workstation key. It lives in memory only and is never printed."""

    secret: bytes = field(repr=False)

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """Seal ``plain`` so that only this workstation opens it, and only for ``purpose``."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self.secret).encrypt(nonce, plain, _bound_to(_SEALED, purpose))
        return _document({"format": _SEALED, "purpose": purpose, "nonce": nonce.hex(), "sealed": sealed.hex()})

    def open(self, purpose: str, document: bytes) -> bytes:
        """The sealed bytes. Raises SealBroken."""
        fields = _fields(document, _SEALED, ("nonce", "sealed"))
        try:
            return AESGCM(self.secret).decrypt(fields["nonce"], fields["sealed"], _bound_to(_SEALED, purpose))
        except InvalidTag:
            raise SealBroken(f"the sealed {purpose} was altered or belongs to another workstation") from None


def seal_workstation(password: str) -> tuple[WorkstationKey, bytes]:
    """A new workstation key, and the document that keeps it wrapped under ``password``."""
    key = WorkstationKey(secrets.token_bytes(_KEY_BYTES))
    salt = secrets.token_bytes(_SALT_BYTES)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_stretched(password, salt)).encrypt(nonce, key.secret, _WORKSTATION.encode())
    return key, _document({"format": _WORKSTATION, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()})


def open_workstation(password: str, document: bytes) -> WorkstationKey:
    """The workstation key. Raises WrongPassword, or SealBroken when the document is not one of ours."""
    fields = _fields(document, _WORKSTATION, ("salt", "nonce", "sealed"))
    try:
        secret = AESGCM(_stretched(password, fields["salt"])).decrypt(
            fields["nonce"], fields["sealed"], _WORKSTATION.encode()
        )
    except InvalidTag:
        raise WrongPassword("the password does not open this workstation's keys") from None
    return WorkstationKey(secret)


def check_workstation(document: bytes) -> None:
    """Whether it reads as a wrapped workstation key, without opening it. Raises SealBroken."""
    _fields(document, _WORKSTATION, ("salt", "nonce", "sealed"))


def check_sealed(document: bytes) -> None:
    """Whether it reads as a sealed document, without opening it. Raises SealBroken."""
    _fields(document, _SEALED, ("nonce", "sealed"))


def _stretched(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=_SCRYPT_N,
        r=_SCRYPT_R,
        p=_SCRYPT_P,
        maxmem=_SCRYPT_MEMORY,
        dklen=_KEY_BYTES,
    )


def _bound_to(label: str, purpose: str) -> bytes:
    return f"{label}\n{purpose}".encode()


def _document(fields: dict[str, str]) -> bytes:
    return json.dumps(fields, indent=2).encode("ascii") + b"\n"


def _fields(document: bytes, expected_format: str, names: tuple[str, ...]) -> dict[str, bytes]:
    try:
        parsed = json.loads(document)
        if parsed["format"] != expected_format:
            raise SealBroken(f"not a {expected_format}")
        fields = {name: bytes.fromhex(parsed[name]) for name in names}
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, SealBroken):
            raise
        raise SealBroken(f"not a readable {expected_format}") from None
    if len(fields["nonce"]) != _NONCE_BYTES:
        raise SealBroken(f"not a readable {expected_format}")
    return fields
