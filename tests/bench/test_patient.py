"""Truth and belief of one wired patient, under whatever power and needle do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.bench_cases import example
from thecal.bench.beginning import begin_therapy
from thecal.bench.patient import NoPower, WiredPatient
from thecal.bench.people import People
from thecal.column import SALINE
from thecal.device import Role
from thecal.fluid import Act, NeedleAct

HOUR_MS = 3_600_000
CONTROLLED = example("patient-controlled-morphine")

acts = st.lists(
    st.tuples(
        st.sampled_from(["cut_power", "fail_in_next_stroke", "restore_power", "ask", "withdraw", "nothing"]),
        st.integers(1, 6 * HOUR_MS),
    ),
    max_size=12,
)


def begun():
    patient = WiredPatient(CONTROLLED)
    people = People(patient)
    begin_therapy(people, CONTROLLED)
    return patient, people


@given(acts)
@settings(max_examples=40, deadline=None)
def test_never_a_stroke_over_and_at_most_one_under_for_each_failure(done):
    """Verify, whatever fails in between:
    - strokes made never pass strokes counted, and lag by at most one for each failure in a stroke
    - every nanogram of the fluid path is accounted for
    - what left the reservoir is exactly the strokes made
    """
    patient, people = begun()
    failures = 0
    for act, then_ms in done:
        if act == "ask":
            people.handset.ask()
        elif act == "withdraw":
            patient.needle(NeedleAct(patient.at_ms, Act.WITHDRAW, 1_000_000, SALINE))
        elif act != "nothing":
            try:
                getattr(patient, act)()
                failures += act == "fail_in_next_stroke"
            except NoPower:
                assert patient.is_powered is (act == "restore_power")
        patient.advance(patient.at_ms + then_ms)
        counted = patient.believes.strokes_total
        if patient.is_powered:
            assert 0 <= counted - patient.strokes_made <= failures
        assert patient.path.is_balanced
    assert patient.given.ng("morphine") == patient.strokes_made * 5_000


@given(st.lists(st.integers(1, 20 * HOUR_MS), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_time_in_any_parts_gives_the_same_releases(parts):
    whole, _ = begun()
    whole.advance(sum(parts))
    divided, _ = begun()
    for part in parts:
        divided.advance(divided.at_ms + part)
    assert divided.releases == whole.releases
    assert divided.path == whole.path
    assert divided.believes == whole.believes


def test_a_pump_without_power_makes_no_stroke_and_gives_no_answer():
    patient, people = begun()
    patient.advance(HOUR_MS)
    made = patient.strokes_made
    patient.cut_power()
    patient.advance(2 * HOUR_MS)
    assert patient.strokes_made == made
    assert people.handset.ask().answer.value == "not reached"
    patient.restore_power()
    patient.advance(3 * HOUR_MS)
    assert (made, patient.strokes_made) == (16, 33)  # 400 strokes a day: 16 2/3 an hour, and the carry outlives the cut
    assert patient.believes.strokes_total == 33


def test_time_does_not_run_back():
    patient, _ = begun()
    patient.advance(1)
    with pytest.raises(ValueError, match="does not run back"):
        patient.advance(0)


def test_a_constant_flow_pump_has_nothing_to_talk_to_and_no_power_to_cut():
    patient = WiredPatient(example("constant-flow-20"))
    patient.advance(24 * HOUR_MS)
    assert patient.path.reservoir.volume_nl == 19_500_000
    assert patient.believes is None
    for impossible in (lambda: patient.channel(Role.PHYSICIAN), patient.cut_power, patient.restore_power):
        with pytest.raises(NoPower):
            impossible()


def test_a_needle_moves_the_truth_and_not_the_belief():
    patient, _ = begun()
    assert patient.needle(NeedleAct(0, Act.WITHDRAW, 5_000_000, SALINE)) == 5_000_000
    assert patient.path.reservoir.volume_nl == 13_000_000
    assert patient.believes.reservoir.volume_nl == 18_000_000
