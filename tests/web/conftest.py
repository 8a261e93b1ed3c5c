"""The three sites in one process: the clinic's settings, and those of the other two laid over them where asked."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django
import pytest

_DATA = tempfile.TemporaryDirectory(prefix="thecal-web-")
_TOLD = {
    "THECAL_DATA": _DATA.name,
    "THECAL_CONTROL": f"{_DATA.name}/nobody.sock",
    "THECAL_ALLOWED": "8470,8471,8472",
    "DJANGO_SETTINGS_MODULE": "thecal.web.clinic.settings",
}
_BEFORE = {name: os.environ.get(name) for name in _TOLD}
os.environ.update(_TOLD)
django.setup()
for _name, _value in _BEFORE.items():  # processes that other tests start are told nothing of this
    os.environ.pop(_name)
    if _value is not None:
        os.environ[_name] = _value

from tests.web.bedside import Bedside, enrolled, signed_in  # noqa: E402 - Django must be set up first


@pytest.fixture
def data(tmp_path: Path, settings: object) -> Path:
    """An empty data folder that the sites believe in."""
    from dataclasses import replace

    from django.conf import settings as django_settings

    places = replace(django_settings.SURROUNDINGS, data=tmp_path, control=tmp_path / "nobody.sock")
    settings.SURROUNDINGS = places  # type: ignore[attr-defined]
    # Passwords of these tests are worth nothing, and Argon2 takes its time on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    (tmp_path / "clinic" / "keys").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def bedside(db: None, data: Path, monkeypatch: pytest.MonkeyPatch) -> Bedside:  # noqa: ARG001 - a database
    """A clinic with one signed-in clinician and one patient whose pump runs in this process."""
    found = Bedside(enrolled("new-implant"), data)
    found.take_the_place_of_link_and_bench(monkeypatch)
    signed_in(found)
    return found


@pytest.fixture
def site(request: pytest.FixtureRequest, data: Path, settings: object) -> str:  # noqa: ARG001 - a data folder
    """The site named by the test's parameter (``patient`` or ``room``) instead of the clinic."""
    from importlib import import_module

    name: str = request.param
    theirs = import_module(f"thecal.web.{name}.settings")
    for setting in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "CSRF_COOKIE_NAME", "INSTALLED_APPS"):
        setattr(settings, setting, getattr(theirs, setting))
    return name
