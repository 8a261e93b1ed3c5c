"""The bench clock on disk: bench time and pace, replaced as a whole so that it is never half-written."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from thecal.run.clock import BenchClock
from thecal.run.data_folder import StartRefused

_FORMAT = "thecal bench clock 1"


def write_clock(path: Path, clock: BenchClock) -> None:
    """Keep bench time and pace. Leases and jumps end with the process and are not kept."""
    body = json.dumps({"format": _FORMAT, "bench_utc_ms": clock.bench_ms, "paused": clock.paused, "speed": clock.speed})
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{body}\n{_checksum(body)}\n", encoding="ascii")
    os.replace(fresh, path)


def read_clock(path: Path) -> BenchClock:
    """The clock as last written. Raises StartRefused when the file is missing, damaged or another version's."""
    try:
        body, checksum, end = path.read_bytes().decode("ascii").split("\n")
        if checksum != _checksum(body) or end:
            raise ValueError("checksum")
        fields = json.loads(body)
        if fields["format"] != _FORMAT:
            raise ValueError("format")
        return BenchClock(fields["bench_utc_ms"], fields["paused"] is True, fields["speed"])
    except OSError as error:
        raise StartRefused(f"the clock file {path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise StartRefused(f"the clock file {path} is damaged") from None


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode("ascii")).hexdigest()
