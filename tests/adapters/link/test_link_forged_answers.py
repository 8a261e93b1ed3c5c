"""Answers that do not come from the pump: never believed, never a crash."""

import asyncio

import pytest
from aiocoap import GET, Message, oscore
from aiocoap.message import Direction
from aiocoap.numbers import codes

from thecal.adapters.link import visit
from thecal.adapters.link.context import VisitContext


class Forger:
    """Stands where the wire is and answers every request with one message."""

    def __init__(self, **answer):
        self._answer = Message(**answer)
        self._answer.direction = Direction.INCOMING

    async def ask(self, _request):
        return self._answer


def believed(**answer):
    context = VisitContext(b"k" * 16, b"s" * 8, sender_id=b"a", recipient_id=b"b")
    return asyncio.run(visit._protected(Forger(**answer), context, Message(code=GET, uri_path=["visit"])))


@pytest.mark.parametrize("code", [codes.CONTENT, codes.CHANGED, codes.UNAUTHORIZED, codes.INTERNAL_SERVER_ERROR])
@pytest.mark.parametrize("option", [None, b"\x10", b"\x19\x00\xff", b"\x09\x00b", b"\xff" * 20])
def test_an_answer_without_our_protection_is_recognised_before_it_is_parsed(code, option):
    with pytest.raises(visit._UnprotectedAnswer):
        believed(code=code, payload=b"x" * 30, oscore=option)


@pytest.mark.parametrize("payload", [b"", b"short", b"x" * 200])
def test_an_answer_that_does_not_verify_is_refused(payload):
    with pytest.raises(oscore.ProtectionInvalid):
        believed(code=codes.CHANGED, payload=payload, oscore=b"")
