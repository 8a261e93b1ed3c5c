"""Bodies in blocks: whole or refused."""

import pytest
from aiocoap import error
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.adapters.link.blocks import Blocks, next_reply_request, request_messages

bodies = st.integers(0, 4096).map(lambda length: bytes(number % 251 for number in range(length)))


@settings(max_examples=60, deadline=None)
@given(bodies)
def test_a_request_arrives_whole_with_its_last_block(body):
    messages, blocks = request_messages("pump", body), Blocks()
    arrived = [blocks.arrived(message) for message in messages]
    assert arrived == [None] * (len(messages) - 1) + [body]
    assert all(len(message.payload) <= 1024 for message in messages)


@settings(max_examples=60, deadline=None)
@given(bodies, st.sampled_from([1, 5]))
def test_a_reply_is_fetched_whole(body, times):
    blocks, reply = Blocks(), body * times
    first = blocks.first_of(reply)
    fetched, answer = first.payload, first
    while answer.opt.block2 is not None and answer.opt.block2.more:
        number = next_reply_request("pump", answer.opt.block2.block_number + 1).opt.block2.block_number
        answer = blocks.block_of_reply(number)
        fetched += answer.payload
    assert fetched == reply


def test_a_missing_block_is_refused_and_the_pieces_are_dropped():
    first, second, third = request_messages("pump", b"x" * 3000)
    blocks = Blocks()
    blocks.arrived(first)
    with pytest.raises(error.RequestEntityIncomplete):
        blocks.arrived(third)
    with pytest.raises(error.RequestEntityIncomplete):
        blocks.arrived(second)


def test_a_request_of_4097_bytes_is_refused_and_nothing_is_kept():
    blocks = Blocks()
    *most, last = request_messages("pump", b"x" * 4097)
    for message in most:
        blocks.arrived(message)
    with pytest.raises(error.RequestEntityTooLarge):
        blocks.arrived(last)
    with pytest.raises(error.RequestEntityIncomplete):
        blocks.arrived(last)


def test_a_reply_beyond_its_limit_is_a_bug_of_the_pump():
    Blocks().first_of(b"x" * 20480)
    with pytest.raises(ValueError, match="at most 20480"):
        Blocks().first_of(b"x" * 20481)


def test_a_block_that_was_never_made_is_refused():
    blocks = Blocks()
    blocks.first_of(b"short")
    with pytest.raises(error.RequestEntityIncomplete):
        blocks.block_of_reply(1)
    blocks.first_of(b"x" * 2048)
    with pytest.raises(error.RequestEntityIncomplete):
        blocks.block_of_reply(2)
