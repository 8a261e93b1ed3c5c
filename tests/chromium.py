"""Chromium for the tests in a browser: found on this machine, or installed from its distribution when we may."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium on this machine: install the package chromium, or name one in THECAL_CHROMIUM"


def find() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("THECAL_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)


def find_or_install() -> str | None:
    """As ``find``; as root on a Debian machine, install it first if need be."""
    if find() is None and not os.environ.get("THECAL_CHROMIUM") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", "chromium")):
            print(f"no Chromium found: apt-get {step[0]} ...", flush=True)
            if subprocess.run(["apt-get", *step], env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
                break
    return find()
