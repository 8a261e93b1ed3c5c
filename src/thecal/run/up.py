"""``thecal up``: everything is checked, then everything is started, and everything ends together.

The supervisor imports no site and no numerics. It holds the lock of the data folder, the listening sockets, the
bench clock and the pipes of all processes; when it ends, for whatever reason, they end.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from thecal.run.bench_keeper import BenchKeeper
from thecal.run.checks import check_everything
from thecal.run.child import ChildPlan
from thecal.run.clock import BenchClock
from thecal.run.control_door import ControlDoor, lease_answers, room_answers
from thecal.run.data_folder import DataFolder, HeldFolder, PatientFolder, StartRefused
from thecal.run.demo_access import read_access
from thecal.run.first_start import finish_interrupted, is_seeded, seed_in_own_process
from thecal.run.patient_host import PatientHost
from thecal.run.patient_label import PatientLabel
from thecal.run.site_host import SiteHost, bind_port

HOST = "127.0.0.1"
SETTLE_WITHIN_S = 0.5
# Which door each site is given. Only the patient's room moves time and needles.
DOOR_OF = {"clinic": "lease.sock", "patient": "lease.sock", "room": "room.sock"}


@dataclass(frozen=True, slots=True)
class UpOptions:
    """Where the data lies, and on which ports the sites are served."""

    data: Path
    clinic_port: int = 8470
    patient_port: int = 8471
    room_port: int = 8472
    let_pumps_find_faults: bool = False

    @property
    def ports(self) -> dict[str, int]:
        """Port by site."""
        return {"clinic": self.clinic_port, "patient": self.patient_port, "room": self.room_port}


def up(options: UpOptions) -> int:
    """Run until told to stop. The exit status: 0 after a stop, 2 when Thecal could not start."""
    return asyncio.run(_until_stopped(options))


async def _until_stopped(options: UpOptions) -> int:
    task = asyncio.current_task()
    assert task is not None
    asked: list[int] = []

    def stop(signal_number: int) -> None:
        asked.append(signal_number)
        if len(asked) == 1:
            task.cancel()

    # Handlers are installed even where the starting shell had SIGINT ignored.
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop, signal_number)
    try:
        await _run(options)
    except StartRefused as refused:
        print(f"thecal up: {refused}", file=sys.stderr, flush=True)
        return 2
    except asyncio.CancelledError:
        if not asked:
            raise
        _say("Thecal has stopped. Simulated time stands still until the next start.")
    return 0


async def _run(options: UpOptions) -> None:
    held = HeldFolder.take(options.data.absolute())
    try:
        with contextlib.ExitStack() as sockets:
            listening = {
                site: sockets.enter_context(contextlib.closing(bind_port(HOST, port)))
                for site, port in options.ports.items()
            }
            await _prepare(held.folder)
            clock, labels = check_everything(held.folder, options.let_pumps_find_faults)
            async with _running(options, held.folder, clock, labels, listening) as keeper:
                _greet(options, held.folder)
                await keeper.run()
    except OSError as error:
        raise StartRefused(f"{error.filename or options.data}: {error.strerror}") from None
    finally:
        held.release()


async def _prepare(folder: DataFolder) -> None:
    """Seed the demonstration clinic the first time."""
    finish_interrupted(folder)
    if not is_seeded(folder):
        _say("First start: seeding the demonstration clinic ...")
        await seed_in_own_process(folder, _say)


@contextlib.asynccontextmanager
async def _running(
    options: UpOptions,
    folder: DataFolder,
    clock: BenchClock,
    labels: tuple[PatientLabel, ...],
    listening: dict[str, socket.socket],
) -> AsyncIterator[BenchKeeper]:
    """Every process and both doors, from the moment all are ready until the end."""
    doors_folder = _doors_folder(folder)
    keepers: list[BenchKeeper] = []  # empty until everybody is ready: then a restarted patient has missed something
    hosts = [
        PatientHost(label, _patient_plan(folder, label), lambda: keepers[0].clock.bench_ms if keepers else 0)
        for label in labels
    ]
    sites = [_site(site, options, folder, doors_folder, listening[site]) for site in options.ports]
    doors: list[ControlDoor] = []
    try:
        _say(f"Starting {len(hosts)} patients and {len(sites)} sites ...")
        await asyncio.gather(*(site.start() for site in sites), *(host.start() for host in hosts))
        # Nobody's time goes back: after an unclean end somebody may have got further than what was written down.
        latest_ms = max((host.at_ms for host in hosts), default=0)
        keeper = BenchKeeper(replace(clock, bench_ms=max(clock.bench_ms, latest_ms)), hosts, folder.clock)
        keepers.append(keeper)
        by_id = {host.label.patient: host for host in hosts}
        doors.append(await ControlDoor.open(doors_folder / "lease.sock", lease_answers(keeper, by_id)))
        doors.append(await ControlDoor.open(doors_folder / "room.sock", room_answers(keeper, by_id)))
        yield keeper
    finally:
        for door in doors:
            door.close()
        if keepers:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLE_WITHIN_S):
                    await keepers[0].settle()  # everybody stops at the same moment of bench time
            keepers[0].write()
        await asyncio.gather(*(host.stop() for host in hosts), *(site.stop() for site in sites))
        shutil.rmtree(doors_folder, ignore_errors=True)


def _doors_folder(folder: DataFolder) -> Path:
    """A fresh private folder; what a killed start of the same data left there is removed.

    Outside the data folder, because the path of a local socket has 107 bytes at most.
    """
    digest = hashlib.sha256(os.fsencode(folder.root)).hexdigest()[:16]
    path = Path(tempfile.gettempdir(), f"thecal-{os.getuid()}-{digest}")
    shutil.rmtree(path, ignore_errors=True)  # nobody else's can be removed: the folder of temporary files is sticky
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return Path(tempfile.mkdtemp(prefix="thecal-"))
    return path


def _patient_plan(folder: DataFolder, label: PatientLabel) -> ChildPlan:
    path = PatientFolder(folder.patients / label.patient).path
    log = folder.logs / f"patient-{label.patient}.log"
    return ChildPlan(f"patient {label.patient}", "thecal.run.patient_process", (str(path),), log, {})


def _site(site: str, options: UpOptions, folder: DataFolder, doors_folder: Path, listening: socket.socket) -> SiteHost:
    environment = {
        "THECAL_DATA": str(folder.root),
        "THECAL_CONTROL": str(doors_folder / DOOR_OF[site]),
        "THECAL_ALLOWED": ",".join(str(port) for port in options.ports.values()),
    }
    return SiteHost(site, listening, environment, folder.logs / f"site-{site}.log")


def _greet(options: UpOptions, folder: DataFolder) -> None:
    access = read_access(folder.access)
    _say(
        f"""
Thecal is running. It is a simulation and not a medical device.

  Physician programmer   http://localhost:{options.clinic_port}/
                         sign in as {access.user} with the password {access.password}
  Patient programmers    http://localhost:{options.patient_port}/
  Patient's room         http://localhost:{options.room_port}/

Data: {os.path.relpath(folder.root)}    Stop with Ctrl-C."""
    )


def _say(text: str) -> None:
    print(text, flush=True)
