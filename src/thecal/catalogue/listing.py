"""Which entries a folder of the catalogue holds."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources


@lru_cache
def entries(folder: str) -> tuple[str, ...]:
    """Keys (file names without ``.toml``) in a data folder, sorted; read once, for the data is part of the package."""
    found = resources.files("thecal.catalogue").joinpath("data", folder)
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in found.iterdir() if entry.name.endswith(".toml")))
