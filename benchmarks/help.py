"""How long `thecal --help` takes, a whole process from start to end; the target is 300 ms."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

TARGET_MS = 300
REPEATS = 10


def main() -> None:
    """Print the median and the slowest beside the target, and the list of plans for comparison."""
    for name, arguments in (("thecal --help", ("--help",)), ("thecal plan (lists the kinds)", ("plan",))):
        times = [_milliseconds(arguments) for _ in range(REPEATS)]
        target = f" (target {TARGET_MS} ms)" if arguments == ("--help",) else ""
        print(f"  {name:<30} {median(times):5.0f} ms, slowest of {REPEATS} {max(times):5.0f} ms{target}")


def _milliseconds(arguments: tuple[str, ...]) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-m", "thecal.cli.main", *arguments], check=True, stdout=subprocess.DEVNULL)
    return (perf_counter() - began) * 1e3


if __name__ == "__main__":
    main()
