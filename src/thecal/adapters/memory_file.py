"""The pump's memory as two files, one for each bank. It survives SIGKILL at any moment.

A write is one write to the end of a file: the kernel has it when the call returns. Before a bank is erased the other
one is forced to the disk, and so is what is written first into the erased one: if the whole machine loses power,
what is missing is the end of a journal, never an image.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Self

from thecal.implant import Banks


def bank_paths(path: Path) -> tuple[Path, Path]:
    """The files of the memory that is named ``path``."""
    return path.with_name(path.name + ".a"), path.with_name(path.name + ".b")


def read_banks(path: Path) -> Banks:
    """What stands in both banks. Raises OSError when one is missing or cannot be read.

    A memory of versions 1 and 2 was the single file ``path``: it is read as if in the first bank, to be refused by
    its version.
    """
    first, second = bank_paths(path)
    if path.exists() and not first.exists() and not second.exists():
        return path.read_bytes(), b""
    return first.read_bytes(), second.read_bytes()


class MemoryFile:
    """The ``implant.Memory`` of a running pump. Every method raises OSError when a file cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = [os.open(each, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) for each in bank_paths(path)]
        self._fresh = [False, False]

    def erase(self, bank: int) -> None:
        """Empty a bank."""
        os.fsync(self._files[1 - bank])
        os.ftruncate(self._files[bank], 0)
        self._fresh[bank] = True

    def write(self, bank: int, data: bytes) -> None:
        """Add to the end of a bank."""
        file = self._files[bank]
        while data:
            data = data[os.write(file, data) :]
        if self._fresh[bank]:
            os.fsync(file)
            self._fresh[bank] = False

    def set_aside(self) -> None:
        """Keep a copy of both banks as they are, under the next free name."""
        number = 1
        while any(_kept(each, number).exists() for each in bank_paths(self._path)):
            number += 1
        for each in bank_paths(self._path):
            shutil.copyfile(each, _kept(each, number))

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            os.close(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _kept(bank: Path, number: int) -> Path:
    return bank.with_name(f"{bank.name}.damaged-{number}")
