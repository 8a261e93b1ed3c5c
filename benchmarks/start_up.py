"""How long a user waits: `thecal up` to the first served page, cold and warm; and to the last process gone."""

from __future__ import annotations

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WARM_STARTS = 3
GIVE_UP_S = 120.0


def main() -> None:
    """Print cold and warm start, and stop."""
    folder = Path(tempfile.mkdtemp(prefix="thecal-bench-"))
    try:
        first_page_s, ready_s, stop_s = _once(folder)
        print(
            f"  first start, seeding included: first page after {first_page_s:.2f} s, all ready after {ready_s:.2f} s"
        )
        print(f"  stop: {stop_s:.2f} s")
        for _ in range(WARM_STARTS):
            first_page_s, ready_s, stop_s = _once(folder)
            print(f"  warm start: first page after {first_page_s:.2f} s, all ready after {ready_s:.2f} s")
            print(f"  stop: {stop_s:.2f} s")
    finally:
        shutil.rmtree(folder)


def _once(folder: Path) -> tuple[float, float, float]:
    ports = _free_ports(3)
    names = ("--clinic-port", "--patient-port", "--room-port")
    options = [text for name, port in zip(names, ports, strict=True) for text in (name, str(port))]
    began_s = time.perf_counter()
    command = [sys.executable, "-m", "thecal.cli.main", "up", "--data", str(folder / "data"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        _first_page(ports[0], process)
        first_page_s = time.perf_counter() - began_s
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C" in line:
                break
        ready_s = time.perf_counter() - began_s
        process.send_signal(signal.SIGINT)
        began_s = time.perf_counter()
        process.stdout.read()
        process.wait()
        return first_page_s, ready_s, time.perf_counter() - began_s


def _first_page(port: int, process: subprocess.Popen[str]) -> None:
    until_s = time.perf_counter() + GIVE_UP_S
    while time.perf_counter() < until_s and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_S)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    sys.exit(f"no page on port {port}: {process.poll()}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


if __name__ == "__main__":
    main()
