"""`make` sets up on machines that are not like ours."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOW = 'show-cache: ; @echo "$${UV_CACHE_DIR-home}"'


def _cache(**environment):
    """Where `make` lets uv keep its cache, under these variables and no others of the kind."""
    kept = {name: value for name, value in os.environ.items() if name not in ("HOME", "UV_CACHE_DIR", "MAKEFLAGS")}
    told = subprocess.run(
        [shutil.which("make"), "-s", "--no-print-directory", "--eval", SHOW, "show-cache"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


@pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}], ids=["none", "missing"])
def test_a_user_without_a_home_keeps_the_cache_in_the_checkout(home):
    assert _cache(**home) == str(ROOT / ".uv-cache")


def test_a_user_with_a_home_keeps_the_cache_there(tmp_path):
    assert _cache(HOME=str(tmp_path)) == "home"


def test_a_cache_that_was_named_is_used(tmp_path):
    assert _cache(UV_CACHE_DIR=str(tmp_path)) == str(tmp_path)
