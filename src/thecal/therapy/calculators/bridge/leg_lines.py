"""What leaves the tip, as lines: how long each fluid takes, what each drug then gives a day, and how many times that is
of the dose it is held against.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.drugs import drug
from thecal.therapy.calculation import Line
from thecal.therapy.showing import ratio_text
from thecal.therapy.tip import Leg


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """The exact 24-hour dose of one drug, in ng, that others are held against, and what it is: ``dose wanted after``.

    0: there is nothing to compare with.
    """

    drug: str
    ng_per_day: Fraction
    words: str


def leg_lines(key: str, label: str, legs: Iterable[Leg], against: Iterable[HeldAgainst]) -> Iterator[Line]:
    """Volume and time of each leg, and for each drug its 24-hour dose and the ratio; nothing for an unknown fluid."""
    drugs = tuple(against)
    for number, leg in enumerate(legs, start=1):
        at = f"{key}.{number}"
        yield Line(f"{at}.volume", f"{label}: volume", leg.volume, "mL")
        yield Line(f"{at}.lasts", f"{label}: time", leg.lasts, "h")
        for each in drugs if leg.known else ():
            known = drug(each.drug)
            words = f"{label}: {known.display}"
            yield Line(f"{at}.{each.drug}", words, leg.dose(each.drug), f"{known.dose_unit}/day")
            if each.ng_per_day:
                ratio = Fraction(leg.exact_dose(each.drug), each.ng_per_day)
                yield Line(f"{at}.{each.drug}.ratio", f"{words}, times the {each.words}", ratio_text(ratio))
