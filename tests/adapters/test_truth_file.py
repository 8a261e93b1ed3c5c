"""What truly happened is written as it happens and reads back exactly; a torn line never happened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thecal.adapters.truth_file import (
    Implantation,
    TruthDamaged,
    TruthWriter,
    line_of,
    read_truth,
    read_truth_on,
    record_of,
)
from thecal.column import SALINE, Fluid
from thecal.fluid import Act, NeedleAct, Outflow, Stroke, TimeReached, TrueReservoir

NOON = 1_795_000_000_000
MORPHINE = Fluid.of([("morphine", 10_000_000)])
IMPLANTED = Implantation(NOON, 500, TrueReservoir(20_000_000, 1_000_000, 18_000_000, MORPHINE), 300_000, SALINE)

moments = st.integers(0, 2**53)
volumes = st.integers(0, 60_000_000)
fluids = st.builds(
    Fluid.of,
    st.dictionaries(st.sampled_from(["morphine", "baclofen", "clonidine"]), st.fractions(0, 10**8)).map(dict.items),
)
records = st.one_of(
    st.builds(Stroke, moments),
    st.builds(Outflow, moments, moments, volumes),
    st.builds(NeedleAct, moments, st.sampled_from(Act), volumes, fluids),
    st.builds(TimeReached, moments),
)


@given(records)
def test_every_record_reads_back_exactly(record):
    line = line_of(record)
    assert line.isascii()
    assert "\n" not in line
    assert record_of(line) == record


def test_a_record_is_read_from_where_reading_stopped(tmp_path):
    path = tmp_path / "truth.log"
    writer = TruthWriter.begin(path, IMPLANTED)
    writer.append(Stroke(NOON + 1))
    first = read_truth(path)
    writer.append(NeedleAct(NOON + 2, Act.WITHDRAW, 5, MORPHINE))
    writer.close()
    assert first.implantation == IMPLANTED
    assert first.records == (Stroke(NOON + 1),)
    assert read_truth_on(path, first).records == (NeedleAct(NOON + 2, Act.WITHDRAW, 5, MORPHINE),)
    assert read_truth(path).records == (*first.records, NeedleAct(NOON + 2, Act.WITHDRAW, 5, MORPHINE))


def test_a_line_cut_short_at_any_byte_is_no_record_and_the_next_one_is_whole(tmp_path):
    path = tmp_path / "truth.log"
    writer = TruthWriter.begin(path, IMPLANTED)
    writer.append(Stroke(NOON + 1))
    before = path.read_bytes()
    writer.append(Stroke(NOON + 2))
    writer.close()
    whole = path.read_bytes()
    for length in range(len(before), len(whole)):
        path.write_bytes(whole[:length])
        assert read_truth(path).records == (Stroke(NOON + 1),)
        again = TruthWriter.open(path)
        again.append(Stroke(NOON + 3))
        again.close()
        assert read_truth(path).records == (Stroke(NOON + 1), Stroke(NOON + 3))


def test_a_record_is_never_begun_over_another(tmp_path):
    TruthWriter.begin(tmp_path / "truth.log", IMPLANTED).close()
    with pytest.raises(FileExistsError):
        TruthWriter.begin(tmp_path / "truth.log", IMPLANTED)


@pytest.mark.parametrize(
    "line", ["", "S", "S x", "S 1 2", "O 1 2", "W 1 2", "X 1", "F 1 2 morphine", "F 1 2 morphine=-1", "s 1"]
)
def test_anything_else_is_damage_named_by_file_and_line(tmp_path, line):
    path = tmp_path / "truth.log"
    TruthWriter.begin(path, IMPLANTED).close()
    path.write_bytes(path.read_bytes() + b"S 1\n" + line.encode() + b"\n")
    with pytest.raises(TruthDamaged, match=r"truth\.log, line 3"):
        read_truth(path)


@pytest.mark.parametrize("content", [b"", b"thecal truth 1", b"thecal truth 2 {}\n", b"thecal truth 1 {}\n", b"\xff\n"])
def test_a_file_that_does_not_begin_as_one_is_no_record(tmp_path, content):
    path = tmp_path / "truth.log"
    path.write_bytes(content)
    with pytest.raises(TruthDamaged, match="line 1"):
        read_truth(path)
