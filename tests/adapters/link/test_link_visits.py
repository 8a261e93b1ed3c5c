"""The pump's book of visits: floods lock nobody out, time ends every visit, ids come back."""

import pytest

from thecal.adapters.link.handshake import CallerHandshake, HandshakeRefused, split_message_3
from thecal.adapters.link.visits import VisitBook


@pytest.fixture
def book(paired):
    return VisitBook(paired.keyring)


def begin(book, key, address, now_s=0.0):
    caller = CallerHandshake(key.own, key.pump)
    return caller, book.begin(address, caller.message_1(), now_s)


def prove(book, begun, now_s=0.0):
    caller, message_2 = begun
    connection_id, message_3 = split_message_3(caller.message_3(message_2))
    book.prove(connection_id, message_3, now_s)
    return connection_id


def opened(book, key, now_s=0.0, address="here"):
    visit = book.find(prove(book, begin(book, key, address, now_s), now_s), now_s)
    book.heard(visit, now_s)
    return visit


def test_five_hundred_first_messages_from_one_address_harm_only_that_address(book, paired):
    genuine = begin(book, paired.patient, "home")
    for _ in range(500):
        begin(book, paired.patient, "flood")
    assert book.half_open == 1 + 4
    prove(book, genuine)


def test_five_hundred_first_messages_from_as_many_addresses_leave_a_visit_possible(book, paired):
    for number in range(500):
        begin(book, paired.patient, f"flood {number}")
    assert book.half_open == 64
    genuine = begin(book, paired.patient, "home")
    for number in range(63):
        begin(book, paired.patient, f"more flood {number}")
    prove(book, genuine)
    assert book.half_open == 64


def test_a_half_open_handshake_lives_five_seconds(book, paired):
    early, late = (begin(book, paired.physician, "here", now_s=10.0) for _ in range(2))
    prove(book, early, now_s=14.9)
    with pytest.raises(HandshakeRefused):
        prove(book, late, now_s=15.0)


def test_a_proven_peer_that_never_shows_the_card_secret_is_forgotten(book, paired):
    connection_id = prove(book, begin(book, paired.physician, "here"))
    assert (book.open_visits, book.half_open) == (0, 1)
    assert book.find(connection_id, 4.9) is not None
    assert book.find(connection_id, 5.0) is None
    assert book.half_open == 0


@pytest.mark.parametrize(("who", "life_s"), [("physician", 600), ("patient", 120)])
def test_a_visit_ends_with_its_life_however_busy_it_is(book, paired, who, life_s):
    visit = opened(book, getattr(paired, who))
    for second in range(1, life_s):
        assert book.find(visit.context.recipient_id, second) is visit
        book.heard(visit, second)
    assert book.find(visit.context.recipient_id, life_s) is None


def test_a_visit_ends_after_a_minute_of_silence(book, paired):
    visit = opened(book, paired.physician)
    book.heard(visit, 30.0)
    assert book.find(visit.context.recipient_id, 89.9) is visit
    assert book.find(visit.context.recipient_id, 90.0) is None


def test_two_hundred_visits_leave_nothing_behind(book, paired):
    for number in range(200):
        book.close(opened(book, paired.patient, now_s=number))
    assert (book.open_visits, book.half_open) == (0, 0)


def test_the_fifth_visit_of_a_peer_replaces_its_oldest_and_nobody_elses(book, paired):
    other = opened(book, paired.patient)
    visits = [opened(book, paired.physician) for _ in range(5)]
    kept = [book.find(visit.context.recipient_id, 1.0) for visit in (other, *visits)]
    assert kept == [other, None, *visits[1:]]


def test_each_opened_visit_counts_once_for_its_peer(book, paired):
    before = {peer.name: peer.handshakes for peer in paired.keyring.peers}
    visit = opened(book, paired.physician)
    book.heard(visit, 1.0)
    opened(book, paired.physician)
    prove(book, begin(book, paired.patient, "here"))
    after = {peer.name: peer.handshakes for peer in book.keyring.peers}
    assert after == {"workstation": before["workstation"] + 2, "handset": before["handset"]}


def test_message_3_works_once(book, paired):
    caller, message_2 = begin(book, paired.physician, "here")
    connection_id, message_3 = split_message_3(caller.message_3(message_2))
    book.prove(connection_id, message_3, 0.0)
    with pytest.raises(HandshakeRefused):
        book.prove(connection_id, message_3, 0.0)
