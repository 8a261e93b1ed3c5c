"""Small wrong changes to arithmetic files, and whether a test notices each (mutmut).

It works in a copy under ``.verify``, where mutmut keeps what it knows: an interrupted run goes on, and only changed
functions are tried again.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from verification.record import ROOT

COPIED = ("src", "tests", "examples", "scenarios", "docs", "benchmarks", "requirements", "verification")
SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {files}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "not processes and not browser"]
also_copy = ["tests", "examples", "scenarios", "docs", "benchmarks", "requirements", "src", "Makefile", "README.md"]
# Wording of messages is read by people; tests that name the field and what is accepted are enough.
do_not_mutate_patterns = {wording}
# A change that never ends is told after three times the seconds of its tests, not after fifteen.
timeout_multiplier = 3
"""
WORDING = (r"^\s*raise \w+\(.*$", r"^\s*f?\"[^\"]*\"[,)]*$", r"^\s*\(?words = .*$")
SURVIVED = 0  # the exit code of tests that noticed nothing
STATUS = re.compile(r"^\s*(\S+__mutmut_\d+): (.+)$")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change that no test noticed: where, what stood there and what stood there instead."""

    name: str
    function: str
    removed: str
    added: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How many changes were tried and noticed, and those that were not."""

    tried: int
    killed: int
    survivors: tuple[Mutant, ...]


def try_mutants(files: tuple[str, ...], tests: tuple[str, ...], work: Path) -> Tried:
    """Mutate ``files`` (globs relative to the repository) and run the tests that touch each change."""
    _copy(work, files, tests)
    _forget_survivors(work)
    mutmut = str(Path(sys.executable).parent / "mutmut")
    with (work / "mutmut.log").open("w", encoding="utf-8") as log:
        subprocess.run([mutmut, "run", "--max-children", "2"], cwd=work, stdout=log, stderr=log, check=True)
    told = subprocess.run([mutmut, "results", "--all", "true"], cwd=work, capture_output=True, text=True, check=True)
    status = dict(found.groups() for line in told.stdout.splitlines() if (found := STATUS.match(line)))
    survivors = [name for name, how in status.items() if how not in ("killed", "timeout", "suspicious")]
    return Tried(len(status), len(status) - len(survivors), tuple(_shown(mutmut, name, work) for name in survivors))


def _forget_survivors(work: Path) -> None:
    """They are tried again, for a test may have been written for them since; mutmut itself looks at functions only."""
    for meta in (work / "mutants").rglob("*.meta"):
        known = json.loads(meta.read_text(encoding="utf-8"))
        codes = known["exit_code_by_key"]
        known["exit_code_by_key"] = {name: None if code == SURVIVED else code for name, code in codes.items()}
        meta.write_text(json.dumps(known), encoding="utf-8")


def _copy(work: Path, files: tuple[str, ...], tests: tuple[str, ...]) -> None:
    """Bring the copy up to date without touching files that did not change."""
    work.mkdir(parents=True, exist_ok=True)
    wanted = set()
    for top in COPIED:
        for source in (ROOT / top).rglob("*"):
            if source.is_file() and "__pycache__" not in source.parts:
                wanted.add(source.relative_to(ROOT))
    wanted |= {Path(name) for name in ("Makefile", "README.md", "CHANGELOG.md")}
    for name in wanted:
        target = work / name
        if not target.exists() or target.read_bytes() != (ROOT / name).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    for top in COPIED:
        for stale in [
            each for each in (work / top).rglob("*") if each.is_file() and each.relative_to(work) not in wanted
        ]:
            stale.unlink()
    settings = SETTINGS.format(files=_listed(files), tests=_listed(tests), wording=_listed(WORDING))
    whole = (ROOT / "pyproject.toml").read_text(encoding="utf-8") + settings
    if not (work / "pyproject.toml").exists() or (work / "pyproject.toml").read_text(encoding="utf-8") != whole:
        (work / "pyproject.toml").write_text(whole, encoding="utf-8")


def _listed(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + text + "'" for text in texts) + "]"


def _shown(mutmut: str, name: str, work: Path) -> Mutant:
    told = subprocess.run([mutmut, "show", name], cwd=work, capture_output=True, text=True, check=True).stdout
    lines = [line for line in told.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    function = name.partition("__mutmut_")[0].replace("ǁ", ".").replace(".x_", ".").replace("x.", "")
    return Mutant(
        name,
        function,
        " ".join(line[1:].strip() for line in lines if line[0] == "-"),
        " ".join(line[1:].strip() for line in lines if line[0] == "+"),
    )
