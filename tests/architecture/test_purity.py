"""What the pure rooms may not even spell: floats, division that rounds, files, clocks, chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import thecal

SOURCE = Path(thecal.__file__).parent

# Counting rooms decide what is given: whole numbers only (design, decision 1).
COUNTING = ("quantities", "device", "pump", "telemetry", "therapy", "implant", "programmer", "handheld")
# Below adapters nothing reads a clock, opens a file or draws chance (style, house rule 1).
TIMELESS = (*COUNTING, "catalogue", "column", "hydraulics", "documents", "fluid", "neuraxis", "forecast", "bench")

CLOCKS_AND_CHANCE = {
    "time", "random", "secrets", "uuid", "asyncio", "threading", "subprocess", "socket", "logging", "tempfile",
}  # fmt: skip
NOT_FOR_COUNTING = {"numpy", "scipy", "math", "cmath", "statistics", "io", "os", "pathlib"}
CALLS = {"open", "input", "print", "exec", "eval"}
METHODS = {"now", "today", "utcnow", "urandom", "read_text", "write_text", "read_bytes", "write_bytes"}
# Decimal and Fraction divide exactly or to a stated precision; each place is named, with the reason.
EXACT_DIVISION = {
    "quantities/amount.py": "Decimal: a count in a unit, for a screen",
    "therapy/arithmetic.py": "Fraction",
}
# The catalogue is data inside the package; `sourced` is the one place that reads it.
READS_PACKAGE_DATA = {"catalogue/sourced.py", "catalogue/listing.py"}


def modules(rooms: tuple[str, ...]) -> list[Path]:
    return [path for room in rooms for path in sorted((SOURCE / room).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
        yield node.module.partition(".")[0]


def called(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Name):
        return node.func.id if node.func.id in CALLS else None
    if isinstance(node.func, ast.Attribute):
        return node.func.attr if node.func.attr in METHODS else None
    return None


def effects_in(tree: ast.AST) -> list[str]:
    """Clocks, chance, files and talk."""
    found = []
    for node in ast.walk(tree):
        found += [f"line {node.lineno}: import {name}" for name in imported(node) if name in CLOCKS_AND_CHANCE]
        if (call := called(node)) is not None:
            found.append(f"line {node.lineno}: {call}()")
    return found


def floats_in(tree: ast.AST) -> list[str]:
    """Float literals, the name ``float``, and the modules that bring floats or files."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"line {node.lineno}: {node.value!r}")
        if isinstance(node, ast.Name) and node.id in ("float", "complex"):
            found.append(f"line {node.lineno}: {node.id}")
        found += [f"line {node.lineno}: import {name}" for name in imported(node) if name in NOT_FOR_COUNTING]
    return found


def divisions_in(tree: ast.AST) -> list[str]:
    """True division. Floor division and divmod are what counting is made of."""
    return [
        f"line {node.lineno}: /"
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
    ]


@pytest.mark.parametrize("path", modules(TIMELESS), ids=name_of)
def test_below_adapters_nothing_reads_a_clock_opens_a_file_or_draws_chance(path):
    found = effects_in(ast.parse(path.read_text(encoding="utf-8")))
    if name_of(path) in READS_PACKAGE_DATA:
        found = [effect for effect in found if not effect.endswith(("read_text()", "read_bytes()", "open()"))]
    assert found == []


@pytest.mark.parametrize("path", modules(COUNTING), ids=name_of)
def test_rooms_that_count_have_no_floats(path):
    assert floats_in(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", modules(COUNTING), ids=name_of)
def test_rooms_that_count_divide_only_where_it_is_exact(path):
    found = divisions_in(ast.parse(path.read_text(encoding="utf-8")))
    assert bool(found) == (name_of(path) in EXACT_DIVISION), found


@pytest.mark.parametrize("path", modules(("pump", "telemetry")), ids=name_of)
def test_pump_and_link_do_not_even_know_dates_or_fractions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = {name for node in ast.walk(tree) for name in imported(node)}
    assert known & {"datetime", "decimal", "fractions"} == set()


@pytest.mark.parametrize(
    ("spelled", "finder"),
    [
        ("import time", effects_in),
        ("from random import choice", effects_in),
        ("open('x')", effects_in),
        ("path.read_text()", effects_in),
        ("datetime.now()", effects_in),
        ("x = 0.5", floats_in),
        ("x = float(y)", floats_in),
        ("def f(x: float): ...", floats_in),
        ("import numpy as np", floats_in),
        ("x = a / b", divisions_in),
        ("x /= b", divisions_in),
    ],
)
def test_this_test_would_notice(spelled, finder):
    assert finder(ast.parse(spelled))
