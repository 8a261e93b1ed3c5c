"""The pump: layers of verification, each a range of seeds spread over two processes, resumed where it was stopped.

What a range of seeds gave is kept under ``.verify`` with the hash of the code it looked at; as long as that is the
same it is not done again. A layer takes at most 40 minutes a run; what is left then is told, and done by the next run.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from verification.pump_layers import LAYERS, Layer
from verification.pump_tally import Tally
from verification.record import ROOT, Figure, append

WORK = ROOT / ".verify" / "pump"
WORKERS = 2
MINUTES = 40

Seeds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a batch gave, and how long one worker took for it."""

    tally: Tally
    seconds: float


def verify(*wanted: str) -> bool:
    """Run the layers named, or all there are; whether every figure is met. Raises SystemExit for an unknown name."""
    unknown = set(wanted) - {layer.name for layer in LAYERS}
    if unknown:
        raise SystemExit(f"no layer {', '.join(sorted(unknown))}; there are {', '.join(each.name for each in LAYERS)}")
    met = True
    for layer in LAYERS:
        if wanted and layer.name not in wanted:
            continue
        if not layer.is_there:
            print(f"{layer.name}: not there")
            met = False
            continue
        figure = measured(layer)
        append((figure,))
        told = "met" if figure.met else "MISSED"
        print(f"{layer.name}: {figure.measured} {told} ({figure.seconds:.0f} s)", flush=True)
        met = met and figure.met
    return met


def measured(layer: Layer) -> Figure:
    """Run what of a layer is not known yet, and add up what is."""
    code = code_hash(layer)
    kept = {seeds: known for seeds in layer.ranges() if (known := _recalled(layer, seeds, code)) is not None}
    left = [seeds for seeds in layer.ranges() if seeds not in kept]
    for seeds, found in _spread(layer, left):
        kept[seeds] = found
        _remember(layer, seeds, code, found)
        for failure in found.tally.failures:
            print(f"{layer.name} {seeds[0]}-{seeds[1]}: {failure}", flush=True)
    return _figure(layer, [kept[seeds] for seeds in layer.ranges() if seeds in kept])


def batch(name: str, seeds: Seeds) -> Kept:
    """Run one batch of a layer in this process."""
    began_s = time.monotonic()
    layer = next(each for each in LAYERS if each.name == name)
    return Kept(layer.tally(*seeds), time.monotonic() - began_s)


def _spread(layer: Layer, left: list[Seeds]) -> Iterator[tuple[Seeds, Kept]]:
    """Batches as they end, two at a time; none is begun after the layer's minutes."""
    began_s, waiting = time.monotonic(), iter(left)
    running: dict[Future[Kept], Seeds] = {}
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as workers:
        while True:
            while len(running) < WORKERS and time.monotonic() - began_s < 60 * MINUTES:
                seeds = next(waiting, None)
                if seeds is None:
                    break
                running[workers.submit(batch, layer.name, seeds)] = seeds
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                yield running.pop(each), each.result()


def _figure(layer: Layer, kept: list[Kept]) -> Figure:
    done = sum(each.tally.done for each in kept)
    failures = sum(len(each.tally.failures) for each in kept)
    left = len(list(layer.ranges())) - len(kept)
    told = [f"{done:,}", f"{failures} failures", *(_words(kept))]
    if left:
        told.append(f"{left} batches not run yet")
    seconds = sum(each.seconds for each in kept) / min(WORKERS, max(1, len(kept)))
    met = done >= layer.least and not failures and not left
    return Figure("pump", f">= {layer.least:,} {layer.unit}", "; ".join(told), met, seconds)


def _words(kept: list[Kept]) -> list[str]:
    """What the batches tell beside their numbers, parted by semicolons: numbers of the same words are added up."""
    parts = [part for each in kept for part in each.tally.words.split("; ") if part]
    sums: Counter[str] = Counter()
    for part in parts:
        number, _, words = part.partition(" ")
        sums[words if number.isdigit() else part] += int(number) if number.isdigit() else 0
    return [f"{number:,} {words}" if number else words for words, number in sums.items()]


def code_hash(layer: Layer) -> str:
    """The hash of all code that the layer looks at."""
    digest = hashlib.sha256()
    for pattern in layer.looks_at:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _place(layer: Layer, seeds: Seeds) -> Path:
    return WORK / layer.name / f"{seeds[0]}-{seeds[1]}.json"


def _recalled(layer: Layer, seeds: Seeds, code: str) -> Kept | None:
    place = _place(layer, seeds)
    if not place.exists():
        return None
    found_code, done, failures, words, seconds = json.loads(place.read_text(encoding="utf-8"))
    return Kept(Tally(done, tuple(failures), words), seconds) if found_code == code else None


def _remember(layer: Layer, seeds: Seeds, code: str, kept: Kept) -> None:
    place = _place(layer, seeds)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps([code, *kept.tally, kept.seconds]), encoding="utf-8")
