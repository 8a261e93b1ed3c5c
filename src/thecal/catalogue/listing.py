"""Which entries a folder of the catalogue holds."""

from __future__ import annotations

from importlib import resources


def entries(folder: str) -> tuple[str, ...]:
    """Keys (file names without ``.toml``) in a data folder, sorted."""
    found = resources.files("thecal.catalogue").joinpath("data", folder)
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in found.iterdir() if entry.name.endswith(".toml")))
