"""The handshake without sockets: only the pinned two, with one card secret, get one set of keys."""

import hmac
import os
from hashlib import sha256

import cbor2
import lakers
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.adapters.link import handshake
from thecal.adapters.link.handshake import AnswererHandshake, CallerHandshake, HandshakeRefused, split_message_3
from thecal.adapters.link.pairing import pair

KEYRING, KEY = pair("TH-1", "physician", "workstation")


def shake(keyring=KEYRING, key=KEY, altered=lambda _step, message: message):
    """Run the handshake; ``altered`` may change message 1, 2 or 3 in the air. Returns both protection contexts."""
    caller = CallerHandshake(key.own, key.pump)
    answerer = AnswererHandshake(keyring.own, altered(1, caller.message_1()))
    message_3 = altered(3, caller.message_3(altered(2, answerer.message_2())))
    parts = split_message_3(message_3)
    if parts is None or parts[0] != answerer.connection_id:
        raise HandshakeRefused("no such handshake")
    peer = keyring.peer_named_by(answerer.caller_named_in(parts[1]))
    if peer is None:
        raise HandshakeRefused("not paired")
    answerer.prove(peer.credential)
    return caller.context(key.card_secret), answerer.context(peer.card_secret)


def match(programmer, pump):
    return (programmer.sender_key, programmer.recipient_key, programmer.common_iv) == (
        pump.recipient_key,
        pump.sender_key,
        pump.common_iv,
    )


def test_both_ends_get_the_same_keys_and_new_ones_at_every_visit():
    visits = [shake() for _ in range(20)]
    assert all(match(*visit) for visit in visits)
    keys = [key for programmer, _ in visits for key in (programmer.sender_key, programmer.recipient_key)]
    assert len(set(keys)) == 40


def test_another_card_secret_gives_other_keys():
    _, other = pair("TH-1", "physician", "workstation")
    wrong_card = type(KEY)(KEY.name, KEY.role, KEY.serial, KEY.own, KEY.pump, other.card_secret)
    programmer, pump = shake(key=wrong_card)
    assert programmer.sender_key != pump.recipient_key
    assert programmer.recipient_key != pump.sender_key


def test_a_programmer_that_is_not_pinned_is_refused():
    with pytest.raises(HandshakeRefused, match="not paired"):
        shake(keyring=KEYRING.without_peer("workstation"))


def test_a_stolen_key_id_without_its_key_is_refused():
    _, thief = pair("TH-1", "physician", "thief")
    stolen = type(thief.own.credential)(KEY.own.credential.kid, thief.own.credential.x, thief.own.credential.y)
    forged = type(KEY)(KEY.name, KEY.role, KEY.serial, type(KEY.own)(thief.own.secret, stolen), KEY.pump, b"s" * 16)
    with pytest.raises(HandshakeRefused):
        shake(key=forged)


def test_another_pump_is_refused_also_when_it_took_over_the_key_id():
    other, _ = pair("TH-1", "physician", "workstation")
    with pytest.raises(HandshakeRefused, match="another pump"):
        shake(keyring=other)
    own = other.own.credential
    posing = type(own)(KEYRING.own.credential.kid, own.x, own.y)
    with pytest.raises(HandshakeRefused):
        shake(keyring=type(other)(other.serial, type(other.own)(other.own.secret, posing), KEYRING.peers))


