"""The channel over a bad radio: at most one effect, silence is unknown, recordings are worthless."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from thecal.adapters.link import visit as visit_module
from thecal.adapters.link.lossy import LossyLink
from thecal.adapters.link.visit import NotPaired, PumpUnreachable, open_visit

pytestmark = pytest.mark.processes

HOST = "127.0.0.1"
REPEAT_S = 0.03


@pytest.fixture(autouse=True)
def quick_repeats(monkeypatch):
    monkeypatch.setattr(visit_module._LinkTuning, "ACK_TIMEOUT", REPEAT_S)


@pytest.fixture
def radio(serving, paired):
    @asynccontextmanager
    async def between(key=paired.physician):
        async with (
            serving() as implant,
            await LossyLink.start(implant.port) as link,
            await open_visit(key, HOST, link.port) as visit,
        ):
            yield implant, link, visit

    return between


def requests_at(implant):
    return [request for *_, request in implant.reached]


def test_a_lost_answer_is_unknown_and_the_pump_acted_once(radio, tell):
    async def story():
        async with radio() as (implant, link, visit):
            link.to_programmer.drop_all = True
            assert await visit.exchange(b"bolus", timeout_s=0.3) is None
            assert requests_at(implant) == [b"bolus"]
            await asyncio.sleep(0.1)  # what was sent before the time was over may still be on its way
            sent = len(link.to_pump.recorded)
            await asyncio.sleep(0.5)  # the next repeat would be due by then
            assert len(link.to_pump.recorded) == sent, "after unknown, nothing may go out by itself"
            link.to_programmer.drop_all = False
            assert await visit.exchange(b"query") == b"echo query"
            assert requests_at(implant) == [b"bolus", b"query"]

    tell(story())


def test_a_lost_request_is_unknown_and_the_pump_did_nothing(radio, tell):
    async def story():
        async with radio() as (implant, link, visit):
            link.to_pump.drop_all = True
            assert await visit.exchange(b"bolus", timeout_s=0.2) is None
            assert requests_at(implant) == []
            link.to_pump.drop_all = False
            assert await visit.exchange(b"query") == b"echo query"
            assert requests_at(implant) == [b"query"]

    tell(story())


@pytest.mark.parametrize("direction", ["to_pump", "to_programmer"])
@pytest.mark.parametrize("lost", [1, 2])
def test_a_datagram_lost_on_the_way_is_repeated_and_acts_once(radio, tell, direction, lost):
    async def story():
        async with radio() as (implant, link, visit):
            getattr(link, direction).drop_next = lost
            assert await visit.exchange(b"bolus") == b"echo bolus"
            assert requests_at(implant) == [b"bolus"]

    tell(story())


@pytest.mark.parametrize("lost", range(1, 4))
@pytest.mark.parametrize("direction", ["to_pump", "to_programmer"])
def test_a_visit_opens_although_datagrams_of_the_handshake_are_lost(serving, paired, tell, direction, lost):
    async def story():
        async with serving() as implant, await LossyLink.start(implant.port) as link:
            getattr(link, direction).drop_next = lost
            async with await open_visit(paired.patient, HOST, link.port) as visit:
                assert await visit.exchange(b"status") == b"echo status"
                assert visit.handshakes == 1

    tell(story())


@pytest.mark.parametrize("length", [5, 3000])
def test_every_datagram_three_times_acts_once(radio, tell, length):
    async def story():
        async with radio() as (implant, link, visit):
            link.to_pump.copies = link.to_programmer.copies = 3
            for number in range(3):
                request = bytes((number,)) * length
                assert await visit.exchange(request) == b"echo " + request
            assert requests_at(implant) == [bytes((number,)) * length for number in range(3)]

    tell(story())


def test_answers_later_than_the_repeats_are_taken_once(radio, tell):
    async def story():
        async with radio() as (implant, link, visit):
            link.to_programmer.delay_s = 4 * REPEAT_S
            assert await visit.exchange(b"bolus") == b"echo bolus"
            assert await visit.exchange(b"query") == b"echo query"
            assert requests_at(implant) == [b"bolus", b"query"]

    tell(story())


def test_a_request_altered_on_the_way_reaches_nothing(radio, tell):
    async def story():
        async with radio() as (implant, link, visit):
            link.to_pump.flip_at = frozenset({len(link.to_pump.recorded)})
            assert await visit.exchange(b"bolus", timeout_s=0.3) is None
            assert requests_at(implant) == []

    tell(story())


def test_an_answer_altered_on_the_way_is_not_believed(radio, tell):
    async def story():
        async with radio() as (implant, link, visit):
            link.to_programmer.flip_at = frozenset({len(link.to_programmer.recorded)})
            assert await visit.exchange(b"bolus", timeout_s=0.3) is None
            assert requests_at(implant) == [b"bolus"]

    tell(story())


@pytest.mark.parametrize("direction", ["to_pump", "to_programmer"])
@pytest.mark.parametrize("message", [0, 1, 2])
def test_an_altered_handshake_opens_nothing(serving, paired, tell, direction, message):
    async def story():
        async with serving() as implant, await LossyLink.start(implant.port) as link:
            getattr(link, direction).flip_at = frozenset({message})
            with pytest.raises((NotPaired, PumpUnreachable)):
                await open_visit(paired.physician, HOST, link.port, timeout_s=0.5)
            assert len(getattr(link, direction).recorded) > message
            assert implant.reached == []

    tell(story())


def test_a_recorded_visit_replayed_while_it_is_open_reaches_nothing(radio, tell):
    async def story():
        async with radio() as (implant, link, visit):
            await visit.exchange(b"bolus")
            answers = await link.replay(link.to_pump.recorded)
            assert requests_at(implant) == [b"bolus"]
            assert implant.server.open_visits == 1
            assert len(answers) == len(link.to_pump.recorded)
            assert all(b"bolus" not in answer for answer in answers)
            assert await visit.exchange(b"still mine") == b"echo still mine"

    tell(story())


def test_a_recorded_visit_replayed_after_it_reaches_nothing(radio, tell):
    async def story():
        async with radio() as (implant, link, visit):
            await visit.exchange(b"bolus")
            await visit.close()
            for _ in range(3):
                await link.replay(link.to_pump.recorded, wait_s=0.05)
            assert requests_at(implant) == [b"bolus"]
            assert implant.server.open_visits == 0
            assert [peer.handshakes for peer in implant.server.keyring.peers] == [1, 0]

    tell(story())


def test_nothing_of_a_visit_can_be_read_on_the_air(radio, tell, paired):
    async def story():
        async with radio() as (_, link, visit):
            await visit.exchange(b"morphine 2.4 mg/day")
            air = b"".join(link.to_pump.recorded + link.to_programmer.recorded)
            assert b"morphine" not in air
            assert b"echo" not in air
            assert b"TH-0001" not in air
            for credential in (paired.physician.own.credential, paired.keyring.own.credential):
                assert credential.kid not in air
                assert credential.x not in air

    tell(story())
