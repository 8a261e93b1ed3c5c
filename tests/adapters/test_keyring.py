"""Keys at the clinic open with the right password, for their own purpose, or not at all."""

import json

import pytest

from thecal.adapters.keyring import SealBroken, WrongPassword, open_workstation, seal_workstation


@pytest.fixture(scope="module")
def workstation():
    return seal_workstation("alder-birch-cedar")


def test_the_password_opens_what_was_sealed_under_it(workstation):
    key, document = workstation
    sealed = key.seal("physician key of alder", b"secret key")
    assert open_workstation("alder-birch-cedar", document).open("physician key of alder", sealed) == b"secret key"


def test_another_password_opens_nothing(workstation):
    with pytest.raises(WrongPassword, match="does not open"):
        open_workstation("alder-birch-cedax", workstation[1])


def test_a_sealed_key_cannot_stand_in_for_another_patients(workstation):
    key, _ = workstation
    with pytest.raises(SealBroken, match="physician key of birch"):
        key.open("physician key of birch", key.seal("physician key of alder", b"secret"))


def test_another_workstation_opens_nothing(workstation):
    sealed = workstation[0].seal("physician key", b"secret")
    other, _ = seal_workstation("another password")
    with pytest.raises(SealBroken):
        other.open("physician key", sealed)


@pytest.mark.parametrize("name", ["nonce", "sealed"])
def test_one_changed_bit_breaks_the_seal(workstation, name):
    key, _ = workstation
    fields = json.loads(key.seal("physician key", b"secret"))
    raw = bytearray.fromhex(fields[name])
    raw[0] ^= 1
    fields[name] = raw.hex()
    with pytest.raises(SealBroken):
        key.open("physician key", json.dumps(fields).encode())


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", b"\xff", b'{"format": "thecal sealed document 1"}', b"3"])
def test_a_document_that_is_not_ours_is_refused_in_one_line(workstation, document):
    with pytest.raises(SealBroken) as refused:
        workstation[0].open("physician key", document)
    assert "\n" not in str(refused.value)


def test_neither_document_nor_printout_shows_the_key(workstation):
    key, document = workstation
    assert key.secret.hex() not in document.decode()
    assert key.secret.hex() not in repr(key)
    assert b"secret key".hex() not in key.seal("physician key", b"secret key").decode()
