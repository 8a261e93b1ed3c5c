"""The layers of the pump's verification: what each is asked for, and how it is run over a range of seeds.

A layer stands in a module of its own, which is loaded only where it is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from verification.pump_tally import Tally

CORE = ("src/thecal/device/*.py", "src/thecal/pump/**/*.py", "verification/pump*.py")
ORACLE = (*CORE, "tests/oracle/*.py")
MEMORY = (*CORE, "src/thecal/implant/*.py", "src/thecal/telemetry/*.py", "tests/implant/*.py")
ALL = ("src/thecal/**/*.py", "verification/pump*.py")


@dataclass(frozen=True, slots=True)
class Layer:
    """One way of looking at the pump, over the seeds 1 to ``seeds``, ``batch`` at a time in one process.

    At least ``least`` of its own ``unit`` are asked for, and no failure. ``run`` has the module, the first and the last
    seed, both included. What it gave holds for the code that the layer ``looks_at``, and for no other.
    """

    name: str
    module: str
    run: Callable[[Any, int, int], Tally]
    seeds: int
    batch: int
    least: int
    unit: str
    looks_at: tuple[str, ...] = CORE

    @property
    def is_there(self) -> bool:
        """Whether its module is."""
        return find_spec(f"verification.{self.module}") is not None

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The batches of seeds."""
        for first in range(1, self.seeds + 1, self.batch):
            yield first, min(first + self.batch - 1, self.seeds)

    def tally(self, first: int, last: int) -> Tally:
        """Run a batch. What it asserts and does not find is one failure."""
        try:
            return self.run(import_module(f"verification.{self.module}"), first, last)
        except AssertionError as broken:
            return Tally(0, (str(broken).partition("\n")[0] or "an assertion does not hold",))


def _plain(module: Any, first: int, last: int) -> Tally:
    tally: Tally = module.run(first, last)
    return tally


def _theorems(module: Any, first: int, last: int) -> Tally:
    tally: Tally = module.theorems(first, last)
    return tally


def _contracts(module: Any, first: int, last: int) -> Tally:
    tally: Tally = module.contracts(first, last)
    return tally


def _oracle(module: Any, first: int, last: int) -> Tally:
    figures = module.run(first, last)
    failures = tuple(f"seed {seed}: {words}" for seed, words in figures.disagreements)
    return Tally(figures.programs, failures, f"{figures.stories} stories; {figures.days} pump-days")


LAYERS = (
    Layer("states", "pump_states", _plain, 12, 1, 5_000_000, "transitions of every small pump, I1-I14"),
    Layer("theorems", "pump_proofs", _theorems, 19, 19, 19, "theorems proved by z3"),
    Layer("contracts", "pump_proofs", _contracts, 22, 2, 10, "contracts checked by CrossHair"),
    Layer("oracle", "pump_oracle", _oracle, 400, 20, 1_000, "programs compared with a second pump", ORACLE),
    Layer("power", "pump_power", _plain, 200, 5, 1_000_000, "losses of power at every byte, I11", MEMORY),
    Layer("stateful", "pump_stateful", _plain, 40, 2, 200_000, "rules of the stateful tests", ALL),
    Layer("simulation", "pump_simulation", _plain, 400, 20, 10_000, "simulated pump-days", ALL),
)
