"""The drug library of a site: the catalogue's limits, tightened by the site file, in the counts a pump holds.

Soft is the lowest that label, consensus (PACC 2017) and the site name: it may be passed by an acknowledgement that
stays on show. Hard is the built-in ceiling, or what the site put in its place. The step up is soft above the lowest
step ratio of the drugs. The catalogue names no dose of a single bolus, so none is declared. A drug for which neither
library nor site vouches is not in it, and the pump refuses it.
"""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from typing import Any

from thecal.catalogue.drug_parts import Limits
from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.listing import entries
from thecal.catalogue.site import Site, site
from thecal.device import DrugLimits, Library, Limit

_DIGEST_LETTERS = 8
_PERCENT = 100


def library_of(site_file: str) -> Library:
    """The library for the text of a site file; its version follows from name and text, so a change is another version.

    Raises CatalogueError, one line, for a site file that cannot be used.
    """
    at = site(site_file)
    known = [drug(key).at_site(at) for key in entries("drugs")]
    held = [each for each in known if not each.needs_site_limits]
    lowest = min(each.step_ratio for each in held)
    return Library(_version(at, site_file), tuple(_limits_of(each) for each in held), _step_up(lowest))


def _version(at: Site, text: str) -> str:
    name = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in at.name)
    return f"{name[:30]} {sha256(text.encode()).hexdigest()[:_DIGEST_LETTERS]}"


def _limits_of(known: Drug) -> DrugLimits:
    return DrugLimits(known.key, _limit(known.concentration), _limit(known.daily_dose))


def _limit(limits: Limits[Any]) -> Limit:
    hard = None if limits.hard is None else limits.hard.amount.count
    named = [each.amount.count for each in (limits.label, limits.consensus, limits.site) if each is not None]
    soft = min(named, default=None)
    if soft is not None and hard is not None:
        soft = min(soft, hard)
    return Limit(soft, hard)


def _step_up(ratio: Fraction) -> Limit:
    return Limit(soft=int((ratio - 1) * _PERCENT))
