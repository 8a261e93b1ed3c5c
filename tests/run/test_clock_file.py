"""The bench clock survives a stop, and damage is told in one line."""

import pytest

from thecal.run.clock import BenchClock, lease_from
from thecal.run.clock_file import read_clock, write_clock
from thecal.run.data_folder import StartRefused

NOON = 1_795_000_000_000


def test_time_pause_and_speed_come_back(tmp_path):
    clock = BenchClock(NOON, paused=True, speed=60)
    write_clock(tmp_path / "clock.json", clock)
    assert read_clock(tmp_path / "clock.json") == clock


def test_leases_and_jumps_end_with_the_process(tmp_path):
    for moving in (BenchClock(NOON).start_jump(1), BenchClock(NOON).take_lease(lease_from("l", "n", "o", "p", 0))):
        write_clock(tmp_path / "clock.json", moving)
        assert read_clock(tmp_path / "clock.json") == BenchClock(NOON)


def test_any_changed_byte_is_noticed(tmp_path):
    path = tmp_path / "clock.json"
    write_clock(path, BenchClock(NOON))
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes((whole[position] ^ 1,)) + whole[position + 1 :])
        with pytest.raises(StartRefused, match="is damaged"):
            read_clock(path)


@pytest.mark.parametrize("kept", [0, 1, 40])
def test_a_torn_file_is_noticed(tmp_path, kept):
    path = tmp_path / "clock.json"
    write_clock(path, BenchClock(NOON))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(StartRefused, match="is damaged"):
        read_clock(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(StartRefused, match="cannot be read"):
        read_clock(tmp_path / "clock.json")
