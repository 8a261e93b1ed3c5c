"""The exact solution: any release at any millisecond, any output time, and a mass balance that is always checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from thecal.neuraxis.entry import at_the_tip
from thecal.neuraxis.grid import FloatArray
from thecal.neuraxis.modes import ModalArray, decompose
from thecal.neuraxis.release import IntArray, Pieces, Release, cut
from thecal.neuraxis.samples import Samples, observe
from thecal.neuraxis.spine import Spine

MS_PER_H = 3_600_000.0
MASS_TOLERANCE = 1e-9  # of the drug given
PIECES_AT_ONCE = 4096  # bounds the memory for one stretch with very many strokes


class MassBalanceError(ArithmeticError):
    """Drug in the body plus drug excreted differs from drug given: the run must not be believed."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One drug in one neuraxis at one instant. Belongs to the spine it was started for; never changed in place."""

    spine: Spine
    at_ms: int
    given_ng: float
    weights: ModalArray


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A finished run: what was read at the times asked for, and the state at the last of them."""

    samples: Samples
    end: State


class ExactEngine:
    """Advances one spine exactly between any two instants, at the cost of one exponential per mode and event.

    Agrees with a dense matrix exponential to 1e-10 of the peak. Every run checks that compartments and excreted drug
    add up to what was given, to 1e-9.
    """

    def __init__(self, spine: Spine) -> None:
        """Take the spine apart once; raises SpectrumError when that cannot be done accurately."""
        self.spine = spine
        self._modes = decompose(spine)
        self._tip = self._modes.weights_of(at_the_tip(spine))
        self._mass_of_mode = self._modes.vectors[: spine.layout.core + 1].sum(axis=0)

    def start(self, at_ms: int = 0) -> State:
        """A neuraxis without drug."""
        return State(self.spine, at_ms, 0.0, np.zeros_like(self._modes.rates_per_h))

    def inject(self, state: State, shares: FloatArray, mass_ng: float) -> State:
        """A dose given at this instant by another way than the tip; ``shares`` comes from ``entry``.

        Raises ValueError for shares that do not add up to one, or a mass that is not positive and finite.
        """
        self._own(state)
        inside = shares[: self.spine.layout.core]
        if abs(float(inside.sum()) - 1) > 1e-12 or float(inside.min()) < 0:
            raise ValueError("the shares of a dose must not be negative and must add up to one")
        if not 0 <= mass_ng < np.inf:
            raise ValueError(f"the mass of a dose must be finite and not negative, not {mass_ng} ng")
        weights = state.weights + mass_ng * self._modes.weights_of(shares)
        return replace(state, given_ng=state.given_ng + mass_ng, weights=weights)

    def advance(self, state: State, releases: Sequence[Release], to_ms: int) -> State:
        """The state at ``to_ms``, with each release handed over once and inside [state.at_ms, to_ms].

        Raises ValueError for a time before the state or a release outside, MassBalanceError when drug is missing.
        """
        weights, given_ng = self._run(state, releases, np.array([to_ms], dtype=np.int64))
        return State(self.spine, to_ms, float(given_ng[-1]), weights[-1])

    def sample(self, state: State, releases: Sequence[Release], times_ms: Sequence[int]) -> Samples:
        """What is read at these times; choosing other times never changes a value. Errors as ``advance``."""
        return self.course(state, releases, times_ms).samples

    def course(self, state: State, releases: Sequence[Release], times_ms: Sequence[int]) -> Course:
        """As ``sample``, and the state at the last time, to go on from. Errors as ``advance``."""
        times = np.array(times_ms, dtype=np.int64)
        weights, given_ng = self._run(state, releases, times)
        amounts = np.real(weights @ self._modes.vectors.T).astype(np.float64, copy=False)
        end = State(self.spine, int(times[-1]), float(given_ng[-1]), weights[-1])
        return Course(observe(self.spine, times, amounts, given_ng), end)

    def amounts_ng(self, state: State) -> FloatArray:
        """The whole state vector (``spine.names``): amounts in ng, followers in ng/mL."""
        self._own(state)
        return np.real(self._modes.vectors @ state.weights).astype(np.float64, copy=False)

    def _own(self, state: State) -> None:
        if state.spine is not self.spine:
            raise ValueError("this state was started for another spine")

    def _run(self, state: State, releases: Sequence[Release], times_ms: IntArray) -> tuple[ModalArray, FloatArray]:
        """Weights of all modes at each time, and the drug given by then."""
        self._own(state)
        if len(times_ms) == 0 or times_ms[0] < state.at_ms or np.any(np.diff(times_ms) < 0):
            raise ValueError(f"output times must be in order and not before the state at {state.at_ms} ms")
        pieces = cut(releases, state.at_ms, times_ms)
        bounds = pieces.up_to(len(times_ms))
        steps_ms = np.diff(times_ms, prepend=state.at_ms)
        fades: dict[int, ModalArray] = {}
        course = np.empty((len(times_ms), len(state.weights)), dtype=state.weights.dtype)
        weights = state.weights
        for stretch, step_ms in enumerate(steps_ms.tolist()):
            if step_ms not in fades:
                fades[step_ms] = np.exp(self._modes.rates_per_h * (step_ms / MS_PER_H))
            weights = weights * fades[step_ms]
            for first in range(bounds[stretch], bounds[stretch + 1], PIECES_AT_ONCE):
                chosen = slice(first, min(first + PIECES_AT_ONCE, bounds[stretch + 1]))
                weights = weights + self._arrived(pieces, chosen, int(times_ms[stretch]))
            course[stretch] = weights
        by_stretch = np.add.reduceat(np.append(pieces.mass_ng, 0.0), bounds[:-1]) * (np.diff(bounds) > 0)
        given_ng = state.given_ng + np.cumsum(by_stretch)
        self._check_mass(course, given_ng)
        course.setflags(write=False)
        return course, given_ng

    def _arrived(self, pieces: Pieces, chosen: slice, at_ms: int) -> ModalArray:
        """What pieces of release have become by ``at_ms``, as weights of the modes."""
        rates = self._modes.rates_per_h
        since_h = (at_ms - pieces.end_ms[chosen]) / MS_PER_H
        lasted_h = (pieces.end_ms[chosen] - pieces.start_ms[chosen]) / MS_PER_H
        faded = np.exp(np.multiply.outer(since_h, rates))
        if lasted_h.any():
            faded = faded * _averaged_exponential(np.multiply.outer(lasted_h, rates))
        arrived: ModalArray = (pieces.mass_ng[chosen] @ faded) * self._tip
        return arrived

    def _check_mass(self, course: ModalArray, given_ng: FloatArray) -> None:
        found_ng = (course @ self._mass_of_mode).real
        missing = ~(np.abs(found_ng - given_ng) <= MASS_TOLERANCE * given_ng)  # also catches what is not a number
        if missing.any():
            first = int(np.argmax(missing))
            raise MassBalanceError(f"{found_ng[first]:.9g} ng found of {given_ng[first]:.9g} ng given")


def steady_state(spine: Spine, rate_ng_per_h: float) -> Samples:
    """What a constant infusion at the tip leads to, by one linear solve; ``given`` and ``excreted`` are infinite.

    Raises ValueError for a rate that is not positive and finite.
    """
    if not 0 < rate_ng_per_h < np.inf:
        raise ValueError(f"an infusion must have a rate above zero, not {rate_ng_per_h} ng/h")
    core, matrix = spine.layout.core, spine.matrix_per_h
    amounts = np.zeros(spine.layout.size)
    amounts[:core] = np.linalg.solve(-matrix[:core, :core], rate_ng_per_h * at_the_tip(spine)[:core])
    following = slice(core + 1, spine.layout.size)
    amounts[following] = matrix[following, :core] @ amounts[:core] / -np.diag(matrix)[following]
    amounts[spine.layout.excreted] = np.inf
    return observe(spine, np.zeros(1, dtype=np.int64), amounts[None, :], np.array([np.inf]))


def _averaged_exponential(exponent: ModalArray) -> ModalArray:
    """(exp x - 1) / x, the mean of exp over a stretch; 1 at x = 0."""
    safe: Any = np.where(exponent == 0, 1.0, exponent)
    averaged: ModalArray = np.where(exponent == 0, 1.0, np.expm1(safe) / safe)
    return averaged
