"""The pump's memory on the bench: bytes that outlive the running pump, but not the bench."""

from __future__ import annotations

from thecal.implant import Banks


class BenchMemory:
    """Holds two banks. What is set aside after damage is kept for looking at."""

    def __init__(self) -> None:
        self._banks = (bytearray(), bytearray())
        self.kept: list[Banks] = []

    @property
    def banks(self) -> Banks:
        """What a recovering pump reads."""
        first, second = self._banks
        return bytes(first), bytes(second)

    def erase(self, bank: int) -> None:
        """Empty a bank."""
        self._banks[bank].clear()

    def write(self, bank: int, data: bytes) -> None:
        """Add to the end of a bank."""
        self._banks[bank].extend(data)

    def set_aside(self) -> None:
        """Keep a copy of both banks as they are."""
        self.kept.append(self.banks)
