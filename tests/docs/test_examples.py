"""Every command a document shows is run, and prints what the page says."""

from __future__ import annotations

import re
import shlex

import pytest

from .examples import DOCUMENTS, ROOT, agrees, examples, printed, rewritten

SHOWN = list(examples())


@pytest.mark.parametrize("example", SHOWN, ids=str)
def test_a_documented_command_prints_what_the_page_says(example):
    found = printed(example.command)
    assert agrees(example.told, found), found


def test_the_page_on_planning_shows_every_kind_of_plan_and_a_check():
    from thecal.therapy.calculators import KINDS

    commands = [each.command for each in SHOWN if each.document.name == "planning.md"]
    assert {tuple(shlex.split(each)[1:3]) for each in commands} >= {("plan", kind) for kind in KINDS}
    named = {name for each in commands for name in re.findall(r"examples/checks/([\w-]+)\.toml", each)}
    assert named == {path.stem for path in (ROOT / "examples" / "checks").glob("*.toml")}


def test_commands_shown_without_their_output_run_too(tmp_path):
    """Verify for every thecal command in a shell block, in a folder of its own, that it ends with 0. Those that start
    servers are run by tests of their own.
    """
    for folder in ("examples", "scenarios"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    text = "\n".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [line.partition("#")[0].split() for block in blocks for line in block.splitlines()]
    commands = [arguments for program, *arguments in filter(None, lines) if program.endswith("thecal")]
    assert commands
    for arguments in commands:
        assert printed(f'thecal {shlex.join(arguments)}; echo "status $?"', tmp_path).endswith("status 0\n"), arguments


@pytest.mark.parametrize(
    ("told", "found", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a\n", "a\nb\n", False),
        ("a\n...\n", "a\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\n", "b\nc\n", False),
        ("a.\n", "ab\n", False),
    ],
)
def test_this_test_would_notice(told, found, same):
    assert agrees(told, found) is same


def test_rewriting_a_document_puts_right_what_it_says():
    page = 'Before.\n\n```console\n$ thecal plan nothing; echo "status $?"\nwrong\n```\n\nAfter.\n'
    right = rewritten(page)
    assert "wrong" not in right
    assert "'nothing' is not a kind of plan" in right
    assert right.startswith("Before.")
    assert right.endswith("status 2\n```\n\nAfter.\n")
    assert rewritten(right) == right
