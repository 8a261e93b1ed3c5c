"""Modelled numbers as they are written, on a page and on a terminal alike: only the digits a model can know."""

from __future__ import annotations

from fractions import Fraction

NG_PER = {"mg": 1_000_000, "microgram": 1_000}  # by the unit a drug's doses are shown in


def three_digits(value: float) -> str:
    """A number as exact as a model is: three significant digits, thousands apart, no power of ten, no trailing zero."""
    if value == 0:
        return "0"
    if abs(value) < 0.001:
        return "< 0.001"
    decimals = max(0, 2 - _power(value))
    text = f"{round(value, 2 - _power(value)):,.{decimals}f}".replace(",", "\u202f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def mass_text(ng: Fraction | float, unit: str) -> str:
    """An amount of drug in its own unit, three digits, without the unit. KeyError for a unit no drug is shown in."""
    return three_digits(float(ng / NG_PER[unit]))


def _power(value: float) -> int:
    return int(f"{value:.2e}".partition("e")[2])
