"""Documents named on the command line: read them, or say in one line why not."""

from __future__ import annotations

import sys
from errno import EBADF
from pathlib import Path


def read_text(path: str) -> str:
    """The document: a file, or standard input for ``-``. Raises OSError, UnicodeDecodeError."""
    if path != "-":
        return Path(path).read_text(encoding="utf-8-sig")  # some editors mark UTF-8 with an invisible first character
    if sys.stdin is None:
        raise OSError(EBADF, "it is closed")
    return sys.stdin.buffer.read().decode("utf-8-sig")


def refuse(path: str, error: Exception) -> int:
    """One clear line on standard error, and the exit code for a document that cannot be used."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    if isinstance(error, UnicodeDecodeError):
        reason = f"not a text in UTF-8 (byte {error.start})"
    print(one_line(f"{'standard input' if path == '-' else path}: {reason}"), file=sys.stderr)
    return 2


def one_line(text: str) -> str:
    """The text with whatever a terminal would act on, line breaks included, written out as in Python."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
