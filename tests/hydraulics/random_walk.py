"""An oracle for fronts in a tube: particles that drift on a parabola and diffuse across it, not along it."""

from __future__ import annotations

import numpy as np


def exits(tau: float, particles: int, seed: int) -> np.ndarray:
    """Sorted moments at which particles leave the tube, in units of the mean time of passage.

    They enter in proportion to the flow, so that the share of them that has left is the strength of what leaves.
    Lengths in radii, times in radii squared over the diffusivity; the wall reflects.
    """
    chance = np.random.default_rng(seed)
    radius = np.sqrt(1 - np.sqrt(1 - chance.random(particles)))
    angle = 2 * np.pi * chance.random(particles)
    across = np.stack([radius * np.cos(angle), radius * np.sin(angle)])
    along, left = np.zeros(particles), np.full(particles, np.inf)
    step, now, inside = min(0.004, tau / 200), 0.0, np.arange(particles)
    while inside.size and now < 6 * tau + 3:
        here = across[:, inside]
        there = here + chance.normal(0, np.sqrt(2 * step), here.shape)
        distance = np.hypot(*there)
        there *= np.where(distance > 1, (2 - distance) / np.maximum(distance, 1e-12), 1)
        moved = step * (2 - np.sum(here**2, axis=0) - np.sum(there**2, axis=0))
        reached = along[inside] + moved
        out = reached >= tau
        left[inside[out]] = now + step * ((tau - along[inside]) / moved)[out]
        along[inside], across[:, inside] = reached, there
        inside, now = inside[~out], now + step
    return np.sort(left) / tau
