"""A pump on a real socket: a paired programmer is served in its role, everything else reaches nothing."""

import asyncio
import errno
import os
import socket
from dataclasses import replace

import pytest
from aiocoap import Message
from aiocoap.numbers import codes
from aiocoap.protocol import Context

from thecal.adapters.link import sockets
from thecal.adapters.link.handshake import CallerHandshake
from thecal.adapters.link.lossy import LossyLink
from thecal.adapters.link.pairing import pair
from thecal.adapters.link.pump_server import PumpServer
from thecal.adapters.link.visit import NotPaired, PumpUnreachable, VisitEnded, open_visit
from thecal.telemetry import Malformed

pytestmark = pytest.mark.processes

HOST = "127.0.0.1"


async def unprotected(port, messages):
    """Answers (code, payload) of the pump to bare CoAP messages, one client for all."""
    context = await Context.create_client_context(transports=["simple6"])
    answers = []
    try:
        for message in messages:
            path = "/".join(message.opt.uri_path)
            message.set_request_uri(f"coap://{HOST}:{port}/{path}", set_uri_host=False)
            answer = await asyncio.wait_for(context.request(message, handle_blockwise=False).response, 5)
            answers.append((answer.code, answer.payload))
    finally:
        await context.shutdown()
    return answers


def flood(port, datagrams, sockets=1):
    """Send datagrams from so many addresses and listen to no answer."""
    senders = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(sockets)]
    for number, datagram in enumerate(datagrams):
        senders[number % sockets].sendto(datagram, (HOST, port))
    for sender in senders:
        sender.close()


def first_message(key, message_id):
    path = b"\xbb.well-known\x05edhoc"
    return b"\x50\x02" + message_id.to_bytes(2) + path + b"\xff" + CallerHandshake(key.own, key.pump).message_1()


def test_what_a_paired_peer_says_outside_the_grammar_is_answered_bare_and_its_visit_goes_on(serving, paired, caplog):
    def handler(_role, _name, request):
        if request == b"nonsense":
            raise Malformed("is nonsense")
        return b"echo " + request

    async def story():
        async with serving(handler=handler) as implant, await open_visit(paired.patient, HOST, implant.port) as visit:
            assert await visit.exchange(b"nonsense") is None
            assert await visit.exchange(b"status") == b"echo status"

    asyncio.run(story())
    assert caplog.records == []


def test_what_is_no_message_leaves_no_line_in_the_log(serving, caplog):
    async def story():
        async with serving() as implant:
            flood(implant.port, [bytes((0x70 - number % 4 * 16, number % 256, 1, 2)) for number in range(1_000)])
            await asyncio.sleep(0.2)

    asyncio.run(story())
    assert caplog.records == []


def test_each_programmer_is_served_in_its_own_role(serving, paired, tell):
    keyring, service = pair("TH-0001", "service", "workshop", paired.keyring)
    keyring, emergency = pair("TH-0001", "emergency", "ambulance", keyring)

    async def story():
        async with serving(keyring) as implant:
            for key in (paired.physician, paired.patient, service, emergency):
                async with await open_visit(key, HOST, implant.port) as visit:
                    assert await visit.exchange(b"status") == b"echo status"
            assert implant.reached == [
                ("physician", "workstation", b"status"),
                ("patient", "handset", b"status"),
                ("service", "workshop", b"status"),
                ("emergency", "ambulance", b"status"),
            ]

    tell(story())


def test_a_handset_that_calls_itself_a_physician_is_still_a_patient(serving, paired, tell):
    async def story():
        async with serving() as implant:
            async with await open_visit(replace(paired.patient, role="physician"), HOST, implant.port) as visit:
                await visit.exchange(b"stage")
            assert implant.reached == [("patient", "handset", b"stage")]

    tell(story())


def test_bodies_of_every_length_in_the_limits_arrive_once_and_whole(serving, paired, tell):
    lengths = [(0, 0), (1, 1024), (1024, 1025), (1025, 2048), (2048, 2049), (4095, 12_000), (4096, 20_480)]

    async def story():
        seen = []

        def handler(_role, _peer, request):
            seen.append(request)
            return b"r" * dict(lengths)[len(request)]

        async with (
            serving(handler=handler) as implant,
            await open_visit(paired.physician, HOST, implant.port) as visit,
        ):
            for asked, answered in lengths:
                assert await visit.exchange(b"q" * asked) == b"r" * answered
            assert seen == [b"q" * asked for asked, _ in lengths]
            with pytest.raises(ValueError, match="at most 4096"):
                await visit.exchange(b"q" * 4097)
            assert len(seen) == len(lengths)

    tell(story())


