"""The few SVG elements a figure is made of."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

INK = "#1f2430"
GREY = "#5b6270"
RULE = "#d9dce2"
PAPER = "#ffffff"


def text(x: float, y: float, words: str, *, anchor: str = "start", size: float = 12, colour: str = INK) -> str:
    """A line of text with its baseline at y."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def turned_text(x: float, y: float, words: str) -> str:
    """An axis title, read from bottom to top, centred at (x, y)."""
    return (
        f'<text transform="translate({x:.1f} {y:.1f}) rotate(-90)" font-size="12" fill="{GREY}" '
        f'text-anchor="middle">{escape(words)}</text>'
    )


def rule(x1: float, y1: float, x2: float, y2: float, colour: str = RULE, width: float = 1, dash: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{dashed}/>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, outline: str = "none") -> str:
    """A rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{outline}"/>'


def line_through(points: Iterable[tuple[float, float]], colour: str, width: float = 1.6) -> str:
    """A line through points."""
    drawn = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"/>'


def area_under(points: Iterable[tuple[float, float]], floor_y: float, colour: str) -> str:
    """A filled area between points and a floor."""
    found = list(points)
    drawn = "L".join(f"{x:.1f} {y:.1f}" for x, y in found)
    return f'<path d="M{found[0][0]:.1f} {floor_y:.1f}L{drawn}L{found[-1][0]:.1f} {floor_y:.1f}Z" fill="{colour}"/>'
