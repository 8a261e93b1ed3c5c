"""The pump's memory on a bench that can take its power away at any byte, and invert any bit."""

from __future__ import annotations

from thecal.bench.air import flipped
from thecal.bench.pump_memory import BenchMemory


class PowerFailed(Exception):
    """The electronics stopped in the middle of what they were doing."""


class FragileMemory(BenchMemory):
    """Two banks. ``bytes_moved``: how many bytes were ever written or erased; what a cut is counted in."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes_moved = 0
        self._until_cut: int | None = None

    def cut_after(self, count: int | None) -> None:
        """The power fails when so many more bytes were written or erased; None: it does not. Raises ValueError."""
        if count is not None and count < 1:
            raise ValueError("bytes until the cut: at least 1")
        self._until_cut = count

    def erase(self, bank: int) -> None:
        """Empty a bank, from its end on. Raises PowerFailed with its beginning left."""
        stood = self._banks[bank]
        del stood[len(stood) - self._allowed(len(stood)) :]
        self._moved()

    def write(self, bank: int, data: bytes) -> None:
        """Add to the end of a bank. Raises PowerFailed with a beginning of ``data`` written."""
        self._banks[bank].extend(data[: self._allowed(len(data))])
        self._moved()

    def flip(self, bank: int, bit: int) -> None:
        """Invert one bit of a bank, counted from its first; the running pump does not notice. Raises ValueError."""
        if bank not in (0, 1):
            raise ValueError("bank: 0 or 1")
        if not 0 <= bit < 8 * len(self._banks[bank]):
            raise ValueError(f"bit: bank {bank} holds {8 * len(self._banks[bank])}, counted from 0")
        self._banks[bank][:] = flipped(bytes(self._banks[bank]), bit)

    def _allowed(self, count: int) -> int:
        allowed = count if self._until_cut is None else min(count, self._until_cut)
        self.bytes_moved += allowed
        if self._until_cut is not None:
            self._until_cut -= allowed
        return allowed

    def _moved(self) -> None:
        if self._until_cut == 0:
            self._until_cut = None
            raise PowerFailed
