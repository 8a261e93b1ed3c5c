"""Keys and credentials: what is written can be read, what is damaged is refused, secrets do not show."""

import json

import pytest

from thecal.adapters.link.credentials import BadKeyDocument, ProgrammerKey, PumpKeyring
from thecal.adapters.link.limits import LIFE_S, ROLES
from thecal.adapters.link.pairing import new_key_pair, pair
from thecal.device import Role


def test_a_keyring_survives_being_written_as_json(paired):
    grown = paired.keyring.after_handshake("handset")
    assert PumpKeyring.from_document(json.loads(json.dumps(grown.to_document()))) == grown


def test_a_programmer_key_survives_being_written_as_json(paired):
    for key in (paired.physician, paired.patient):
        assert ProgrammerKey.from_document(json.loads(json.dumps(key.to_document()))) == key


def _damaged(document):
    """(field name, damaged document) for every field at every depth: once missing, once of another kind, once empty."""
    for name, value in document.items():
        for damage in (None, 3.5, [1], {"format": 1}, "", "zz"):
            if (value != damage and type(value) is not type(damage)) or (isinstance(value, str) and name not in _TEXTS):
                yield name, document | {name: damage}
        if isinstance(value, dict):
            for inner, damaged in _damaged(value):
                yield inner, document | {name: damaged}
        if isinstance(value, list):
            for inner, damaged in _damaged(value[0]):
                yield inner, document | {name: [damaged]}


_TEXTS = {"name", "serial"}


def test_every_damaged_field_is_refused_by_its_name(paired):
    for reader, whole in (
        (PumpKeyring.from_document, paired.keyring.to_document()),
        (ProgrammerKey.from_document, paired.physician.to_document()),
    ):
        tried = 0
        for name, document in _damaged(whole):
            with pytest.raises(BadKeyDocument, match=rf"\b{name}\b") as refusal:
                reader(document)
            assert "\n" not in str(refusal.value)
            tried += 1
        assert tried > 40


def test_a_point_off_the_curve_or_of_another_key_is_refused(paired):
    document = paired.physician.to_document()
    off_curve = document | {"pump": document["pump"] | {"y": "00" * 32}}
    with pytest.raises(BadKeyDocument, match="P-256"):
        ProgrammerKey.from_document(off_curve)
    stranger = new_key_pair()
    with pytest.raises(BadKeyDocument, match="halves of one key"):
        ProgrammerKey.from_document(document | {"own": document["own"] | {"secret": stranger.secret.hex()}})


def test_no_secret_appears_in_what_is_printed(paired):
    for value in (paired.keyring, paired.physician, paired.patient):
        printed = repr(value)
        for secret in (paired.keyring.own.secret, paired.physician.own.secret, paired.physician.card_secret):
            assert repr(secret) not in printed
            assert secret.hex() not in printed


def test_two_pairings_of_one_serial_number_have_nothing_in_common():
    (first, one), (second, two) = pair("TH-7", "patient", "a"), pair("TH-7", "patient", "a")
    assert len({first.own.secret, second.own.secret, one.own.secret, two.own.secret}) == 4
    assert one.card_secret != two.card_secret
    assert len({first.own.credential.kid, second.own.credential.kid, one.own.credential.kid}) == 3


def test_the_serial_number_is_not_in_any_credential(paired):
    for credential in (paired.keyring.own.credential, paired.physician.own.credential):
        assert b"TH-0001" not in credential.ccs()


def test_a_ninth_programmer_is_refused():
    keyring, _ = pair("TH-8", "physician", "p0")
    for number in range(1, 8):
        keyring, _ = pair("TH-8", "patient", f"p{number}", keyring)
    with pytest.raises(ValueError, match="at most 8"):
        pair("TH-8", "patient", "p8", keyring)
    pair("TH-8", "patient", "p8", keyring.without_peer("p3"))


def test_a_second_programmer_of_one_name_and_another_pumps_keyring_are_refused(paired):
    with pytest.raises(ValueError, match="same name"):
        pair("TH-0001", "patient", "workstation", paired.keyring)
    with pytest.raises(ValueError, match="belongs to pump TH-0001"):
        pair("TH-0002", "patient", "other", paired.keyring)


@pytest.mark.parametrize("role", ["bystander", "", "Physician", None])
def test_a_role_outside_the_list_is_refused(role):
    with pytest.raises(ValueError, match="one of physician, patient, service, emergency"):
        pair("TH-9", role, "x")


def test_every_role_a_pump_tells_apart_has_keys():
    assert set(ROLES) == {role.value for role in Role} == set(LIFE_S)
    for role in ROLES:
        keyring, key = pair("TH-9", role, "x")
        assert PumpKeyring.from_document(keyring.to_document()).peers[0].role == role
        assert ProgrammerKey.from_document(key.to_document()) == key
