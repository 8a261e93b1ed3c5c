"""Documents named on the command line: read them, or say in one line why not."""

from __future__ import annotations

import sys
from pathlib import Path


def read_text(path: str) -> str:
    """The document: a file, or standard input for ``-``. Raises OSError, UnicodeDecodeError."""
    return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")


def refuse(path: str, error: Exception) -> int:
    """One clear line on standard error, and the exit code for a document that cannot be used."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    print(f"{'standard input' if path == '-' else path}: {reason}", file=sys.stderr)
    return 2
