"""A real process with real files, killed again and again in the middle of its work."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.adapters.store.pump_at_full_speed import BOLUS, PROGRAM, implant_new
from thecal.adapters.memory_file import read_banks
from thecal.adapters.truth_file import read_truth
from thecal.device import LogKind
from thecal.fluid import Stroke
from thecal.implant import replay

ROUNDS = 20
ROOT = Path(__file__).parents[3]


def strokes_left(folder: Path) -> list[int]:
    """The ticks of the strokes that truly left the pump."""
    return [record.at_ms for record in read_truth(folder / "truth.log").records if isinstance(record, Stroke)]


def killed_after(folder: Path, more_bytes: int) -> None:
    """Start the pump, let its truth record grow by this much, kill it."""
    truth = folder / "truth.log"
    grown = truth.stat().st_size + more_bytes
    command = [sys.executable, "-m", "tests.adapters.store.pump_at_full_speed", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"running\n"
        while truth.stat().st_size < grown:
            assert process.poll() is None
        process.kill()


@pytest.mark.processes
def test_a_pump_killed_at_any_moment_never_gives_a_stroke_it_does_not_count(tmp_path):
    """After each SIGKILL: the memory is whole and runs the same program; it counts every stroke that left the pump
    and at most one that did not; time and strokes go forward only; the lockout is kept across all of them."""
    implant_new(tmp_path)
    chance, lost, grants = random.Random(7), 0, set()
    tick_ms = in_a_bolus = 0
    for _ in range(ROUNDS):
        killed_after(tmp_path, chance.randrange(10, 6_000))
        past = replay(read_banks(tmp_path / "memory.bin"))
        assert past.damage is None
        state, left = past.state, strokes_left(tmp_path)
        assert left == sorted(left)
        newly_lost = state.strokes_total - past.owed_strokes - len(left) - lost
        assert newly_lost in (0, 1)
        lost += newly_lost
        assert state.program == PROGRAM
        assert state.tick_ms > tick_ms
        tick_ms = state.tick_ms
        in_a_bolus += state.running_bolus is not None
        grants |= {entry.tick_ms for entry in state.log if entry.kind is LogKind.BOLUS_GRANTED}
    assert in_a_bolus > ROUNDS // 2
    assert len(grants) > 3
    assert all(later - earlier >= BOLUS.lockout_ms for earlier, later in pairwise(sorted(grants)))
