"""The pump's memory on the bench: bytes that outlive the running pump, but not the bench."""

from __future__ import annotations


class BenchMemory:
    """Holds one image. What is set aside after damage is kept for looking at."""

    def __init__(self) -> None:
        self._image = bytearray()
        self.kept: list[bytes] = []

    @property
    def image(self) -> bytes:
        """What a recovering pump reads."""
        return bytes(self._image)

    def append(self, record: bytes) -> None:
        """Add to the image."""
        self._image += record

    def replace(self, image: bytes) -> None:
        """Exchange the whole image."""
        self._image = bytearray(image)

    def set_aside(self) -> None:
        """Keep a copy of the image as it is."""
        self.kept.append(self.image)
