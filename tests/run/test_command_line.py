"""The command line itself: quick to help, one clear line and status 2 for what cannot be used."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.processes


def thecal(*arguments, given=""):
    return subprocess.run(
        [sys.executable, "-m", "thecal.cli.main", *arguments], input=given, capture_output=True, text=True, timeout=60
    )


def test_help_names_the_commands_and_loads_none_of_them():
    program = (
        "import sys, thecal.cli.main\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('numpy', 'django', 'aiocoap', 'uvicorn')"
        " or name.startswith(('thecal.run', 'thecal.bench', 'thecal.pump'))])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
    helped = thecal("--help")
    assert helped.returncode == 0
    for command in ("up", "simulate", "scenario"):
        assert command in helped.stdout


@pytest.mark.parametrize("command", [("simulate",), ("scenario", "run")])
def test_a_document_that_cannot_be_used_gets_one_line_and_status_2(command, tmp_path):
    for path in (tmp_path / "nothing.toml", tmp_path):
        answer = thecal(*command, str(path))
        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)
        assert str(path) in answer.stderr
    answer = thecal(*command, "-", given="id = 3\n")
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("command", [("simulate",), ("scenario", "run")])
def test_a_document_must_be_named(command):
    answer = thecal(*command)
    assert answer.returncode == 2
    assert "name a document" in answer.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(port):
    assert thecal("up", "--clinic-port", port).returncode == 2
