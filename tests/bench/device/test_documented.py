"""The page on the bench: every Python example is run as it stands, one after the other."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import thecal.bench.device

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "bench.md"
BLOCK = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_example_of_the_page_does_what_the_page_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    text = PAGE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) > 5
    told: list[str] = []
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    result = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(test, out=told.append)
    assert result.attempted > 40
    assert not result.failed, "".join(told)


def test_every_fault_and_every_name_of_the_package_stands_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    faults = [name for name in vars(thecal.bench.device.Faults) if not name.startswith("_") and name != "bytes_moved"]
    assert [name for name in faults if f"`{name}" not in text] == []
