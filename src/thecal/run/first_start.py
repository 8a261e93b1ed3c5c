"""The first start, all or nothing: seed beside, mark as complete, then move everything into place.

A folder ``seeding`` without the mark is thrown away; with the mark, moving is finished, however often it was cut
short. So a data folder holds a whole clinic or none.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import thecal
from thecal.run.child import Child, ChildPlan
from thecal.run.data_folder import DataFolder, StartRefused

EXAMPLES = Path(thecal.__file__).parents[2] / "examples"
_COMPLETE = "COMPLETE"


def is_seeded(folder: DataFolder) -> bool:
    """Whether there is a clinic, whole or damaged: then nothing is ever seeded over it."""
    return folder.patients.exists() or folder.clock.exists()


def finish_interrupted(folder: DataFolder) -> None:
    """Finish or throw away what an interrupted first start left. Raises OSError."""
    beside = _beside(folder)
    if (beside / _COMPLETE).exists():
        _move_into_place(folder)
    elif beside.exists():
        shutil.rmtree(beside)


async def seed_in_own_process(folder: DataFolder, tell: Callable[[str], None], examples: Path = EXAMPLES) -> None:
    """Seed and move into place. Raises StartRefused; interrupted, it leaves nothing behind."""
    beside = _beside(folder)
    beside.mkdir(mode=0o700)
    log = folder.logs / "seeding.log"
    child = await Child.spawn(ChildPlan("seeding", "thecal.run.seed_process", (str(beside), str(examples)), log, {}))
    reason = ""
    try:
        async for message in child.messages():
            if "failed" in message:
                reason = str(message["failed"])
            else:
                tell(str(message["seeded"]))
        if await child.ended() != 0:
            raise StartRefused(f"seeding failed: {reason or child.last_words()}")
        _mark_complete(beside)
    finally:
        await child.stop(0)
        finish_interrupted(folder)


def _beside(folder: DataFolder) -> Path:
    return folder.root / "seeding"


def _mark_complete(beside: Path) -> None:
    with (beside / _COMPLETE).open("wb") as mark:
        os.fsync(mark.fileno())


def _move_into_place(folder: DataFolder) -> None:
    beside = _beside(folder)
    for entry in sorted(beside.iterdir()):
        if entry.name != _COMPLETE:
            os.replace(entry, folder.root / entry.name)
    (beside / _COMPLETE).unlink()
    beside.rmdir()
