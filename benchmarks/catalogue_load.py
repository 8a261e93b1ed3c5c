"""How long the whole catalogue takes to load in a new process, imports aside; the target is 50 ms."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from statistics import median
from time import perf_counter

TARGET_MS = 50
REPEATS = 7


def main() -> None:
    """Print the median of some new processes beside the target, and how much of it is parsing TOML."""
    runs = [_run() for _ in range(REPEATS)]
    whole, parsing, files = (median(each) for each in zip(*runs, strict=True))
    print(f"  every drug, pump, catheter and table: {whole:.0f} ms (target {TARGET_MS} ms)")
    print(f"  parsing its {files:.0f} files alone, as TOML without anything else: {parsing:.0f} ms")


def _run() -> tuple[float, ...]:
    program = "from benchmarks.catalogue_load import load_all; load_all()"
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    return tuple(map(float, printed.split()))


def load_all() -> None:
    """In a new process: build every entry of the catalogue once, then parse the files again; print ms, ms, files."""
    import tomllib

    from thecal.catalogue import catheters, conversions, drugs, listing, mixtures, policy, precautions, pumps

    began = perf_counter()
    for key in listing.entries("drugs"):
        drugs.drug(key)
    for key in pumps.pump_models():
        pumps.pump_model(key)
    for key in catheters.catheters():
        catheters.catheter(key)
    for table in (policy.policy, mixtures.mixtures, conversions.conversions, precautions.precautions):
        table()
    loaded = perf_counter()
    folder = resources.files("thecal.catalogue").joinpath("data")
    used = [
        *(each for name in ("drugs", "pumps", "constant_flow", "catheters") for each in folder.joinpath(name).iterdir())
    ]
    used += [folder.joinpath(f"{name}.toml") for name in ("policy", "mixtures", "conversions", "precautions")]
    texts = [each.read_text(encoding="utf-8") for each in used]
    parsing = perf_counter()
    for text in texts:
        tomllib.loads(text)
    print((loaded - began) * 1e3, (perf_counter() - parsing) * 1e3, len(texts))


if __name__ == "__main__":
    main()
