"""One patient is one process: it follows bench time, survives SIGKILL at any moment, and dies with its supervisor."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from tests.run.furnished import FILL_NL, NOON, STROKE_EVERY_MS, constant_flow, host_of, programmable
from thecal.adapters.link.visit import open_visit
from thecal.adapters.memory_file import read_banks
from thecal.adapters.truth_file import read_truth
from thecal.device import Interrogate, LogKind, Request
from thecal.fluid import NeedleAct, Outflow, Stroke, replay
from thecal.implant import replay as replay_memory
from thecal.run import patient_host
from thecal.run.data_folder import StartRefused
from thecal.telemetry import decode_reply, encode_request

pytestmark = pytest.mark.processes
HOUR = 3_600_000


def strokes_written(folder):
    return [record.at_ms for record in read_truth(folder.truth).records if isinstance(record, Stroke)]


def remembered(folder):
    return replay_memory(read_banks(folder.memory))


def test_a_pump_process_imports_no_numerics_no_site_and_no_bench():
    program = (
        "import sys, thecal.run.patient_process, thecal.adapters.link.pump_server\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('numpy', 'scipy', 'django', 'typer', 'rich')"
        " or name.startswith(('thecal.bench', 'thecal.web', 'thecal.neuraxis', 'thecal.therapy'))])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_strokes_come_when_they_are_due_and_memory_and_truth_agree(tmp_path):
    folder, _ = programmable(tmp_path)

    async def an_hour_of_bench_time():
        host = host_of(folder)
        await host.start()
        for minutes in (1, 7, 60):
            await host.advance(NOON + minutes * 60_000)
        state = host.state()
        await host.stop()
        return state

    state = asyncio.run(an_hour_of_bench_time())
    due = [NOON + number * STROKE_EVERY_MS for number in range(1, HOUR // STROKE_EVERY_MS + 1)]
    assert strokes_written(folder) == due
    assert (state.on, state.at_utc_ms, state.strokes) == (True, NOON + HOUR, len(due))
    assert remembered(folder).state.strokes_total == len(due)


def test_a_stop_and_a_start_change_nothing(tmp_path):
    folder, _ = programmable(tmp_path)

    async def run_to(to_ms):
        host = host_of(folder)
        await host.start()
        await host.advance(to_ms)
        await host.stop()

    asyncio.run(run_to(NOON + HOUR))
    before = remembered(folder).state
    asyncio.run(run_to(NOON + HOUR))
    assert remembered(folder).state == before
    asyncio.run(run_to(NOON + HOUR + STROKE_EVERY_MS))
    assert remembered(folder).state.strokes_total == before.strokes_total + 1


def test_killed_at_any_moment_a_pump_is_back_with_its_therapy_and_never_a_stroke_over(tmp_path):
    folder, _ = programmable(tmp_path)
    chance = random.Random(7)
    kills = 6

    async def killed_again_and_again():
        clock = NOON
        host = host_of(folder, now_ms=lambda: clock)
        await host.start()
        for _ in range(kills):
            for _ in range(chance.randrange(1, 5)):
                clock += 5 * 60_000
                await host.advance(clock)
            running = asyncio.ensure_future(host.advance(clock + HOUR))
            await asyncio.sleep(chance.uniform(0, 0.02))
            host.cut_power()
            await running
            clock += HOUR
            async with asyncio.timeout(5):
                while not host.on:
                    await asyncio.sleep(0.01)
        await host.advance(clock + HOUR)
        await host.stop()

    asyncio.run(killed_again_and_again())
    written, state = strokes_written(folder), remembered(folder).state
    assert 0 <= state.strokes_total - len(written) <= kills
    assert state.strokes_total * STROKE_EVERY_MS <= state.tick_ms
    assert all(later - earlier >= STROKE_EVERY_MS for earlier, later in itertools.pairwise(written))
    outages = [entry for entry in state.log if entry.kind is LogKind.POWER_RESTORED]
    assert len(outages) == kills
    lost_ms = sum(entry.duration_ms for entry in outages)
    assert state.tick_ms - lost_ms - state.strokes_total * STROKE_EVERY_MS < 2 * STROKE_EVERY_MS
    last_hour = [at for at in written if at > NOON + state.tick_ms - HOUR]
    assert len(last_hour) in (HOUR // STROKE_EVERY_MS, HOUR // STROKE_EVERY_MS + 1)


def test_a_killed_pump_is_on_again_within_a_second(tmp_path):
    folder, _ = programmable(tmp_path)

    async def killed():
        host = host_of(folder)
        await host.start()
        host.cut_power()
        began_s = time.monotonic()
        while host.on:
            await asyncio.sleep(0.001)
        while not host.on:
            await asyncio.sleep(0.01)
        took_s = time.monotonic() - began_s
        await host.stop()
        return took_s

    # A bound for a busy machine; what it takes is printed by benchmarks/start_up.py.
    assert asyncio.run(killed()) < 5


def test_a_grant_waits_for_a_pump_that_lost_power_for_a_moment(tmp_path):
    folder, _ = programmable(tmp_path)

    async def killed_before_a_jump():
        host = host_of(folder, now_ms=lambda: NOON)
        await host.start()
        host.cut_power()
        await host.advance(NOON + HOUR)
        reached = host.at_ms
        await host.stop()
        return reached

    assert asyncio.run(killed_before_a_jump()) == NOON + HOUR
    state = remembered(folder).state
    assert [entry.duration_ms for entry in state.log if entry.kind is LogKind.POWER_RESTORED] == [0]
    assert len(strokes_written(folder)) == HOUR // STROKE_EVERY_MS


def test_a_silent_pump_is_off_the_others_go_on_and_it_catches_up(tmp_path, monkeypatch):
    monkeypatch.setattr(patient_host, "SILENT_AFTER_S", 0.3)
    folders = [programmable(tmp_path, name)[0] for name in ("alder", "birch")]

    async def one_falls_silent():
        silent, lively = (host_of(folder) for folder in folders)
        await asyncio.gather(silent.start(), lively.start())
        stopped = silent._kept.child.pid
        os.kill(stopped, signal.SIGSTOP)
        await asyncio.gather(silent.advance(NOON + HOUR), lively.advance(NOON + HOUR))
        seen = silent.on, lively.on, lively.at_ms
        os.kill(stopped, signal.SIGCONT)
        async with asyncio.timeout(5):
            while not silent.on:
                await asyncio.sleep(0.01)
        await asyncio.gather(silent.advance(NOON + 2 * HOUR), lively.advance(NOON + 2 * HOUR))
        reached = silent.at_ms, lively.at_ms
        await asyncio.gather(silent.stop(), lively.stop())
        return seen, reached

    seen, reached = asyncio.run(one_falls_silent())
    assert seen == (False, True, NOON + HOUR)
    assert reached == (NOON + 2 * HOUR, NOON + 2 * HOUR)
    assert strokes_written(folders[0]) == strokes_written(folders[1])


def test_a_paired_programmer_reaches_the_pump_and_finds_its_bench_time(tmp_path):
    folder, key = programmable(tmp_path)

    async def visit():
        host = host_of(folder)
        await host.start()
        await host.advance(NOON + HOUR)
        async with await open_visit(key, "127.0.0.1", host.state().udp_port) as opened:
            reply = await opened.exchange(encode_request(Request(bytes(16), 0, Interrogate())))
        await host.stop()
        return decode_reply(reply)

    reply = asyncio.run(visit())
    assert reply.tick_ms == HOUR
    assert reply.answer.strokes_total == HOUR // STROKE_EVERY_MS
    assert '"handshakes": 1' in folder.keyring.read_text()


def test_a_needle_finds_what_is_there_and_the_pump_is_not_told(tmp_path):
    folder, _ = programmable(tmp_path)

    async def needle():
        host = host_of(folder)
        await host.start()
        await host.advance(NOON + HOUR)
        found = [
            await host.needle({"act": "withdraw", "volume_nl": 50_000_000}),
            await host.needle({"act": "fill", "volume_nl": 10_000_000, "fluid": "morphine=20000000"}),
            await host.needle({"act": "stir"}),
            await host.needle({"act": "fill", "volume_nl": 1.5, "fluid": "-"}),
        ]
        await host.stop()
        return found

    drawn, filled, *refused = asyncio.run(needle())
    pumped = HOUR // STROKE_EVERY_MS * 500
    assert drawn == {"found": {"volume_nl": FILL_NL - pumped - 1_000_000}}
    assert filled == {"found": {"volume_nl": 10_000_000}}
    assert all("needle act is" in answer["refused"] for answer in refused)
    so_far = read_truth(folder.truth)
    assert [type(record) for record in so_far.records[-2:]] == [NeedleAct, NeedleAct]
    played = replay(so_far.implantation.path, so_far.records, 500, NOON)
    assert played.path.is_balanced
    assert played.path.reservoir.volume_nl == 11_000_000
    assert remembered(folder).state.reservoir.volume_nl == FILL_NL - pumped


def test_a_gas_driven_pump_flows_on_through_a_kill_without_a_gap(tmp_path):
    folder = constant_flow(tmp_path)

    async def killed():
        clock = NOON + HOUR
        host = host_of(folder, now_ms=lambda: clock)
        await host.start()
        await host.advance(NOON + HOUR + 123)
        host.cut_power()
        async with asyncio.timeout(5):
            while host.on:
                await asyncio.sleep(0.001)
            while not host.on:
                await asyncio.sleep(0.01)
        await host.advance(NOON + 24 * HOUR)
        state = host.state()
        await host.stop()
        return state

    state = asyncio.run(killed())
    assert (state.udp_port, state.strokes) == (None, 0)
    outflows = read_truth(folder.truth).records
    assert all(isinstance(record, Outflow) for record in outflows)
    assert outflows[0].start_ms == NOON
    assert all(a.end_ms == b.start_ms for a, b in itertools.pairwise(outflows))
    assert outflows[-1].end_ms == NOON + 24 * HOUR
    assert abs(sum(record.volume_nl for record in outflows) - 500_000) <= 1


def test_damaged_files_are_told_in_one_line(tmp_path):
    for number, damage in enumerate(("truth.log", "patient.json", "keyring.json")):
        folder, _ = programmable(tmp_path / str(number))
        (folder.path / damage).write_text("{}")

        async def start(folder=folder):
            host = host_of(folder)
            try:
                with pytest.raises(StartRefused) as refused:
                    await host.start()
            finally:
                await host.stop()
            return str(refused.value)

        told = asyncio.run(start())
        assert "\n" not in told
        assert "Traceback" not in told


def test_when_the_supervisor_is_killed_outright_no_process_is_left(tmp_path):
    folder, _ = programmable(tmp_path)
    supervisor = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from tests.run.furnished import host_of
        from thecal.run.data_folder import PatientFolder
        async def main():
            host = host_of(PatientFolder(Path({str(folder.path)!r})))
            await host.start()
            print(host._kept.child.pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """)
    with subprocess.Popen([sys.executable, "-c", supervisor], stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline())
        process.kill()
    until_s = time.monotonic() + 3
    while time.monotonic() < until_s and _lives(child):
        time.sleep(0.02)
    assert not _lives(child)


def _lives(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
    return False
