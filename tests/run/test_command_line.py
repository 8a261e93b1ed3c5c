"""The command line itself: quick to help, one clear line and status 2 for what cannot be used."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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
    for command in ("up", "simulate", "plan", "check", "scenario"):
        assert command in helped.stdout
    assert "..." not in helped.stdout.partition("Commands:")[2]  # nothing is cut
    assert "not a medical device" in " ".join(helped.stdout.split())


def test_a_plan_and_a_check_load_neither_numerics_nor_servers():
    program = (
        "import sys, thecal.cli.plan, thecal.cli.check\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('numpy', 'django', 'aiocoap')"
        " or name.startswith(('thecal.bench', 'thecal.pump', 'thecal.neuraxis'))])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("command", [("simulate",), ("scenario", "run"), ("plan", "bridge"), ("check",)])
def test_a_document_that_cannot_be_used_gets_one_line_and_status_2(command, tmp_path):
    for path in (tmp_path / "nothing.toml", tmp_path):
        answer = thecal(*command, str(path))
        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)
        assert str(path) in answer.stderr
    answer = thecal(*command, "-", given="id = 3\n")
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("arguments", "told_of"),
    [
        *((("up", "--clinic-port", port), "--clinic-port") for port in ("0", "65536", "http")),
        (("up", "--data", ""), "--data"),
        (("simulate",), "CASE"),
        (("scenario", "run"), "FILE"),
        (("plan", "bridge"), "document"),
        (("plan", "nothing"), "bridge"),
        (("plan", "--schema"), "KIND"),
        (("plan", "nothing", "--schema"), "bridge"),
        (("check",), "DOCUMENT"),
        (("check", "-", "--site", "-"), "--site"),
        (("check", "a.toml", "b.toml"), "b.toml"),
        (("simulate", "--nothing"), "--nothing"),
        (("nothing",), "nothing"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line_with_status_2(arguments, told_of):
    answer = thecal(*arguments)
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)
    assert told_of in answer.stderr


DEEP, LONG = 3_000, "9" * 6_000


@pytest.mark.parametrize(
    "document",
    ['{"a":' * DEEP, "a = " + "[" * DEEP, f'{{"a": {LONG}}}', f"a = {LONG}", f'title = "{LONG}"', b"\xff", b"\0"],
    ids=["deep JSON", "deep TOML", "long JSON number", "long TOML number", "long text", "no UTF-8", "zero bytes"],
)
@pytest.mark.parametrize("command", [("simulate",), ("plan", "bridge"), ("check",)], ids=" ".join)
def test_a_document_made_to_hurt_gets_one_line(command, document, tmp_path):
    path = tmp_path / "case.toml"
    path.write_bytes(document if isinstance(document, bytes) else document.encode())
    answer = thecal(*command, str(path))
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)


CHECK = Path(__file__).parents[2] / "examples" / "checks" / "sound-step.toml"
SCHEMA, PLANS, CHECKED = ("simulate", "--schema"), ("plan", "--json"), ("check", str(CHECK))


@pytest.mark.parametrize("command", [SCHEMA, PLANS, CHECKED], ids=["simulate", "plan", "check"])
@pytest.mark.parametrize(
    ("sink", "status", "told"), [("> /dev/full", 2, "thecal: standard output: "), (">&-", 0, ""), ("| true", 0, "")]
)
def test_output_that_nobody_takes_is_no_traceback(command, sink, status, told):
    ended = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m thecal.cli.main {' '.join(command)} {sink}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == status
    assert ended.stderr.startswith(told)
    assert ended.stderr.count("\n") == (1 if told else 0)


def test_a_terminal_that_knows_only_ascii_gets_every_word():
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
    told = subprocess.run(
        [sys.executable, "-m", "thecal.cli.main", *CHECKED], capture_output=True, env=surroundings, timeout=60
    )
    assert (told.returncode, told.stderr) == (0, b"")
    assert b"Verdict: \\u25cf INFO" in told.stdout


@pytest.mark.parametrize("command", [("simulate",), ("plan", "bridge"), ("check",)], ids=" ".join)
def test_ctrl_c_ends_a_command_quietly(command):
    process = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); from thecal.cli.main import main; main()", *command, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        process.stdout.readline()
        time.sleep(0.5)  # until it waits for its document
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == b""
