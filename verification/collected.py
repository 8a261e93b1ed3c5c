"""Which tests really run: what pytest collects, less what is marked or written to be skipped or to fail.

Used as a plugin of a collection in a process of its own; ``collected`` starts it.
"""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MARK = "collected "
NOT_RUN = frozenset({"skip", "skipif", "xfail"})


def collected(files: Iterable[str]) -> frozenset[str]:
    """``file::function`` of every test in these files that runs wherever the suite does.

    Raises RuntimeError when pytest cannot collect them.
    """
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", __name__, *sorted(set(files))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return frozenset(line.removeprefix(MARK) for line in done.stdout.splitlines() if line.startswith(MARK))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Print one line for each test that runs; the parameters of a test are one test."""
    running = {
        item.nodeid.partition("[")[0]
        for item in session.items
        if not NOT_RUN & {mark.name for mark in item.iter_markers()}
    }
    for name in sorted(running):
        path, _, function = name.partition("::")
        if function not in _given_up(ROOT / path):
            print(f"\n{MARK}{name}")


@functools.cache
def _given_up(path: Path) -> frozenset[str]:
    """Functions of this file that may skip themselves or expect to fail while they run."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        each.name
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_gives_up, ast.walk(each)))
    )


def _gives_up(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in (
        "pytest.skip",
        "pytest.xfail",
        "pytest.importorskip",
    )
