"""The pump's memory as a file. It survives SIGKILL at any moment; loss of the machine's power at any byte of an append.

An append is one write to the end: the kernel has it when the call returns. A replacement is written beside the
file, forced to the disk, and renamed over it: afterwards there is the old image or the new one, never a mixture.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Self


class MemoryFile:
    """The ``implant.Memory`` of a running pump. Every method raises OSError when the file cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def append(self, record: bytes) -> None:
        """Add to the image."""
        while record:
            record = record[os.write(self._file, record) :]

    def replace(self, image: bytes) -> None:
        """Exchange the whole image at once."""
        fresh = self._path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC, 0o600)
        rest = image
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
        os.replace(fresh, self._path)
        os.close(self._file)
        self._file = file

    def set_aside(self) -> None:
        """Keep a copy of the image as it is, under the next free name."""
        number = 1
        while (kept := self._path.with_name(f"{self._path.name}.damaged-{number}")).exists():
            number += 1
        shutil.copyfile(self._path, kept)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