def test_nothing_unprotected_reaches_the_handler(serving, tell):
    methods = [codes.GET, codes.POST, codes.PUT, codes.DELETE, codes.FETCH, codes.PATCH]
    paths = [["pump"], ["visit"], [], [".well-known", "core"], [".well-known", "edhoc"], ["pump", "x"], ["a", "b", "c"]]

    async def story():
        async with serving() as implant:
            messages = [Message(code=m, uri_path=path, payload=b"bolus") for m in methods for path in paths]
            answers = await unprotected(implant.port, messages)
            assert answers == [(codes.UNAUTHORIZED, b"")] * len(messages)
            forged = [
                Message(code=codes.POST, uri_path=path, payload=os.urandom(40), oscore=option)
                for path in paths
                for option in (b"", b"\x09\x00", b"\x09\x00" + os.urandom(6), b"\xff" * 9, b"\x19\x00\xff")
            ]
            answers = await unprotected(implant.port, forged)
            assert answers == [(codes.UNAUTHORIZED, b"")] * len(forged)
            assert implant.reached == []

    tell(story())


def test_a_first_message_works_only_as_the_handshake_defines_it(serving, paired, tell):
    async def story():
        async with serving() as implant:
            hello = CallerHandshake(paired.physician.own, paired.physician.pump).message_1()
            edhoc = [".well-known", "edhoc"]
            strange = [Message(code=c, uri_path=edhoc, payload=hello) for c in (codes.GET, codes.PUT, codes.FETCH)]
            strange.append(Message(code=codes.POST, uri_path=["pump"], payload=hello))
            strange.append(Message(code=codes.POST, uri_path=edhoc, payload=hello, content_format=60))
            strange.append(Message(code=codes.POST, uri_path=edhoc, payload=hello, observe=0))
            strange.append(Message(code=codes.POST, uri_path=edhoc, payload=hello, block1=(0, False, 6)))
            assert await unprotected(implant.port, strange) == [(codes.UNAUTHORIZED, b"")] * len(strange)
            assert implant.server.half_open == 0
            [(code, _)] = await unprotected(implant.port, [Message(code=codes.POST, uri_path=edhoc, payload=hello)])
            assert (code, implant.server.half_open) == (codes.CHANGED, 1)

    tell(story())


def test_a_datagram_beyond_the_limit_gets_no_answer(serving, tell):
    async def story():
        async with serving() as implant, await LossyLink.start(implant.port) as link:
            head = b"\x40\x02\x00\x01\xb4pump\xff"
            assert len(await link.replay([head + b"x" * (1280 - len(head))], wait_s=0.1)) == 1
            assert await link.replay([head + b"x" * (1281 - len(head))], wait_s=0.1) == []

    tell(story())


def test_a_repeated_first_message_is_the_same_for_a_while_and_then_forgotten(serving, paired, tell, monkeypatch):
    monkeypatch.setattr(sockets._UnprotectedTuning, "EXCHANGE_LIFETIME", 0.5)

    async def story():
        loop = asyncio.get_running_loop()
        async with serving() as implant:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
                caller.setblocking(False)
                caller.connect((HOST, implant.port))
                datagram = b"\x40" + first_message(paired.patient, 7)[1:]  # confirmable
                answers = []
                for pause_s in (0.0, 0.6, 0.0):
                    caller.send(datagram)
                    answers.append(await asyncio.wait_for(loop.sock_recv(caller, 2048), 5))
                    await asyncio.sleep(pause_s)
                assert answers[0] == answers[1] != answers[2]
                assert implant.server.half_open == 2

    tell(story())


def test_garbage_datagrams_reach_nothing_and_the_pump_goes_on(serving, paired, tell):
    async def story():
        async with serving() as implant:
            flood(implant.port, [os.urandom(length) for length in range(1, 300)])
            flood(implant.port, [b"\x40\x02\x00\x01" + os.urandom(length % 60) for length in range(300)])
            flood(implant.port, [b"\x40\x02\x07\x07\x99" + os.urandom(9) + b"\xff" + os.urandom(2000)])
            async with await open_visit(paired.physician, HOST, implant.port) as visit:
                assert await visit.exchange(b"status") == b"echo status"
            assert [request for *_, request in implant.reached] == [b"status"]

    tell(story())


@pytest.mark.parametrize("addresses", [1, 100])
def test_five_hundred_bogus_first_messages_lock_nobody_out(serving, paired, tell, addresses):
    async def story():
        _, stranger = pair("TH-9", "physician", "stranger")
        async with serving() as implant:
            for start in range(0, 500, 50):
                flood(implant.port, [first_message(stranger, start + n) for n in range(50)], min(addresses, 50))
                await asyncio.sleep(0.02)
            assert 4 <= implant.server.half_open <= 64
            async with await open_visit(paired.patient, HOST, implant.port) as visit:
                assert await visit.exchange(b"bolus") == b"echo bolus"
            assert implant.reached == [("patient", "handset", b"bolus")]

    tell(story())


def test_a_programmer_that_is_not_pinned_is_told_so(serving, paired, tell):
    async def story():
        async with serving(paired.keyring.without_peer("handset")) as implant:
            with pytest.raises(NotPaired, match="does not accept this programmer"):
                await open_visit(paired.patient, HOST, implant.port)
            assert (implant.server.half_open, implant.server.open_visits, implant.reached) == (0, 0, [])

    tell(story())


