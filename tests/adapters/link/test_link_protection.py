"""Protection without sockets: what goes in comes out once, on the right end, unaltered, in answer to its question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.adapters.link.protection import FrameRefused, provisioned_pair

SECRET = bytes(range(16))


@pytest.fixture
def ends():
    return provisioned_pair(SECRET, "physician")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=300), st.binary(max_size=300)), min_size=1, max_size=5))
def test_requests_and_replies_arrive_as_they_were(conversation):
    programmer, pump = provisioned_pair(SECRET, "patient")
    for request, reply in conversation:
        assert pump.unprotect_request(programmer.protect_request(request)) == request
        assert programmer.unprotect_reply(pump.protect_reply(reply)) == reply


def test_long_bodies_arrive(ends):
    programmer, pump = ends
    assert pump.unprotect_request(programmer.protect_request(b"q" * 4096)) == b"q" * 4096
    assert programmer.unprotect_reply(pump.protect_reply(b"a" * 20480)) == b"a" * 20480


def test_a_request_is_read_once_in_any_order(ends):
    programmer, pump = ends
    frames = [programmer.protect_request(bytes((number,))) for number in range(20)]
    for number in (3, 0, 19, 1):
        assert pump.unprotect_request(frames[number]) == bytes((number,))
        with pytest.raises(FrameRefused, match="already received"):
            pump.unprotect_request(frames[number])


def test_an_altered_frame_is_refused_whichever_bit_it_is(ends):
    """Exhaustive over the frame. Message id and token of CoAP are not protected and carry nothing; all else is."""
    programmer, pump = ends
    frame = programmer.protect_request(b"bolus")
    for bit in range(8 * len(frame)):
        at = bit // 8
        altered = frame[:at] + bytes((frame[at] ^ 1 << bit % 8,)) + frame[at + 1 :]
        if at in (0, 2, 3):
            continue
        with pytest.raises(FrameRefused):
            pump.unprotect_request(altered)
    assert pump.unprotect_request(frame) == b"bolus"


def test_an_altered_reply_is_refused_and_the_true_one_still_counts(ends):
    programmer, pump = ends
    pump.unprotect_request(programmer.protect_request(b"?"))
    reply = pump.protect_reply(b"no")
    for at in range(4, len(reply)):
        with pytest.raises(FrameRefused):
            programmer.unprotect_reply(reply[:at] + bytes((reply[at] ^ 0x10,)) + reply[at + 1 :])
    assert programmer.unprotect_reply(reply) == b"no"


def test_a_late_reply_does_not_answer_a_later_request(ends):
    programmer, pump = ends
    pump.unprotect_request(programmer.protect_request(b"first"))
    late = pump.protect_reply(b"answer to the first")
    second = programmer.protect_request(b"second")
    with pytest.raises(FrameRefused):
        programmer.unprotect_reply(late)
    pump.unprotect_request(second)
    assert programmer.unprotect_reply(pump.protect_reply(b"answer to the second")) == b"answer to the second"


def test_frames_do_not_turn_round_and_a_reply_counts_once(ends):
    programmer, pump = ends
    request = programmer.protect_request(b"?")
    with pytest.raises(FrameRefused):
        programmer.unprotect_request(request)
    with pytest.raises(FrameRefused):
        programmer.unprotect_reply(request)
    pump.unprotect_request(request)
    reply = pump.protect_reply(b"!")
    with pytest.raises(FrameRefused):
        pump.unprotect_request(reply)
    with pytest.raises(ValueError, match="no unanswered request"):
        pump.protect_reply(b"!!")
    programmer.unprotect_reply(reply)
    with pytest.raises(FrameRefused):
        programmer.unprotect_reply(reply)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_garbage_is_refused(garbage):
    programmer, pump = provisioned_pair(SECRET, "physician")
    programmer.protect_request(b"")
    with pytest.raises(FrameRefused):
        pump.unprotect_request(garbage)
    with pytest.raises(FrameRefused):
        programmer.unprotect_reply(garbage)


def test_one_secret_gives_the_same_frames_again():
    def frames():
        programmer, pump = provisioned_pair(SECRET, "physician")
        request = programmer.protect_request(b"status")
        pump.unprotect_request(request)
        return request, pump.protect_reply(b"running")

    assert frames() == frames()


def test_another_role_or_secret_reads_nothing():
    frame = provisioned_pair(SECRET, "patient")[0].protect_request(b"status")
    for secret, role in ((SECRET, "physician"), (bytes(16), "patient")):
        with pytest.raises(FrameRefused):
            provisioned_pair(secret, role)[1].unprotect_request(frame)


def test_the_plain_text_is_not_in_the_frame(ends):
    programmer, pump = ends
    frame = programmer.protect_request(b"morphine 2.4 mg/day")
    pump.unprotect_request(frame)
    assert b"morphine" not in frame
    assert b"running" not in pump.protect_reply(b"running")


def test_a_short_secret_or_unknown_role_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        provisioned_pair(b"short", "patient")
    with pytest.raises(ValueError, match="one of physician, patient, service, emergency"):
        provisioned_pair(SECRET, "surgeon")
