"""The same model solved another way: a dense matrix exponential, with a constant release as one more state."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from thecal.neuraxis import Release, Spine, at_the_tip

MS_PER_H = 3_600_000.0
HOUR = 3_600_000
DAY = 24 * HOUR


def dense_solution(
    spine: Spine, releases: Sequence[Release], to_ms: int, start: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """State vector at ``to_ms``: interval by interval between events, each interval by one Padé exponential."""
    size = spine.layout.size
    tip = at_the_tip(spine)
    state = np.zeros(size) if start is None else start.copy()
    events = sorted({0, to_ms} | {release.start_ms for release in releases} | {release.end_ms for release in releases})
    for begin, end in zip(events, [*events[1:], events[-1]], strict=True):
        state = state + tip * sum(r.mass_ng for r in releases if r.start_ms == r.end_ms == begin)
        running = [r for r in releases if r.start_ms <= begin and end <= r.end_ms and r.start_ms < r.end_ms]
        rate_per_h = sum(r.mass_ng / ((r.end_ms - r.start_ms) / MS_PER_H) for r in running)
        joined = np.zeros((size + 1, size + 1))
        joined[:size, :size] = spine.matrix_per_h
        joined[:size, size] = tip  # the rate itself goes into the state, so as not to spoil the norm of the matrix
        state = (expm(joined * ((end - begin) / MS_PER_H)) @ np.append(state, rate_per_h))[:size]
    return state


def relative_error(
    spine: Spine,
    found: NDArray[np.float64],
    true: NDArray[np.float64],
) -> float:
    """Largest error of any position, relative to the peak of its kind: amounts in the body, readings of followers.

    Both arrays are [position] or [time, position]; the peak is taken over all of them.
    """
    core = spine.layout.core + 1
    kinds = [slice(0, core)] + ([slice(core, spine.layout.size)] if spine.layout.size > core else [])
    return max(float(np.abs((found - true)[..., kind]).max() / np.abs(true[..., kind]).max()) for kind in kinds)