def test_the_wrong_implant_card_opens_no_visit(serving, paired, tell):
    async def story():
        async with serving() as implant:
            with pytest.raises(NotPaired, match="implant card"):
                await open_visit(replace(paired.physician, card_secret=b"x" * 16), HOST, implant.port)
            assert (implant.server.open_visits, implant.reached) == (0, [])
            assert implant.server.keyring == paired.keyring

    tell(story())


def test_another_pump_is_not_mistaken_for_the_paired_one(serving, paired, tell):
    async def story():
        other, _ = pair("TH-0001", "physician", "workstation")
        async with serving(other) as implant:
            with pytest.raises(NotPaired, match="not the paired pump TH-0001"):
                await open_visit(paired.physician, HOST, implant.port)
            assert implant.reached == []

    tell(story())


def test_nobody_there_is_unreachable(paired, tell):
    async def story():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind((HOST, 0))
            with pytest.raises(PumpUnreachable, match=r"no answer from pump TH-0001 at .* within 0.2 s"):
                await open_visit(paired.physician, HOST, silent.getsockname()[1], timeout_s=0.2)
            port = silent.getsockname()[1]
        with pytest.raises(PumpUnreachable, match="nothing can be reached"):
            await open_visit(paired.physician, HOST, port)

    tell(story())


def test_a_pump_that_fails_inside_tells_nothing_and_goes_on(serving, paired, tell):
    async def story():
        def handler(_role, _peer, request):
            if request == b"bad":
                raise RuntimeError("reservoir at 0x7ffe holds secret things")
            return b"fine"

        async with serving(handler=handler) as implant:
            async with await open_visit(paired.physician, HOST, implant.port) as visit:
                assert await visit.exchange(b"bad") is None
            async with await open_visit(paired.physician, HOST, implant.port) as visit:
                assert await visit.exchange(b"good") == b"fine"

    tell(story(), errors=1)


def test_a_taken_port_is_an_error_at_the_start(serving, paired, tell):
    async def story():
        async with serving() as implant:
            with pytest.raises(OSError, match=rf"Errno {errno.EADDRINUSE}\b"):
                await PumpServer.start(paired.keyring, implant, port=implant.port)

    tell(story())


def test_the_handshake_counter_is_given_out_before_the_visit_is_open(serving, paired, tell):
    async def story():
        kept = []
        async with serving(on_handshake=kept.append) as implant:
            for count in (1, 2, 3):
                async with await open_visit(paired.patient, HOST, implant.port) as visit:
                    assert visit.handshakes == count
                    assert [peer.handshakes for peer in kept[-1].peers] == [0, count]
            assert implant.server.keyring == kept[-1]
        async with (
            serving(kept[-1]) as implant,
            await open_visit(paired.patient, HOST, implant.port) as visit,
        ):
            assert visit.handshakes == 4

    tell(story())


@pytest.mark.parametrize(("who", "silence_s", "ends"), [("physician", 59, False), ("physician", 60, True)])
def test_silence_ends_a_visit_on_both_ends(serving, paired, tell, clock, who, silence_s, ends):
    async def story():
        async with serving(clock=clock) as implant:
            visit = await open_visit(getattr(paired, who), HOST, implant.port, clock=clock)
            clock.now_s += silence_s
            assert implant.server.open_visits == (0 if ends else 1)
            if ends:
                with pytest.raises(VisitEnded):
                    await visit.exchange(b"late")
            else:
                assert await visit.exchange(b"in time") == b"echo in time"
            await visit.close()

    tell(story())


def test_the_life_of_a_visit_is_kept_by_the_pump_whatever_the_programmer_thinks(serving, paired, tell, clock):
    async def story():
        async with serving(clock=clock) as implant:
            visit = await open_visit(paired.patient, HOST, implant.port, clock=lambda: 0.0)
            for _ in range(3):
                clock.now_s += 39.9
                assert await visit.exchange(b"?") == b"echo ?"
            clock.now_s += 1.0
            assert await visit.exchange(b"too late") is None
            assert visit.ended
            with pytest.raises(VisitEnded):
                await visit.exchange(b"again")
            assert [request for *_, request in implant.reached] == [b"?"] * 3
            await visit.close()

    tell(story())


def test_closing_frees_the_visit_and_may_be_done_twice(serving, paired, tell):
    async def story():
        async with serving() as implant:
            visits = [await open_visit(paired.physician, HOST, implant.port) for _ in range(3)]
            assert implant.server.open_visits == 3
            for visit in (*visits, *visits):
                await visit.close()
            assert implant.server.open_visits == 0
            with pytest.raises(VisitEnded):
                await visits[0].exchange(b"after")
            left_open = await open_visit(paired.physician, HOST, implant.port)
            await implant.server.stop()
            assert implant.server.open_visits == 0, "a stopped pump keeps no keys"
            await left_open.close()

    tell(story())


def test_a_pump_that_restarted_leaves_the_outcome_unknown_and_the_visit_over(serving, paired, tell):
    async def story():
        async with serving() as implant:
            visit = await open_visit(paired.physician, HOST, implant.port)
            port = implant.port
        async with serving(port=port) as implant:
            assert await visit.exchange(b"status") is None
            assert visit.ended
            assert implant.reached == []
        await visit.close()

    tell(story())
