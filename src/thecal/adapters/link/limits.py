"""How much, how many and how long the channel allows.

Figures of the protocol, not of the therapy: life and idle times are those of the telemetry design (10 min physician,
2 min patient, idle 60 s); the life of a service and of an emergency visit is ours and assumed, and so are the caps,
chosen so that a flood of first messages costs its sender more than the pump and an honest handshake (three round trips,
some milliseconds) is not crowded out.
"""

from typing import Final, Literal

Role = Literal["physician", "patient", "service", "emergency"]

ROLES: Final[tuple[Role, ...]] = ("physician", "patient", "service", "emergency")
"""Each has keys of its own. What a role may ask is decided inside the pump, by the keys of the visit."""

REQUEST_BYTES: Final = 4096
"""The longest request a pump reads."""

REPLY_BYTES: Final = 20 * 1024
"""The longest reply a pump gives."""

BLOCK_BYTES: Final = 1024
"""A body longer than this travels in blocks of this size (CoAP size exponent 6)."""

DATAGRAM_BYTES: Final = 1280
"""Nothing longer is read from the network: one block, its protection and its header fit with room to spare."""

HALF_OPEN_PER_ADDRESS: Final = 4
HALF_OPEN_IN_ALL: Final = 64
HALF_OPEN_LIFE_S: Final = 5.0
"""A handshake that has not shown the card secret by then is forgotten."""

OPEN_VISITS_PER_PEER: Final = 4

PAIRED_PEERS: Final = 8
"""Most credentials one pump keeps."""

IDLE_S: Final = 60.0
LIFE_S: Final[dict[Role, float]] = {"physician": 600.0, "patient": 120.0, "service": 600.0, "emergency": 120.0}

UNPROTECTED_MEMORY_S: Final = 10.0
"""How long the answer to an unprotected message is kept for repeats of it (CoAP's own 247 s would let a flood fill the
memory; protected messages keep the full time)."""
