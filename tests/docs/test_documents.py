"""What the documents say is there, is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(document):
    broken = [
        target
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []


def test_the_readme_names_only_files_and_make_targets_that_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\b(?:examples|scenarios)/[\w.-]+\.toml", text)
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([a-z][\w-]*)", text))
    assert targets >= {"up", "test"}
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_every_dependency_is_named_with_its_pinned_version():
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    pins = re.findall(
        r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)$",
        "\n".join((ROOT / "requirements" / name).read_text() for name in ("run.in", "dev.in", "verify.in", "build.in")),
        re.MULTILINE,
    )
    assert len(pins) > 20
    missing = [
        (name, version)
        for name, version in pins
        if not any(
            name in line and re.search(rf"(?<![\w.]){re.escape(version)}(?![\w.])", line) for line in told.splitlines()
        )
    ]
    assert missing == []


def test_locks_carry_hashes_and_name_no_host():
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        assert "://" not in text
        pinned = re.findall(r"^[\w.-]+(?:\[\w+\])?==", text, re.MULTILINE)
        assert text.count("--hash=sha256:") >= len(pinned) > 0


def test_no_lock_of_another_tool_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert not {Path(name).name for name in tracked} & {"uv.lock", "package-lock.json", "poetry.lock"}
