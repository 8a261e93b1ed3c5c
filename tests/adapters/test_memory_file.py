"""The pump's memory on disk: appended, replaced as a whole, set aside."""

from thecal.adapters.memory_file import MemoryFile


def test_what_is_appended_follows_what_was_replaced(tmp_path):
    path = tmp_path / "memory.bin"
    with MemoryFile(path) as memory:
        memory.append(b"old")
        memory.replace(b"image ")
        memory.append(b"one ")
        memory.append(b"two")
    assert path.read_bytes() == b"image one two"
    with MemoryFile(path) as memory:
        memory.append(b" three")
    assert path.read_bytes() == b"image one two three"


def test_a_replacement_that_was_cut_short_leaves_the_old_image(tmp_path):
    path = tmp_path / "memory.bin"
    path.write_bytes(b"image")
    path.with_suffix(".new").write_bytes(b"half a new im")
    with MemoryFile(path) as memory:
        assert path.read_bytes() == b"image"
        memory.replace(b"new image")
    assert path.read_bytes() == b"new image"
    assert not path.with_suffix(".new").exists()


def test_a_damaged_image_is_kept_each_time_under_its_own_name(tmp_path):
    path = tmp_path / "memory.bin"
    with MemoryFile(path) as memory:
        memory.replace(b"first damage")
        memory.set_aside()
        memory.replace(b"second damage")
        memory.set_aside()
    assert (tmp_path / "memory.bin.damaged-1").read_bytes() == b"first damage"
    assert (tmp_path / "memory.bin.damaged-2").read_bytes() == b"second damage"
    assert path.read_bytes() == b"second damage"
