"""What all tests share: a browser, or a reason why there is none."""

from __future__ import annotations

import os

import pytest

from tests import chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser are skipped, with the reason, where there is none; in CI that is a failure instead."""
    if os.environ.get("CI") == "true" or chromium.find() is not None:
        return
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium to drive. Fails in CI when there is none."""
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.MISSING)
    return found
