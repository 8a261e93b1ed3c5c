"""The catalogue numbers behind a page, as a page lists them."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.origins import Origin, tally


@dataclass(frozen=True, slots=True)
class ListedOrigins:
    """Every line, and how many are how sure."""

    lines: tuple[Origin, ...]

    @property
    def tally(self) -> str:
        """``9 verified, 7 recalled``."""
        return tally(self.lines)
