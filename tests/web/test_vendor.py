"""Files of other projects are exactly what was published, and nothing is loaded from anywhere else."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

import thecal.web

WEB = Path(thecal.web.__file__).parent
VENDOR = WEB / "design" / "static" / "vendor"
LOCK = tomllib.loads((VENDOR / "vendor.lock").read_text(encoding="utf-8"))["file"]
OURS = sorted(
    path for ending in ("*.html", "*.css", "*.js", "*.svg") for path in WEB.rglob(ending) if VENDOR not in path.parents
)


@pytest.mark.parametrize("entry", LOCK, ids=lambda entry: entry["path"])
def test_a_vendored_file_is_the_one_that_was_published(entry: dict[str, str]) -> None:
    assert hashlib.sha512((VENDOR / entry["path"]).read_bytes()).hexdigest() == entry["sha512"]


def test_every_vendored_file_is_locked_and_every_package_brings_its_licence() -> None:
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"vendor.lock"}
    assert present == {entry["path"] for entry in LOCK}
    for folder in {Path(entry["path"]).parent for entry in LOCK}:
        assert (VENDOR / folder / "LICENSE").is_file()


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(WEB)))
def test_no_file_names_another_host_or_carries_script_or_style_inline(path: Path) -> None:
    """The content security policy would refuse it; better that it is never written."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", text.replace("http://www.w3.org/2000/svg", "")) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*src=)", text) == []
    assert "eval(" not in text
    assert "innerHTML" not in text
