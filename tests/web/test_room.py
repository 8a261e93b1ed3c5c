"""The patient's room: truth read from its record, belief read from the pump's memory, numbers as the bench has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.web.demonstration import settled_in
from thecal.adapters.bench_state import BenchState, JumpProgress, Lease, PatientState
from thecal.adapters.control import ControlRefused
from thecal.adapters.truth_file import TruthWriter
from thecal.bench.body import course_of
from thecal.bench.case import Case
from thecal.column import Fluid
from thecal.fluid import Act, NeedleAct, Stroke, replay
from thecal.web.room import hands, views
from thecal.web.room.chart_data import ceiling_ng_per_ml, shades
from thecal.web.room.course import course_in
from thecal.web.room.followed import Followed
from thecal.web.room.window import COLUMNS, Span, Window

HOUR_MS = 3_600_000


@dataclass
class Door:
    """The room door, noting what it is asked."""

    case: Case
    now_ms: int
    asked: list[tuple[object, ...]] = field(default_factory=list)
    leases: tuple[Lease, ...] = ()
    jump_under_way: JumpProgress | None = None
    refuses: str = ""

    def state(self) -> BenchState:
        found = PatientState(self.case.id, self.case.patient.name, "", "programmable", True, 1, self.now_ms, 0)
        return BenchState(self.now_ms, False, 1, self.jump_under_way, self.leases, (found,))

    async def state_async(self) -> BenchState:
        return self.state()

    def needle(self, patient: str, act: dict[str, object]) -> dict[str, object]:
        self._note("needle", patient, act)
        return {"volume_nl": act["volume_nl"]}

    def __getattr__(self, name: str) -> object:
        return lambda *told: self._note(name, *told)

    def _note(self, *told: object) -> None:
        if self.refuses:
            raise ControlRefused(self.refuses)
        self.asked.append(told)


@pytest.fixture
def case(data: Path) -> Case:
    """A patient whose pump has made a stroke every three minutes for a day."""
    found = settled_in(data, "new-implant")
    make_strokes(data, found, range(1, 481))
    return found


def make_strokes(data: Path, case: Case, numbers: range) -> None:
    writer = TruthWriter.open(data / "patients" / case.id / "truth.log")
    for number in numbers:
        writer.append(Stroke(case.starts.epoch_ms + number * 180_000))
    writer.close()


@pytest.fixture
def door(case: Case, monkeypatch: pytest.MonkeyPatch) -> Door:
    found = Door(case, case.starts.epoch_ms + 24 * HOUR_MS)
    monkeypatch.setattr(views, "control", lambda: found)
    monkeypatch.setattr(hands, "control", lambda: found)
    monkeypatch.setattr(views, "_WATCHES", {})
    return found


def test_following_the_record_bit_by_bit_is_replaying_it_whole(data: Path) -> None:
    """Verify, with a refill of another fluid in between: path, releases and strokes are the same."""
    case = settled_in(data, "new-implant")
    file = data / "patients" / case.id / "truth.log"
    followed = Followed.begin(file)
    refill = NeedleAct(case.starts.epoch_ms + 200 * 180_000, Act.FILL, 1_000_000, Fluid.of([("morphine", 20_000_000)]))
    for part in (range(1, 5), range(5, 6), range(6, 200)):
        make_strokes(data, case, part)
        followed.look()
    writer = TruthWriter.open(file)
    writer.append(refill)
    writer.close()
    make_strokes(data, case, range(201, 1_500))
    followed.look()
    start = followed.implantation
    records = [Stroke(start.from_ms + number * 180_000) for number in range(1, 1_500) if number != 200]
    whole = replay(start.path, sorted([*records, refill], key=lambda each: each.at_ms), start.stroke_nl, start.from_ms)
    assert followed.path == whole.path
    assert tuple(followed.releases) == whole.releases
    assert followed.strokes == 1_498
    assert followed.last_needle == refill


def test_a_line_that_is_still_being_written_is_read_when_it_is_whole(data: Path, case: Case) -> None:
    file = data / "patients" / case.id / "truth.log"
    followed = Followed.begin(file)
    with file.open("a") as half:
        half.write("S 1795")
    followed.look()
    assert followed.strokes == 480
    with file.open("a") as rest:
        rest.write("420900000\n")
    followed.look()
    assert followed.strokes == 481


def test_the_heat_map_holds_what_the_bench_computes(data: Path, case: Case) -> None:
    """Looking at a later window changes no reading: the run always begins with the first drug."""
    followed = Followed.begin(data / "patients" / case.id / "truth.log")
    begins_ms = followed.implantation.from_ms
    window = Window.ending(Span.HALF_DAY, begins_ms, followed.at_ms, 0)
    course = course_in(case, followed, window)
    assert course.samples.csf_ng_per_ml.shape[0] == COLUMNS + 1 == len(course.score.values)
    step_ms = window.columns_ms[1] - window.columns_ms[0]
    times = [followed.releases[0].start_ms, window.columns_ms[0] - step_ms, *window.columns_ms]
    direct = course_of("morphine", case.system.tip, followed.releases, times).samples
    assert np.array_equal(course.samples.csf_ng_per_ml, direct.csf_ng_per_ml[2:])
    assert course.samples.given_ng[-1] == pytest.approx(480 * 5_000)
    assert course.score.values[-1] < course.score.without_drug


def test_the_dose_strip_holds_every_nanogram_once(data: Path, case: Case) -> None:
    followed = Followed.begin(data / "patients" / case.id / "truth.log")
    for span in Span:
        window = Window.ending(span, followed.implantation.from_ms, followed.at_ms, 0)
        given = sum(bar.mass_ng for bar in course_in(case, followed, window).bars)
        within = [each for each in followed.releases if window.bars_ms[0] <= each.end_ms < window.bars_ms[-1]]
        assert given == pytest.approx(float(sum(each.masses.ng("morphine") for each in within)))


@given(
    offset_min=st.integers(-840, 840),
    length_ms=st.integers(0, 40 * 24 * HOUR_MS),
    begins_ms=st.integers(1_795_000_000_000, 1_796_000_000_000),
    span=st.sampled_from(list(Span)),
)
@hypothesis_settings(max_examples=50)
def test_a_window_is_never_empty_and_its_borders_are_in_order(
    offset_min: int, length_ms: int, begins_ms: int, span: Span
) -> None:
    window = Window.ending(span, begins_ms, begins_ms + length_ms, offset_min)
    columns, bars = window.columns_ms, window.bars_ms
    assert columns[0] >= begins_ms
    assert columns[-1] == window.to_ms
    assert all(earlier < later for earlier, later in pairwise(columns))
    assert bars[0] <= columns[0]
    assert bars[-1] >= window.to_ms
    assert all(columns[0] <= at <= columns[-1] for at, _ in window.marks)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=40))
@hypothesis_settings(max_examples=50)
def test_more_drug_is_never_darker(found: list[float]) -> None:
    levels = np.sort(np.array(found))
    steps = shades(levels, ceiling_ng_per_ml(float(levels[-1]))).astype(int)
    assert np.all(np.diff(steps) >= 0)
    assert steps[-1] <= 255


@pytest.mark.parametrize("site", ["room"], indirect=True)
@pytest.mark.usefixtures("site", "door")
class TestPages:
    """What is shown, and what hands may do."""

    def test_the_room_shows_truth_and_says_that_nothing_is_believed_yet(self, case: Case) -> None:
        page = Client().get(f"/{case.id}/").content.decode()
        for said in (
            "23 Nov 2026, 08:00",
            "17.76 mL",
            "480",
            "2.4 mg",
            "morphine 10 mg/mL",
            "Pain score at T10",
        ):
            assert said in page
        assert "Pause simulation" in page
        assert "Stop infusion" not in page

    def test_the_living_part_and_the_charts_are_one_version(self, case: Case) -> None:
        living = Client().get(f"/{case.id}/living/").json()
        charts = Client().get(f"/{case.id}/charts/").json()
        assert living["version"] == charts["version"]
        assert set(living["pieces"]) == {"time", "stage", "facts"}
        assert charts["charts"]["heat"]["columns"] == len(charts["charts"]["times"])
        assert "tip T10" in charts["charts"]["heat"]["levels"]["text"]
        assert "T10 (tip)" in charts["pieces"]["table"]

    @pytest.mark.parametrize(
        ("what", "told", "asked"),
        [
            ("time", {"do": "3600000"}, ("jump", 3_600_000)),
            ("time", {"do": "604800000"}, ("jump", 604_800_000)),
            ("time", {"do": "speed-60"}, ("set_speed", 60)),
            ("time", {"do": "pause"}, ("pause",)),
            ("time", {"do": "resume"}, ("resume",)),
            ("time", {"do": "cancel"}, ("cancel_jump",)),
            ("power", {}, ("cut_power", "new-implant")),
            ("lease", {"lease": "lease-7"}, ("overrule_lease", "lease-7")),
            (
                "needle",
                {"act": "withdraw", "volume": "1.5"},
                ("needle", "new-implant", {"act": "withdraw", "volume_nl": 1_500_000}),
            ),
            (
                "needle",
                {"act": "fill", "volume": "18", "drug": "baclofen", "concentration": "500"},
                ("needle", "new-implant", {"act": "fill", "volume_nl": 18_000_000, "fluid": "baclofen=500000"}),
            ),
        ],
    )
    def test_a_hand_does_one_thing_at_the_bench(
        self, case: Case, door: Door, what: str, told: dict[str, str], asked: tuple[object, ...]
    ) -> None:
        Client().post(f"/{case.id}/{what}/", told)
        assert door.asked == [asked]

    @pytest.mark.parametrize(
        ("what", "told"),
        [
            ("time", {"do": "1"}),
            ("time", {"do": "speed-7"}),
            ("needle", {"act": "withdraw", "volume": "-1"}),
            ("needle", {"act": "fill", "volume": "1", "drug": "water", "concentration": "1"}),
        ],
    )
    def test_what_cannot_be_done_is_said_and_not_done(
        self, case: Case, door: Door, what: str, told: dict[str, str]
    ) -> None:
        page = Client().post(f"/{case.id}/{what}/", told, follow=True).content.decode()
        assert 'class="note info"' in page
        assert door.asked == []

    def test_a_lease_is_shown_with_its_owner_and_time_cannot_be_moved(self, case: Case, door: Door) -> None:
        door.leases = (Lease("lease-1", "programming visit", "clinician", case.id, 90_000),)
        page = Client().get(f"/{case.id}/").content.decode()
        assert "<strong>clinician</strong> holds time at ×1: programming visit" in page
        assert "1 min 30 s" in page
        assert 'value="3600000" disabled' in page
        assert "Overrule" in page

    def test_a_move_shows_how_far_it_is_and_can_be_cancelled(self, case: Case, door: Door) -> None:
        door.jump_under_way = JumpProgress(door.now_ms - HOUR_MS, door.now_ms + 3 * HOUR_MS)
        page = Client().get(f"/{case.id}/").content.decode()
        assert 'value="25"' in page
        assert "Cancel the move" in page

    def test_a_refusal_of_the_bench_is_told(self, case: Case, door: Door) -> None:
        door.refuses = "somebody is at a pump"
        assert (
            "Somebody is at a pump."
            in Client().post(f"/{case.id}/time/", {"do": "pause"}, follow=True).content.decode()
        )

    def test_only_patients_there_are_can_be_visited(self, data: Path) -> None:
        assert "Demo Patient Juniper" in Client().get("/").content.decode()
        assert Client().get("/nobody/").status_code == 404
        assert not (data / "patients" / "nobody").exists()
