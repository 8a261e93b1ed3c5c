"""The real protection of the link (OSCORE) for a run without sockets."""

from __future__ import annotations

from hashlib import sha256

from thecal.adapters.link.protection import EndProtection, provisioned_pair
from thecal.bench.channel import Protection
from thecal.device import Role

SECRET_BYTES = 16


def protected(seed: str) -> Protection:
    """Both ends of a visit for each role, keyed from a seed: the same run has the same frames."""

    def ends(role: Role) -> tuple[EndProtection, EndProtection]:
        secret = sha256(f"thecal {seed} {role.value}".encode()).digest()[:SECRET_BYTES]
        return provisioned_pair(secret, role.value)

    return ends
