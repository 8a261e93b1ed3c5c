"""A running ``thecal up`` for tests: started as a user starts it, found again by its processes, stopped."""

import contextlib
import dataclasses
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

STARTED_WITHIN_S = 60
STOPPED_WITHIN_S = 3


@dataclasses.dataclass
class Running:
    """A running ``thecal up`` and what it printed until it was ready."""

    process: subprocess.Popen
    ports: tuple[int, int, int]
    printed: str

    def stop(self, signal_number=signal.SIGINT):
        """Send the signal; the exit status and how long it took."""
        began_s = time.monotonic()
        self.process.send_signal(signal_number)
        status = self.process.wait(30)
        return status, time.monotonic() - began_s

    def page(self, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        finally:
            connection.close()


def free_ports():
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = tuple(each.getsockname()[1] for each in sockets)
    for each in sockets:
        each.close()
    return ports


def command(data, ports):
    names = ("--clinic-port", "--patient-port", "--room-port")
    options = [text for name, port in zip(names, ports, strict=True) for text in (name, str(port))]
    return [sys.executable, "-m", "thecal.cli.main", "up", "--data", str(data), *options]


@contextlib.contextmanager
def started(data, *, prefix=(), environment=None):
    ports = free_ports()
    process = subprocess.Popen(
        [*prefix, *command(data, ports)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        printed = []
        for line in process.stdout:
            printed.append(line)
            if "Ctrl-C" in line:
                break
        else:
            pytest.fail(process.stderr.read())
        yield Running(process, ports, "".join(printed))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def refused(data, ports=None):
    """Exit status and what was said on standard error."""
    ended = subprocess.run(command(data, ports or free_ports()), capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stderr


def processes_of(data):
    """Every living process that was started for this data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if str(data).encode() in told and int(entry.name) != os.getpid():
                found.append((int(entry.name), told.split(b"\0")[:4]))
    return found


def nobody_left(data):
    until_s = time.monotonic() + STOPPED_WITHIN_S
    while processes_of(data) and time.monotonic() < until_s:
        time.sleep(0.02)
    return processes_of(data) == []


def control_folder(data):
    """Where the doors of the running supervisor are: told to its sites, not to its printout."""
    for pid, _ in processes_of(data):
        with contextlib.suppress(OSError):
            for told in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                if told.startswith(b"THECAL_CONTROL="):
                    return Path(os.fsdecode(told.split(b"=", 1)[1])).parent
    raise AssertionError("no site is running")
