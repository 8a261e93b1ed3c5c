"""Run every benchmark in turn: ``python -m benchmarks [NAME ...]``."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import time
from pathlib import Path


def main(wanted: list[str]) -> None:
    """Run the named benchmarks, or all of them, and print what each took as well."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("__"))
    unknown = set(wanted) - set(names)
    if unknown:
        sys.exit(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in wanted or names:
        print(f"\n{name}", flush=True)
        began_s = time.perf_counter()
        importlib.import_module(f"benchmarks.{name}").main()
        print(f"  ({time.perf_counter() - began_s:.1f} s for this benchmark)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
