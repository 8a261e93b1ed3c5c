"""A clinic at work in one process: the real pump and the real conversations; only socket and bench are stood in for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.bench.bench_cases import EXAMPLES
from thecal.adapters.bench_state import BenchState, Lease, PatientState
from thecal.adapters.control import ControlRefused
from thecal.adapters.link.pairing import pair
from thecal.bench.case import Case, load_case
from thecal.bench.channel import Channel
from thecal.bench.patient import WiredPatient
from thecal.bench.physician import Physician
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.device import Component, Role
from thecal.web.clinic.enrolment import ConstantFill, Enrolment, enrol
from thecal.web.clinic.workplace import OPENED_KEYS

USER, PASSWORD = "clinician", "sejo-zifu-pehu-pifa-naro"

# Nobody has told the clinic whether this patient is used to opioids; the clinician acknowledges it.
UNTOLD_TOLERANCE = "start-above-range|24-hour dose of morphine"


def case_named(name: str) -> Case:
    """An example case."""
    return load_case((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))


def enrolled(name: str) -> Case:
    """Enrol the clinician and the patient of an example."""
    case = case_named(name)
    constant = isinstance(pump_model(case.system.pump), ConstantFlowPump)
    fluid = tuple(Component(each.drug, each.concentration.count) for each in case.reservoir.drugs)
    fill = ConstantFill(fluid, case.reservoir.volume.count, case.starts.epoch_ms) if constant else None
    enrolment = Enrolment(
        key=case.id,
        name=case.patient.name,
        born=case.patient.born,
        indication=case.patient.indication.value,
        pump=case.system.pump,
        serial=case.system.serial,
        catheter=case.system.catheter,
        tip=case.system.tip,
        fill=fill,
    )
    enrol(USER, PASSWORD, (enrolment,))
    return case


@dataclass
class Bench:
    """The bench clock of one patient: time moves when the test says so."""

    wired: WiredPatient
    leases: list[Lease] = field(default_factory=list)
    taken: int = 0
    on: bool = True
    port: int = 5683
    refuses: str = ""

    def state(self) -> BenchState:
        """As the lease door answers."""
        case = self.wired.case
        now_ms = case.starts.epoch_ms + self.wired.at_ms
        port = self.port if self.on else None
        found = PatientState(case.id, case.patient.name, case.system.pump, "programmable", self.on, port, now_ms, 0)
        return BenchState(now_ms, False, 1, None, tuple(self.leases), (found,))

    async def state_async(self) -> BenchState:
        """As ``state``."""
        return self.state()

    async def take_lease_async(self, name: str, owner: str, patient: str) -> Lease:
        """Raises ControlRefused where the test says so."""
        if self.refuses:
            raise ControlRefused(self.refuses)
        held = next((each for each in self.leases if (each.owner, each.patient) == (owner, patient)), None)
        if held is None:
            self.taken += 1
            held = Lease(f"lease-{self.taken}", name, owner, patient, 150_000)
            self.leases.append(held)
        return held

    async def release_lease_async(self, lease_id: str) -> None:
        """Closing one that is over is no error."""
        self.leases = [each for each in self.leases if each.lease_id != lease_id]


@dataclass
class Link:
    """An open visit over the bench's own channel."""

    channel: Channel
    sent: list[bytes]
    before: Callable[[bytes], Awaitable[None]] | None = None
    ended: bool = False

    async def exchange(self, request: bytes) -> bytes | None:
        """Send once, after whatever the test lets happen before."""
        if self.before is not None:
            await self.before(request)
        self.sent.append(request)
        return self.channel.exchange(request)

    async def close(self) -> None:
        """Over."""
        self.ended = True

    async def __aenter__(self) -> Link:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Bedside:
    """One patient, one pump, one browser."""

    def __init__(self, case: Case, data: Path) -> None:
        self.case = case
        self.data = data
        self.wired = WiredPatient(case)
        self.bench = Bench(self.wired)
        self.client = Client()
        self.channel = self.wired.channel(Role.PHYSICIAN)
        self.sent: list[bytes] = []
        self.turns: dict[str, asyncio.Lock] = {}
        self.before_sending: Callable[[bytes], Awaitable[None]] | None = None
        self.at = ""
        """The address the browser shows: a form without one of its own is sent to it."""
        physician = Physician(self.wired.channel(Role.PHYSICIAN), _ids())
        physician.record_refill(0, case.reservoir.volume.count, case.reservoir.drugs)

    def take_the_place_of_link_and_bench(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From here on the sites reach this pump and this bench."""

        async def open_visit(*_: object) -> Link:
            return Link(self.channel, self.sent, self.before_sending)

        monkeypatch.setattr("thecal.web.clinic.bedside.control", lambda: self.bench)
        monkeypatch.setattr("thecal.web.clinic.bedside.open_visit", open_visit)
        monkeypatch.setattr("thecal.web.clinic.bedside._TURNS", self.turns)

    def page(self, what: str = "") -> str:
        """The address of one of the patient's pages."""
        return f"/patients/{self.case.id}/{what}"

    def interrogate(self) -> str:
        """Interrogate, and the page it leads to."""
        return self.post("interrogate/")

    def get(self, what: str = "") -> str:
        """A page as text, redirections followed."""
        return self._shown(self.client.get(self.page(what), follow=True))

    def post(self, what: str, **fields: object) -> str:
        """What a form leads to, as text, redirections followed."""
        if what == "review/":
            fields.setdefault("ticked", [UNTOLD_TOLERANCE])
        return self.submit(what, {name.replace("_", "-"): value for name, value in fields.items()})

    def submit(self, what: str, fields: dict[str, Any]) -> str:
        """As ``post``, with names of fields as they are."""
        address = self.page(what)
        address = self.at if urlsplit(self.at).path == address else address
        return self._shown(self.client.post(address, fields, follow=True))

    def _shown(self, response: Any) -> str:
        request = response.request
        self.at = f"{request['PATH_INFO']}?{request['QUERY_STRING']}"
        return response.content.decode()  # type: ignore[no-any-return]

    def draft(self, **changed: object) -> str:
        """Type a draft: 2.4 mg/day with a bolus, or as changed; None leaves a field out."""
        typed: dict[str, object] = {
            "mode": "simple continuous",
            "label_morphine": "10",
            "daily_dose": "2.4",
            "bolus": "on",
            "bolus_dose": "0.1",
            "bolus_duration": "10",
            "bolus_lockout": "4",
            "bolus_maximum": "4",
            "low_reservoir": "2",
        }
        return self.post("draft/", **{name: value for name, value in (typed | changed).items() if value is not None})

    def program(self, **changed: object) -> str:
        """From interrogation to confirmation in one go."""
        self.interrogate()
        self.draft(**changed)
        self.post("review/")
        return self.post("confirm/")


def signed_in(bedside: Bedside) -> None:
    """The clinician is signed in, and the key to this pump is open."""
    bedside.client.force_login(get_user_model().objects.get(username=USER), "django.contrib.auth.backends.ModelBackend")
    _, key = pair(bedside.case.system.serial, "physician", "clinic")
    OPENED_KEYS.put(str(bedside.client.session.session_key), {bedside.case.id: key})


def _ids() -> object:
    counted = iter(range(1, 1_000_000))
    return lambda: next(counted).to_bytes(16, "big")
