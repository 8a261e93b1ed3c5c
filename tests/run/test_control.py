"""At the doors: who may ask what, and that time obeys leases, jumps and pauses in a running keeper."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

import pytest

from thecal.adapters.bench_state import PatientState
from thecal.adapters.control import BenchControl, ControlRefused, ControlUnavailable, RoomControl
from thecal.run.bench_keeper import BenchKeeper
from thecal.run.clock import BenchClock
from thecal.run.clock_file import read_clock
from thecal.run.control_door import ControlDoor, lease_answers, room_answers

NOON = 1_795_000_000_000
HOUR = 3_600_000
ROOM_ONLY = {"jump", "cancel_jump", "pause", "resume", "set_speed", "overrule_lease", "cut_power", "needle"}


@dataclass
class Listener:
    """A patient that follows every grant at once."""

    patient: str
    at_ms: int = NOON
    on: bool = True
    cuts: int = 0
    acts: list[dict] = field(default_factory=list)

    async def advance(self, to_ms):
        await asyncio.sleep(0)
        self.at_ms = to_ms

    async def needle(self, act):
        self.acts.append(act)
        return {"found": {"volume_nl": 1}} if act.get("act") == "fill" else {"refused": "not a needle act"}

    def cut_power(self):
        self.cuts += 1

    def state(self):
        return PatientState(self.patient, "Demo Patient Alder", "m", "programmable", self.on, 5_683, self.at_ms, 3)


@dataclass
class Bench:
    """A keeper with both doors open."""

    keeper: BenchKeeper
    alder: Listener
    lease: BenchControl
    room: RoomControl


@contextlib.asynccontextmanager
async def bench(folder, clock=None, run=True):
    alder = Listener("alder")
    keeper = BenchKeeper(clock or BenchClock(NOON), [alder], folder / "clock.json")
    hosts = {"alder": alder}
    lease = await ControlDoor.open(folder / "lease.sock", lease_answers(keeper, hosts))
    room = await ControlDoor.open(folder / "room.sock", room_answers(keeper, hosts))
    running = asyncio.create_task(keeper.run()) if run else None
    try:
        yield Bench(keeper, alder, BenchControl(str(lease.path)), RoomControl(str(room.path)))
    finally:
        if running is not None:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
        lease.close()
        room.close()


def at_the_bench(folder, story, **how):
    async def told():
        async with bench(folder, **how) as found:
            return await story(found)

    return asyncio.run(told())


async def in_thread(call, *arguments):
    return await asyncio.to_thread(call, *arguments)


def test_the_rooms_hooks_do_not_exist_at_the_lease_door(tmp_path):
    async def story(found):
        refused = []
        impostor = RoomControl(str(tmp_path / "lease.sock"))
        calls = [
            lambda: impostor.jump(HOUR),
            impostor.cancel_jump,
            impostor.pause,
            impostor.resume,
            lambda: impostor.set_speed(60),
            lambda: impostor.overrule_lease("lease-1"),
            lambda: impostor.cut_power("alder"),
            lambda: impostor.needle("alder", {"act": "fill"}),
        ]
        for call in calls:
            with pytest.raises(ControlRefused, match="this door does not answer") as caught:
                await in_thread(call)
            refused.append(str(caught.value))
        keeper, hosts = found.keeper, {"alder": found.alder}
        assert set(room_answers(keeper, hosts)) - set(lease_answers(keeper, hosts)) == ROOM_ONLY
        assert (found.alder.cuts, found.alder.acts, keeper.clock.jump) == (0, [], None)
        return refused

    assert len(at_the_bench(tmp_path, story)) == len(ROOM_ONLY)


def test_both_doors_tell_time_pace_and_patients(tmp_path):
    async def story(found):
        return await found.lease.state_async(), await in_thread(found.room.state)

    for state in at_the_bench(tmp_path, story, clock=BenchClock(NOON, paused=True)):
        assert (state.bench_utc_ms, state.paused, state.speed, state.jump) == (NOON, True, 1, None)
        assert state.patient("alder").udp_port == 5_683
        assert state.patient("birch") is None


def test_a_lease_holds_real_pace_until_it_is_released(tmp_path):
    async def story(found):
        lease = await found.lease.take_lease_async("programming visit", "clinician", "alder")
        again = await found.lease.take_lease_async("programming visit", "clinician", "alder")
        held = await found.lease.state_async()
        refusals = []
        for call in (lambda: found.room.jump(HOUR), found.room.pause, lambda: found.room.set_speed(600)):
            with pytest.raises(ControlRefused, match="somebody is at a pump") as caught:
                await in_thread(call)
            refusals.append(caught)
        await found.lease.release_lease_async(lease.lease_id)
        await found.lease.release_lease_async(lease.lease_id)
        return lease, again, held, await found.lease.state_async()

    lease, again, held, after = at_the_bench(tmp_path, story, clock=BenchClock(NOON, speed=60))
    assert again.lease_id == lease.lease_id
    assert 149_000 <= lease.expires_in_ms <= 150_000
    assert (held.speed, [each.owner for each in held.leases]) == (1, ["clinician"])
    assert (after.speed, after.leases) == (60, ())


def test_the_room_overrules_a_lease_and_moves_time_to_the_hour(tmp_path):
    async def story(found):
        lease = await found.lease.take_lease_async("programming visit", "clinician", "alder")
        await in_thread(found.room.overrule_lease, lease.lease_id)
        await in_thread(found.room.pause)
        began_ms = (await found.lease.state_async()).bench_utc_ms
        await in_thread(found.room.jump, 48 * HOUR)
        while (await found.lease.state_async()).jump is not None:
            await asyncio.sleep(0.01)
        return began_ms, await found.lease.state_async()

    began_ms, state = at_the_bench(tmp_path, story)
    assert state.bench_utc_ms == began_ms + 48 * HOUR
    assert state.patient("alder").at_utc_ms == state.bench_utc_ms


def test_a_jump_shows_progress_refuses_a_lease_and_can_be_cancelled(tmp_path):
    async def story(found):
        await in_thread(found.room.jump, 300 * 24 * HOUR)
        with pytest.raises(ControlRefused, match="moving to another time"):
            await found.lease.take_lease_async("request", "patient", "alder")
        moving = await found.lease.state_async()
        await in_thread(found.room.cancel_jump)
        stopped = await found.lease.state_async()
        return moving, stopped

    moving, stopped = at_the_bench(tmp_path, story)
    assert moving.jump.to_utc_ms - moving.jump.from_utc_ms == 300 * 24 * HOUR
    assert NOON < moving.bench_utc_ms <= stopped.bench_utc_ms < moving.jump.to_utc_ms
    assert stopped.jump is None


def test_pace_is_written_down_at_once_and_time_when_it_stops(tmp_path):
    async def story(found):
        await in_thread(found.room.set_speed, 10)
        await in_thread(found.room.pause)
        await found.keeper.settle()
        found.keeper.write()
        return found.keeper.clock

    clock = at_the_bench(tmp_path, story)
    assert (clock.paused, clock.speed) == (True, 10)
    assert read_clock(tmp_path / "clock.json") == clock


def test_needle_and_power_reach_the_patient(tmp_path):
    async def story(found):
        put = await found.room.needle_async("alder", {"act": "fill"})
        with pytest.raises(ControlRefused, match="not a needle act"):
            await found.room.needle_async("alder", {"act": "stir"})
        await in_thread(found.room.cut_power, "alder")
        with pytest.raises(ControlRefused, match="there is no patient 'nobody'"):
            await in_thread(found.room.cut_power, "nobody")
        return put, found.alder.cuts

    assert at_the_bench(tmp_path, story) == ({"volume_nl": 1}, 1)


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[]",
        b"3",
        b"{}",
        b'{"ask": ["jump"]}',
        b'{"ask": "take_lease"}',
        b'{"ask": "take_lease", "name": 1, "owner": "o", "patient": "alder"}',
        b'{"ask": "take_lease", "name": "n", "owner": "o", "patient": "nobody"}',
        b'{"ask": "jump", "by_ms": "1"}',
        b'{"ask": "jump", "by_ms": true}',
        b'{"ask": "set_speed", "factor": true}',
        b'{"ask": "needle", "patient": "alder", "act": []}',
    ],
)
def test_anything_malformed_is_refused_in_one_sentence_and_the_door_stays_open(tmp_path, line):
    async def story(found):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "room.sock"))
        writer.write(line + b"\n" + b'{"ask": "state"}\n')
        answers = [json.loads(await reader.readline()) for _ in range(2)]
        writer.close()
        return answers, found.keeper.clock

    (refused, state), clock = at_the_bench(tmp_path, story, clock=BenchClock(NOON, paused=True))
    assert set(refused) == {"refused"}
    assert state["answer"]["bench_utc_ms"] == NOON
    assert clock == BenchClock(NOON, paused=True)


def test_nobody_at_the_door_is_told_in_one_line(tmp_path):
    with pytest.raises(ControlUnavailable, match="the simulation is not running"):
        BenchControl(str(tmp_path / "lease.sock")).state()


def test_the_doors_are_this_users_alone(tmp_path):
    async def story(_):
        return [(tmp_path / name).stat().st_mode & 0o077 for name in ("lease.sock", "room.sock")]

    assert at_the_bench(tmp_path, story) == [0, 0]