@settings(max_examples=250, deadline=None)
@given(step=st.sampled_from([1, 2, 3]), place=st.integers(0, 400), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_in_the_handshake_makes_it_fail(step, place, bit):
    def flip(now, message):
        if now != step:
            return message
        at = place % len(message)
        return message[:at] + bytes((message[at] ^ 1 << bit,)) + message[at + 1 :]

    try:
        programmer, pump = shake(altered=flip)
    except HandshakeRefused:
        return
    assert not match(programmer, pump)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_garbage_is_refused_at_every_step_and_never_crashes(garbage):
    with pytest.raises(HandshakeRefused):
        AnswererHandshake(KEYRING.own, garbage)
    for step in (2, 3):
        with pytest.raises(HandshakeRefused):
            shake(altered=lambda now, message, step=step: garbage if now == step else message)


def test_well_shaped_first_messages_with_chance_keys_are_answered_or_refused(capfd):
    """Half of all 32-byte strings are no public key; the EDHOC library panics aloud when one reaches it."""
    answered = 0
    for _ in range(200):
        message_1 = b"\xf5\x03\x02\x58\x20" + os.urandom(32) + b"\x46" + os.urandom(6)
        try:
            answered += len(AnswererHandshake(KEYRING.own, message_1).message_2()) > 0
        except HandshakeRefused:
            continue
    assert 40 < answered < 160
    assert capfd.readouterr().err == ""


def test_a_panic_of_the_library_is_a_refusal_and_an_interrupt_is_not():
    bad_point = b"\x03\x02\x58\x20" + b"\xff" * 32 + b"\x46" + bytes(6)
    responder = lakers.EdhocResponder(KEYRING.own.secret, KEYRING.own.credential.ccs())
    responder.process_message_1(bad_point)
    with pytest.raises(HandshakeRefused, match="gave up"), handshake._refusing_bad_messages():
        responder.prepare_message_2(lakers.CredentialTransfer.ByReference, b"\x01", None)
    with pytest.raises(KeyboardInterrupt), handshake._refusing_bad_messages():
        raise KeyboardInterrupt


def message_2_saying(plaintext, message_1):
    """Message 2 of somebody with an ephemeral key and no other, with any plain text (RFC 9528 sections 4.1 and 5.3)."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    g_y = ephemeral.public_key().public_numbers().x.to_bytes(32)
    g_x = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x02" + message_1[5:37])
    th_2 = sha256(b"\x58\x20" + g_y + b"\x58\x20" + sha256(message_1[1:]).digest()).digest()
    prk_2e = hmac.digest(th_2, ephemeral.exchange(ec.ECDH(), g_x), "sha256")
    info = b"\x00" + b"\x58\x20" + th_2 + cbor2.dumps(len(plaintext))
    keystream = HKDFExpand(hashes.SHA256(), len(plaintext), info).derive(prk_2e)
    body = g_y + bytes(a ^ b for a, b in zip(plaintext, keystream, strict=True))
    return b"\x58" + bytes((len(body),)) + body


def test_somebody_who_encrypts_anything_to_the_programmer_is_refused():
    """Not only noise: plain texts that begin well and then promise more bytes than there are."""
    own_kid, ending = KEYRING.own.credential.kid, b"\x48" + bytes(8)  # MAC_2
    good_start = b"\x46" + bytes(6) + b"\x48" + own_kid
    caller = CallerHandshake(KEY.own, KEY.pump)
    with pytest.raises(HandshakeRefused, match="MacVerificationFailed"):  # so the rest is read, too
        caller.message_3(message_2_saying(good_start + ending, caller.message_1()))
    plaintexts = [os.urandom(25) for _ in range(100)]
    plaintexts += [bytes((first,)) + os.urandom(24) for first in range(256)]
    plaintexts += [good_start + ending[1:] + b"\x00", good_start + bytes(9), good_start + b"\x58\xff" + bytes(7)]
    plaintexts += [b"\x46" + bytes(6) + bytes((first,)) + os.urandom(17) for first in range(256)]
    for plaintext in plaintexts:
        caller = CallerHandshake(KEY.own, KEY.pump)
        with pytest.raises(HandshakeRefused):
            caller.message_3(message_2_saying(plaintext, caller.message_1()))


def test_well_shaped_later_messages_with_chance_content_are_refused():
    for _ in range(100):
        with pytest.raises(HandshakeRefused):
            shake(altered=lambda now, message: message[:34] + os.urandom(len(message) - 34) if now == 2 else message)
        with pytest.raises(HandshakeRefused):
            shake(altered=lambda now, message: message[:9] + os.urandom(len(message) - 9) if now == 3 else message)
