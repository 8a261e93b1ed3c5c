"""The model taken apart into modes that each fade by themselves, so that any instant is reached in one step.

The body (core) is decomposed by the general eigenvalue problem: with the return of drug from plasma some patients
have genuine complex pairs, so no symmetry is assumed. What only follows the body (excreted drug, delayed effect
sites) has known rates; its share in each mode is written down instead of computed, which keeps the rate of excreted
drug exactly zero over any number of years.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thecal.neuraxis.grid import FloatArray
from thecal.neuraxis.spine import Spine

ModalArray = NDArray[np.inexact[Any]]  # real when every rate is real, else complex

LARGEST_CONDITION = 1e7  # beyond it the modes are too nearly parallel to promise 1e-9; patients audited stay below 2e3
NEAREST_RATES = 1e-5  # a follower this close (relative) to a mode is moved by 3 of these: see `_follower_rates`


class SpectrumError(ArithmeticError):
    """The modes of this neuraxis are too nearly parallel for an exact solution to be promised."""


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """x(t) = vectors @ (weights * exp(rates_per_h * t))."""

    rates_per_h: ModalArray
    vectors: ModalArray

    def weights_of(self, amounts: FloatArray) -> ModalArray:
        """How much of each mode makes up these amounts."""
        weights: ModalArray = np.linalg.solve(self.vectors, amounts.astype(self.vectors.dtype))
        return weights


def decompose(spine: Spine) -> Modes:
    """The modes of a spine. Raises SpectrumError when they are too nearly parallel."""
    core = spine.layout.core
    matrix = spine.matrix_per_h
    core_rates, core_vectors = np.linalg.eig(matrix[:core, :core])
    condition = float(np.linalg.cond(core_vectors))
    if not condition < LARGEST_CONDITION:
        raise SpectrumError(f"modes of the neuraxis are nearly parallel (condition {condition:.1e})")
    follower_rates = _follower_rates(np.diag(matrix)[core:], core_rates)
    size = spine.layout.size
    vectors = np.zeros((size, size), dtype=core_vectors.dtype)
    vectors[:core, :core] = core_vectors
    vectors[core:, :core] = (matrix[core:, :core] @ core_vectors) / (core_rates[None, :] - follower_rates[:, None])
    vectors[core:, core:] = np.eye(size - core)
    rates = np.concatenate((core_rates, follower_rates.astype(core_rates.dtype)))
    for array in (rates, vectors):
        array.setflags(write=False)
    return Modes(rates, vectors)


def _follower_rates(rates_per_h: FloatArray, core_rates: ModalArray) -> FloatArray:
    """The rates of what follows, moved by 3e-5 of themselves where they would coincide with a mode of the body.

    At coincidence the two modes become one with a secular term. The rate of an effect site is known to one digit,
    so the shift is harmless; excreted drug (rate zero) never coincides, because every mode of the body fades.
    """
    moved = rates_per_h.copy()
    for position, rate in enumerate(rates_per_h):
        if np.any(np.abs(core_rates - rate) < NEAREST_RATES * np.abs(rate)):
            moved[position] = rate * (1 + 3 * NEAREST_RATES)
    return moved
