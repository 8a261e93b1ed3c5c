"""Verify one room: ``python -m verification ROOM [LAYER ...]``. What was done before an interruption is not redone."""

from __future__ import annotations

import sys
from collections.abc import Callable

from verification import pump, therapy

ROOMS: dict[str, Callable[..., bool]] = {"therapy": therapy.verify, "pump": pump.verify}


def main(wanted: list[str]) -> int:
    """0 when every figure asked for is met."""
    room, *layers = wanted or [""]
    if room not in ROOMS or (layers and room != "pump"):
        print(f"name one of {', '.join(ROOMS)}; the pump may be followed by some of its layers", file=sys.stderr)
        return 2
    return 0 if ROOMS[room](*layers) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
