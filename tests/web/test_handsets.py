"""The patient programmer: what is possible now, an answer to every request, and nothing that is asked twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.web.bedside import Bench, Link
from tests.web.demonstration import settled_in
from thecal.bench.case import Case
from thecal.bench.channel import Channel, Fault
from thecal.bench.patient import WiredPatient
from thecal.bench.physician import Physician
from thecal.device import LogKind, RequestBolus, Role
from thecal.telemetry import PendingCommand, decode_request
from thecal.web.patient import handset, views
from thecal.web.patient.pending_file import PendingFile

pytestmark = [pytest.mark.parametrize("site", ["patient"], indirect=True), pytest.mark.usefixtures("site")]
HOUR_MS = 3_600_000


class InHand:
    """One patient with a handset; the pump runs in this process and gives a bolus of 0.1 mg, lockout 4 h."""

    def __init__(self, case: Case, data: Path) -> None:
        self.case, self.data = case, data
        self.wired = WiredPatient(case)
        self.bench = Bench(self.wired)
        self.channel: Channel = self.wired.channel(Role.PATIENT)
        self.sent: list[bytes] = []
        ids = iter(range(1, 1_000_000))
        physician = Physician(self.wired.channel(Role.PHYSICIAN), lambda: next(ids).to_bytes(16, "big"))
        physician.record_refill(0, case.reservoir.volume.count, case.reservoir.drugs)
        physician.program(case.changes[0].therapy, case.reservoir.drugs, second_confirmation=True)
        self.client = Client()

    def look(self) -> str:
        return self.client.get(f"/{self.case.id}/").content.decode()

    def ask(self) -> str:
        return self.client.post(f"/{self.case.id}/ask/", follow=True).content.decode()

    def pass_hours(self, hours: int) -> None:
        self.wired.advance(self.wired.at_ms + hours * HOUR_MS)

    def granted(self) -> int:
        """How many boluses the pump has granted."""
        assert self.wired.believes is not None
        return sum(entry.kind is LogKind.BOLUS_GRANTED for entry in self.wired.believes.log)


@pytest.fixture
def hand(data: Path, monkeypatch: pytest.MonkeyPatch) -> InHand:
    found = InHand(settled_in(data, "new-implant"), data)

    async def open_visit(*_: object) -> Link:
        return Link(found.channel, found.sent)

    monkeypatch.setattr("thecal.web.patient.handset.open_visit", open_visit)
    monkeypatch.setattr(views, "_control", lambda: found.bench)
    monkeypatch.setattr(views, "_HANDSETS", {})
    return found


def test_after_a_visit_the_screen_counts_down_and_a_request_is_refused_with_its_reason(hand: InHand) -> None:
    page = hand.look()
    for said in ("After a clinic visit your pump waits", "4:00:00", "0.1 mg of morphine over 10 min", "4 of 4 doses"):
        assert said in page
    asked = hand.ask()
    assert "After a clinic visit your pump waits" in asked
    assert 'class="answer refused"' in asked
    assert hand.granted() == 0


def test_four_hours_later_the_dose_is_granted_once_and_the_next_one_waits(hand: InHand) -> None:
    hand.pass_hours(4)
    assert "You can ask for a dose now." in hand.look()
    asked = hand.ask()
    assert "Your dose has started." in asked
    assert "until this dose is complete" in asked
    assert "3 of 4 doses left" in asked
    assert "A dose is being given right now" in hand.ask()
    assert hand.granted() == 1
    assert hand.bench.leases == []
    assert hand.bench.taken == 2


def test_an_answer_is_gone_once_the_pumps_time_has_moved_on(hand: InHand) -> None:
    """Verify that a refusal is not shown beside a screen on which a dose has become possible."""
    refused = 'class="answer refused"'
    assert refused in hand.ask()
    hand.wired.advance(hand.wired.at_ms + 59_000)
    assert refused in hand.look()
    hand.pass_hours(4)
    page = hand.look()
    assert refused not in page
    assert "You can ask for a dose now." in page


def test_looking_takes_no_lease(hand: InHand) -> None:
    for _ in range(3):
        hand.look()
    assert hand.bench.taken == 0


def test_a_request_is_on_disk_before_it_is_sent_and_carries_no_dose(
    hand: InHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.pass_hours(4)
    file = hand.data / "handsets" / f"{hand.case.id}.pending"
    stored: list[bytes] = []
    exchange = hand.channel.exchange

    def watched(data: bytes) -> bytes | None:
        if isinstance(decode_request(data).command, RequestBolus):
            stored.append(PendingCommand.unpacked(file.read_bytes()).request)
            assert stored[-1] == data
        return exchange(data)

    monkeypatch.setattr(hand.channel, "exchange", watched)
    hand.ask()
    assert len(stored) == 1
    assert not file.exists()


@pytest.mark.parametrize(("fault", "granted"), [(Fault.ANSWER_LOST, 1), (Fault.REQUEST_LOST, 0)])
def test_a_lost_answer_is_not_known_and_the_handset_asks_what_became_of_it(
    hand: InHand, fault: Fault, granted: int
) -> None:
    """Verify, also through a restart of the handset: one effect at most, and the screen learns the truth by itself."""
    hand.pass_hours(4)
    hand.look()
    hand.channel.disturb(None, None, fault, Fault.ANSWER_LOST, Fault.ANSWER_LOST)
    hand.client.post(f"/{hand.case.id}/ask/")
    assert PendingFile(hand.data / "handsets" / f"{hand.case.id}.pending").read() is not None
    views._HANDSETS.clear()
    hand.channel._faults.clear()
    page = hand.look()
    assert ("Your dose has started." in page) == bool(granted)
    assert hand.granted() == granted
    assert PendingFile(hand.data / "handsets" / f"{hand.case.id}.pending").read() is None


def test_a_pump_that_is_off_is_said_so_and_nothing_is_queued(hand: InHand) -> None:
    hand.pass_hours(4)
    hand.bench.on = False
    assert "could not be reached" in hand.look()
    assert "could not be reached" in hand.ask()
    hand.bench.on = True
    assert "You can ask for a dose now." in hand.look()
    assert hand.granted() == 0


def test_a_pump_that_came_back_at_another_port_is_visited_anew(hand: InHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify that a visit the pump has forgotten is not asked again, however quickly the pump was back."""
    hand.look()
    ports: list[int] = []
    opened = handset.open_visit

    async def open_visit(key: object, host: str, port: int) -> Link:
        ports.append(port)
        return await opened(key, host, port)

    monkeypatch.setattr(handset, "open_visit", open_visit)
    hand.look()
    assert ports == []
    hand.bench.port += 1
    hand.look()
    hand.look()
    assert ports == [hand.bench.port]


