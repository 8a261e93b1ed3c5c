"""What may travel, and that nothing else does."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import messages
from thecal.adapters.link.limits import REPLY_BYTES, REQUEST_BYTES
from thecal.device import (
    Alarm,
    BolusKind,
    BridgeLeft,
    Commit,
    Interrogate,
    Limited,
    LogEntry,
    LogKind,
    Mode,
    Query,
    ReadStatus,
    Reason,
    Reply,
    Report,
    Request,
    RequestBolus,
    Role,
    Status,
    StopInfusion,
)
from thecal.telemetry import (
    REPLY_BYTES_MAX,
    REQUEST_BYTES_MAX,
    Malformed,
    codes,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)
from thecal.telemetry.grammar import Choice, Field, Flag, Integer, Maybe, Octets, OneOf, Record, Several, Text
from thecal.telemetry.replies import LOG_ENTRIES_MAX, REPLY
from thecal.telemetry.requests import REQUEST

TABLES = (
    *(codes.MODE, codes.ALARM, codes.ROLE, codes.LOG_KIND, codes.REASON),
    *(codes.BOLUS_KIND, codes.BRIDGE_LEFT, codes.LIMITED),
)
QUICK = settings(max_examples=60, deadline=None)


@QUICK
@given(messages.requests)
def test_a_request_arrives_as_it_was_sent(request_sent):
    assert decode_request(encode_request(request_sent)) == request_sent


@QUICK
@given(messages.replies)
def test_a_reply_arrives_as_it_was_sent(reply_sent):
    assert decode_reply(encode_reply(reply_sent)) == reply_sent


@pytest.mark.parametrize(
    ("command", "captured"),
    [
        (Interrogate(), "a301500102030405060708090a0b0c0d0e0f10021a0001e240038201a0"),
        (ReadStatus(), "a301500102030405060708090a0b0c0d0e0f10021a0001e240038202a0"),
        (
            Query(b"q" * 16, 99_999),
            "a301500102030405060708090a0b0c0d0e0f10021a0001e240038203a2015071717171717171717171717171717171021a0001869f",
        ),
        (StopInfusion(), "a301500102030405060708090a0b0c0d0e0f10021a0001e240038206a0"),
        (RequestBolus(), "a301500102030405060708090a0b0c0d0e0f10021a0001e240038208a0"),
    ],
)
def test_the_bytes_on_the_link_do_not_change_between_versions(command, captured):
    request = Request(bytes(range(1, 17)), 123_456, command)
    assert encode_request(request).hex() == captured
    assert decode_request(bytes.fromhex(captured)) == request


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (codes.MODE, Mode),
        (codes.ALARM, Alarm),
        (codes.ROLE, Role),
        (codes.BOLUS_KIND, BolusKind),
        (codes.BRIDGE_LEFT, BridgeLeft),
        (codes.LIMITED, Limited),
        (codes.LOG_KIND, LogKind),
        (codes.REASON, Reason),
    ],
)
def test_every_choice_has_its_own_number(table, kind):
    assert set(table) == set(kind)
    assert len(set(table.values())) == len(kind)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_do_anything_but_decode_or_be_malformed(noise):
    for decode, encode in ((decode_request, encode_request), (decode_reply, encode_reply)):
        with contextlib.suppress(Malformed):
            assert encode(decode(noise)) == noise


@QUICK
@given(messages.requests, st.data())
def test_a_damaged_request_is_malformed_or_another_valid_request(request_sent, data):
    bits = bytearray(encode_request(request_sent))
    bits[data.draw(st.integers(0, len(bits) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(Malformed):
        assert encode_request(decode_request(bytes(bits))) == bytes(bits)


@QUICK
@given(messages.replies, st.data())
def test_a_truncated_or_lengthened_message_is_malformed(reply_sent, data):
    whole = encode_reply(reply_sent)
    with pytest.raises(Malformed):
        decode_reply(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(Malformed):
        decode_reply(whole + data.draw(st.binary(min_size=1, max_size=3)))


def _plain(request: Request) -> dict[int, Any]:
    return cbor2.loads(encode_request(request))


A_REQUEST = Request(b"i" * 16, 5, Query(b"q" * 16, 7))


@pytest.mark.parametrize(
    "spelling",
    [
        cbor2.dumps({**_plain(A_REQUEST), 4: 0}, canonical=True),  # a key nobody knows
        cbor2.dumps({1: b"i" * 16, 3: [1, {}]}, canonical=True),  # a key missing
        cbor2.dumps({**_plain(A_REQUEST), 2: True}, canonical=True),  # a truth value for a number
        cbor2.dumps({**_plain(A_REQUEST), 2: 5.0}, canonical=True),  # a fraction for a number
        cbor2.dumps({**_plain(A_REQUEST), 2: "5"}, canonical=True),  # a text for a number
        cbor2.dumps({**_plain(A_REQUEST), 3: [99, {}]}, canonical=True),  # a command nobody knows
        cbor2.dumps({**_plain(A_REQUEST), 3: [True, {}]}, canonical=True),  # true is not command 1
        cbor2.dumps({**_plain(A_REQUEST), 3: [1, {}, 0]}, canonical=True),
        cbor2.dumps(cbor2.CBORTag(55799, _plain(A_REQUEST)), canonical=True),  # tagged as CBOR
        cbor2.dumps({True: b"i" * 16, 2: 5, 3: [1, {}]}, canonical=True),  # true is not key 1
        cbor2.dumps({1.0: b"i" * 16, 2: 5, 3: [1, {}]}, canonical=True),
        b"\xa3\x02\x05" + encode_request(A_REQUEST)[1:19] + encode_request(A_REQUEST)[21:],  # keys out of order
        b"\xbf" + encode_request(A_REQUEST)[1:] + b"\xff",  # indefinite length
        encode_request(A_REQUEST).replace(b"\x02\x05", b"\x02\x18\x05"),  # 5 in two bytes
        encode_request(A_REQUEST).replace(b"\x02\x05", b"\x02\xc2\x41\x05"),  # 5 as a big number
        b"\xa4" + encode_request(A_REQUEST)[1:] + b"\x02\x05",  # the same key twice
        b"\x81" * 500 + b"\x00",  # deeply nested
        b"",
    ],
)
def test_every_other_spelling_is_malformed(spelling):
    assert spelling != encode_request(A_REQUEST)
    with pytest.raises(Malformed):
        decode_request(spelling)


def test_a_request_longer_than_the_limit_is_malformed_before_it_is_read():
    with pytest.raises(Malformed, match="at most 4096 bytes"):
        decode_request(b"\x00" * (REQUEST_BYTES_MAX + 1))
    with pytest.raises(Malformed, match="at most 20480 bytes"):
        decode_reply(b"\x00" * (REPLY_BYTES_MAX + 1))


def _numbers(shape: Any, plain: Any) -> Iterator[tuple[Any, Any, Integer]]:
    """Every whole number in a message: (the map or list that holds it, its place there, its shape)."""
    match shape:
        case Record():
            for field in shape.fields:
                yield from _at(field.shape, plain, field.key)
        case OneOf():
            yield from _numbers(shape.cases[plain[0]], plain[1])
        case Several():
            for index in range(len(plain)):
                yield from _at(shape.shape, plain, index)


def _at(shape: Any, holder: Any, place: int) -> Iterator[tuple[Any, Any, Integer]]:
    while isinstance(shape, Maybe):
        shape = shape.shape
    if isinstance(shape, Integer):
        if holder[place] is not None:
            yield holder, place, shape
    elif holder[place] is not None:
        yield from _numbers(shape, holder[place])


@settings(max_examples=25, deadline=None)
@given(st.builds(Request, messages.ids, messages.ticks, messages.dosing | messages.settings_changed))
def test_a_number_one_beyond_its_bound_is_malformed_wherever_it_stands_in_a_request(request_sent):
    _one_beyond(REQUEST, encode_request(request_sent), decode_request)


@settings(max_examples=25, deadline=None)
@given(messages.replies)
def test_a_number_one_beyond_its_bound_is_malformed_wherever_it_stands_in_a_reply(reply_sent):
    _one_beyond(REPLY, encode_reply(reply_sent), decode_reply)


def _one_beyond(shape: Record[Any], sent: bytes, decode: Any) -> None:
    plain = cbor2.loads(sent)
    for holder, place, number in _numbers(shape, plain):
        kept = holder[place]
        for beyond in (number.bound.low - 1, number.bound.high + 1):
            holder[place] = beyond
            with pytest.raises(Malformed, match=number.bound.name):
                decode(cbor2.dumps(plain, canonical=True))
        holder[place] = kept
    assert decode(cbor2.dumps(plain, canonical=True))


@pytest.mark.parametrize("number", [0, 1, 2**53])
def test_the_ends_of_a_bound_are_accepted(number):
    request = Request(b"i" * 16, number, Commit(b"h" * 32))
    assert decode_request(encode_request(request)) == request


def test_a_value_outside_the_grammar_is_refused_before_it_is_encoded():
    with pytest.raises(Malformed, match=r"^command\.staged_hash: must be 32 bytes$"):
        encode_request(Request(b"i" * 16, 0, Commit(b"short")))


def _longest(shape: Any) -> int:
    """The bytes that a shape can take at most."""
    match shape:
        case Integer():
            return max(len(cbor2.dumps(end)) for end in (shape.bound.low, shape.bound.high))
        case Octets(length):
            return len(cbor2.dumps(b"x" * length))
        case Text(longest):
            return len(cbor2.dumps("x" * longest))
        case Flag():
            return 1
        case Choice():
            return 2  # no table has a number above 255
        case Maybe(inner):
            return max(1, _longest(inner))
        case Several(inner, most):
            return len(cbor2.dumps([0] * most)) - most + most * _longest(inner)
        case Record():
            return 1 + sum(len(cbor2.dumps(field.key)) + _longest(field.shape) for field in shape.fields)
        case OneOf():
            return 1 + max(len(cbor2.dumps(number)) + _longest(record) for number, record in shape.cases.items())
    raise TypeError(f"no length is known for {shape}")


def test_the_longest_messages_of_the_grammar_fit_whole_log_library_and_waiting_program_included():
    assert all(code <= 255 for table in TABLES for code in table.values())
    assert _longest(REPLY) <= REPLY_BYTES_MAX == REPLY_BYTES
    assert _longest(REQUEST) <= REQUEST_BYTES_MAX == REQUEST_BYTES


@settings(max_examples=10, deadline=None)
@given(messages.reports)
def test_a_report_with_the_longest_log_fits_into_a_reply(report):
    far = 2**53
    entry = LogEntry(
        far, far, far, LogKind.UPDATES_BLOCKED, far, far, Reason.END_OF_SERVICE, BolusKind.BRIDGE, Alarm.UPDATES_BLOCKED
    )
    reply = Reply(b"i" * 16, far, b"h" * 32, replace(report, log=(entry,) * LOG_ENTRIES_MAX))
    assert decode_reply(encode_reply(reply)) == reply


@QUICK
@given(messages.replies)
def test_no_reply_is_longer_than_the_shapes_say(reply_sent):
    assert len(encode_reply(reply_sent)) <= _longest(REPLY)


def test_every_field_of_every_message_is_in_the_grammar():
    """A field added to the language of the link without a place on the link would be lost in silence."""
    seen: list[Any] = [REQUEST, REPLY]
    records = set()
    while seen:
        shape = seen.pop()
        match shape:
            case Record():
                records.add(shape.kind)
                assert [field.name for field in shape.fields] == list(inspect.get_annotations(shape.kind))
                seen += [field.shape for field in shape.fields]
            case OneOf():
                seen += list(shape.cases.values())
            case Maybe() | Several():
                seen.append(shape.shape)
    assert {Request, Reply, Report, Status, LogEntry} <= records


@pytest.mark.parametrize("kind", [Request, Status])
@pytest.mark.parametrize("numbers", [(1, 1), (2, 1)])
def test_a_grammar_whose_numbers_do_not_ascend_cannot_be_built(kind, numbers):
    with pytest.raises(ValueError, match="must ascend"):
        Record(kind, Field(numbers[0], "a", REQUEST), Field(numbers[1], "b", REQUEST))


@QUICK
@given(messages.replies)
def test_the_spelling_is_the_deterministic_one_of_an_independent_encoder(reply_sent):
    data = encode_reply(reply_sent)
    assert cbor2.dumps(cbor2.loads(data), canonical=True) == data
