"""The pump's memory on disk: two banks as two files, erased, written, set aside."""

import pytest

from thecal.adapters.memory_file import MemoryFile, bank_paths, read_banks
from thecal.implant import MemoryOfAnotherVersion, replay
from thecal.implant.journal import image_header


def test_what_is_written_follows_what_stands_there_until_the_bank_is_erased(tmp_path):
    path = tmp_path / "memory.bin"
    with MemoryFile(path) as memory:
        memory.write(0, b"old")
        memory.erase(0)
        memory.write(0, b"image ")
        memory.write(1, b"other")
        memory.write(0, b"one ")
    with MemoryFile(path) as memory:
        memory.write(0, b"two")
    assert read_banks(path) == (b"image one two", b"other")
    assert [each.name for each in bank_paths(path)] == ["memory.bin.a", "memory.bin.b"]


def test_both_banks_are_kept_each_time_under_their_own_names(tmp_path):
    path = tmp_path / "memory.bin"
    with MemoryFile(path) as memory:
        memory.write(0, b"first damage")
        memory.set_aside()
        memory.erase(0)
        memory.write(1, b"second damage")
        memory.set_aside()
    assert (tmp_path / "memory.bin.a.damaged-1").read_bytes() == b"first damage"
    assert (tmp_path / "memory.bin.b.damaged-1").read_bytes() == b""
    assert (tmp_path / "memory.bin.a.damaged-2").read_bytes() == b""
    assert (tmp_path / "memory.bin.b.damaged-2").read_bytes() == b"second damage"
    assert read_banks(path) == (b"", b"second damage")


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_bank_is_told_by_its_name(tmp_path, missing):
    path = tmp_path / "memory.bin"
    with MemoryFile(path):
        pass
    bank_paths(path)[missing].unlink()
    with pytest.raises(FileNotFoundError, match=rf"memory\.bin\.{'ab'[missing]}"):
        read_banks(path)


@pytest.mark.parametrize("version", [1, 2])
def test_a_memory_in_a_single_file_is_of_an_earlier_version_and_refused_by_it(tmp_path, version):
    path = tmp_path / "memory.bin"
    path.write_bytes(image_header(version)[0] + b"whatever it was")
    with pytest.raises(MemoryOfAnotherVersion, match=f"has format version {version}; this Thecal reads version 3 only"):
        replay(read_banks(path))