def test_while_time_is_moved_a_request_is_answered_with_the_reason(hand: InHand) -> None:
    hand.bench.refuses = "the simulation is moving to another time"
    assert "Nothing was asked: the simulation is moving" in hand.ask()


def test_a_patient_with_a_constant_flow_pump_is_told_what_to_know(data: Path) -> None:
    case = settled_in(data, "constant-flow-20")
    page = Client().get(f"/{case.id}/").content.decode()
    for said in ("Your pump has no programmer", "21 December 2026", "Demo Pump Clinic, 555 0100"):
        assert said in page
    assert "<button" not in page


def test_a_handset_without_its_key_says_whom_to_call(data: Path) -> None:
    case = settled_in(data, "new-implant")
    (data / "handsets" / f"{case.id}.json").unlink()
    answer = Client().get(f"/{case.id}/")
    assert answer.status_code == 503
    assert "has lost its key" in answer.content.decode()


def test_the_table_lists_every_handset_and_an_unknown_one_is_not_there(data: Path) -> None:
    settled_in(data, "new-implant")
    settled_in(data, "constant-flow-20")
    page = Client().get("/").content.decode()
    assert page.index("Demo Patient Hazel") < page.index("Demo Patient Juniper")
    assert Client().get("/nobody/").status_code == 404


def test_the_screen_can_be_installed_and_the_worker_keeps_no_request(data: Path) -> None:
    case = settled_in(data, "new-implant")
    manifest = Client().get(f"/{case.id}/manifest.webmanifest").json()
    assert manifest["start_url"] == f"/{case.id}/"
    worker = Client().get("/worker.js")
    assert worker["Service-Worker-Allowed"] == "/"
    assert 'request.method !== "GET"' in worker.content.decode()
    assert "script-src 'self'" in worker["Content-Security-Policy"]
