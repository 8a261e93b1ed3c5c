"""The square root of a fraction, in whole parts and never too small: for uncertainty, which is counted up."""

from __future__ import annotations

from fractions import Fraction


def root_above(square: Fraction, parts: int) -> Fraction:
    """The smallest number of ``1/parts`` whose square is at least ``square``. Raises ValueError below zero."""
    if square < 0:
        raise ValueError("a negative number has no square root")
    scaled = square * parts * parts
    least = -(-scaled.numerator // scaled.denominator)
    below = _whole_root(least)
    return Fraction(below if below * below == least else below + 1, parts)


def _whole_root(number: int) -> int:
    """The largest whole number whose square is at most ``number`` (Newton's steps from above)."""
    if number == 0:
        return 0
    root = 1 << (number.bit_length() + 1) // 2
    while (nearer := (root + number // root) // 2) < root:
        root = nearer
    return root
