"""The first page, signing in, the lock-out, and keys that live in memory only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from tests.web.bedside import PASSWORD, USER, Bedside, enrolled
from thecal.adapters.keyring import seal_workstation
from thecal.adapters.link.pairing import pair
from thecal.web.clinic.opened_keys import KeysUnreadable, OpenedKeys, open_keys
from thecal.web.clinic.workplace import OPENED_KEYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(data: Path) -> str:
    """A clinic whose keys are sealed under the clinician's password; the id of its patient."""
    case = enrolled("new-implant")
    workstation, wrapped = seal_workstation(PASSWORD)
    _, key = pair(case.system.serial, "physician", "clinic")
    (data / "clinic" / "workstation.json").write_bytes(wrapped)
    document = workstation.seal(case.id, json.dumps(key.to_document()).encode())
    (data / "clinic" / "keys" / f"{case.id}.json").write_bytes(document)
    return case.id


def sign_in(client: Client, password: str) -> int:
    return client.post("/sign-in/", {"username": USER, "password": password}).status_code


def test_the_first_page_needs_no_sign_in_and_says_what_this_is_and_what_it_is_not() -> None:
    page = Client().get("/").content.decode()
    for said in ("Not a medical device", "does not replace a doctor", "Programmable", "Constant flow", "convention"):
        assert said in page
    for address in ("http://testserver:8471/", "http://testserver:8472/", "/sign-in/"):
        assert address in page


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/no-such-page/"])
def test_every_answer_carries_a_strict_policy(path: str) -> None:
    policy = Client().get(path)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/patients/", "/patients/new-implant/", "/patients/new-implant/stop/", "/now/"])
def test_nothing_about_a_patient_is_shown_before_signing_in(path: str) -> None:
    assert Client().get(path)["Location"].startswith("/sign-in/")


def test_signing_in_opens_the_keys_and_signing_out_drops_them(sealed: str) -> None:
    client = Client()
    assert sign_in(client, PASSWORD) == 302
    session = str(client.session.session_key)
    opened = OPENED_KEYS.get(session)
    assert opened is not None
    assert opened[sealed].role == "physician"
    client.post("/sign-out/")
    assert OPENED_KEYS.get(session) is None
    assert client.get("/patients/").status_code == 302


@pytest.mark.usefixtures("sealed")
def test_after_five_wrong_passwords_even_the_right_one_is_locked_out() -> None:
    client = Client()
    assert [sign_in(client, "wrong") for _ in range(5)] == [422, 422, 422, 422, 429]
    assert sign_in(client, PASSWORD) == 429
    page = client.post("/sign-in/", {"username": USER, "password": PASSWORD}).content.decode()
    assert "locked" in page


def test_a_restarted_programmer_asks_to_sign_in_again(bedside: Bedside) -> None:
    OPENED_KEYS.drop(bedside.client.session.session_key)
    answer = bedside.client.get(bedside.page())
    assert answer["Location"].startswith("/sign-in/?restarted=1")
    assert "sign in again" in bedside.client.get(answer["Location"]).content.decode().lower()


def test_keys_that_cannot_be_opened_are_refused_in_one_line(sealed: str, data: Path) -> None:
    (data / "clinic" / "keys" / f"{sealed}.json").write_bytes(b"{}")
    with pytest.raises(KeysUnreadable, match="not a readable thecal sealed document"):
        open_keys(data / "clinic", PASSWORD)
    with pytest.raises(KeysUnreadable, match="does not open"):
        open_keys(data / "clinic", "another")


def test_idle_keys_are_forgotten_and_polling_does_not_keep_them() -> None:
    now_s = [0.0]
    keys = OpenedKeys(idle_s=1_800, clock=lambda: now_s[0])
    keys.put("session", {})
    now_s[0] = 1_700
    assert keys.get("session", touch=False) is not None
    now_s[0] = 1_801
    assert keys.get("session") is None


def test_a_form_from_elsewhere_reaches_no_pump(bedside: Bedside) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = bedside.client.cookies
    answer = strict.post(bedside.page("interrogate/"))
    assert answer.status_code == 403
    assert "Nothing was sent to a pump" in answer.content.decode()
    assert bedside.sent == []
