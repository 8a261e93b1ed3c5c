"""Verify one room: ``python -m verification ROOM``. What was done before an interruption is not done again."""

from __future__ import annotations

import sys

from verification import therapy

ROOMS = {"therapy": therapy.verify}


def main(wanted: list[str]) -> int:
    """0 when every figure asked for is met."""
    if len(wanted) != 1 or wanted[0] not in ROOMS:
        print(f"name one of {', '.join(ROOMS)}", file=sys.stderr)
        return 2
    return 0 if ROOMS[wanted[0]]() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
