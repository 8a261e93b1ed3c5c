"""Before anything starts: the folder can be written, is nobody else's, and its databases are whole."""

import sqlite3
from pathlib import Path

import pytest

from thecal.run.data_folder import DataFolder, HeldFolder, StartRefused, check_databases


def test_a_folder_is_used_by_one_process_at_a_time(tmp_path):
    held = HeldFolder.take(tmp_path / "data")
    with pytest.raises(StartRefused, match=r"another `thecal up` \(process \d+\)"):
        HeldFolder.take(tmp_path / "data")
    held.release()
    HeldFolder.take(tmp_path / "data").release()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for impossible in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/thecal")):
        with pytest.raises(StartRefused, match="cannot write to the data folder") as refused:
            HeldFolder.take(impossible)
        assert "\n" not in str(refused.value)


def test_whole_databases_pass_and_damaged_ones_are_named(tmp_path):
    path = tmp_path / "clinic" / "clinic.sqlite3"
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE visit (id INTEGER)")
    connection.executemany("INSERT INTO visit VALUES (?)", [(number,) for number in range(5_000)])
    connection.commit()
    connection.close()
    check_databases(DataFolder(tmp_path))
    whole = path.read_bytes()
    for damaged in (b"not a database" * 100, whole[:4096] + b"\xff" * 4096 + whole[8192:]):
        path.write_bytes(damaged)
        with pytest.raises(StartRefused, match=r"clinic\.sqlite3 is damaged") as refused:
            check_databases(DataFolder(tmp_path))
        assert "\n" not in str(refused.value)
