"""What left the catheter tip, and when."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.column import Masses


@dataclass(frozen=True, slots=True)
class TipRelease:
    """Drug that left the tip between two moments of bench time; at one moment when they are equal (a stroke)."""

    start_ms: int
    end_ms: int
    masses: Masses
