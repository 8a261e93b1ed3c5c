"""What a layer of the verification of the pump has done, as it is kept between two runs."""

from __future__ import annotations

from typing import NamedTuple


class Tally(NamedTuple):
    """So much was ``done``, in the layer's own unit; each failure as one line."""

    done: int
    failures: tuple[str, ...] = ()
    words: str = ""  # what else is worth telling in the record
