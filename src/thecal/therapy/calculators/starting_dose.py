"""From a worked-out first dose to the one that may be started: never above the strictest published start unasked.

Conversion and trial both end here. A person may ask for more and has then to type the reason; above every published
start a second person confirms [clinical 2.1, design rule].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from thecal.catalogue.drugs import Drug, Tolerance
from thecal.catalogue.quoted import Quoted
from thecal.quantities import DoseRate
from thecal.therapy.calculation import Line, SourceLine, cited
from thecal.therapy.calculators.on_paper import daily_unit
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.showing import amount_text, ratio_text
from thecal.therapy.starting import first_dose, strictest_start

FIELD = "first 24-hour dose"


@dataclass(frozen=True, slots=True)
class StartingDose:
    """A first 24-hour dose. ``start`` is None where more was asked for and is refused."""

    worked_out: DoseRate
    clamp: Quoted[DoseRate]  # the strictest published start for this patient
    proposed: DoseRate  # the smaller of both
    start: DoseRate | None


def starting_dose(
    known: Drug, tolerance: Tolerance | None, worked_out: DoseRate, wanted: DoseRate | None, reason: str | None
) -> tuple[StartingDose, tuple[Finding, ...]]:
    """The dose to start with and what there is to say about it. ``wanted`` None: what is proposed.

    Raises CatalogueError when the library holds no start for the drug, EntryRefused for a wanted dose of zero.
    """
    if wanted is not None and wanted.count == 0:
        raise EntryRefused("wanted_dose", "must be more than zero; leave it out to take what is proposed")
    clamp = strictest_start(known, tolerance)
    proposed = min(worked_out, clamp.amount)
    found = StartingDose(worked_out, clamp, proposed, proposed if wanted is None else wanted)
    findings = (*_clamped(known, found), *_asked_for(known, tolerance, found, wanted, reason))
    if any(each.verdict is Verdict.REFUSE for each in findings):
        found = replace(found, start=None)
    return found, findings


def starting_lines(known: Drug, found: StartingDose) -> tuple[Line, ...]:
    """The decision, step by step, in the drug's own unit."""
    unit = daily_unit(known)
    return (
        Line("worked_out", "worked out", found.worked_out, unit),
        Line("clamp", "strictest published start", found.clamp.amount, unit),
        Line("proposed", "proposed first 24-hour dose", found.proposed, unit),
        Line("start", FIELD, found.start, unit),
    )


def starting_source(known: Drug, found: StartingDose) -> SourceLine:
    """Where the clamp comes from."""
    return cited(f"{known.display}: strictest published start", found.clamp.origin)


def _clamped(known: Drug, found: StartingDose) -> Iterator[Finding]:
    if found.worked_out <= found.clamp.amount:
        return
    unit = daily_unit(known)
    words = (
        "More was worked out than anyone publishes as a first dose for this patient; the published start is proposed."
    )
    shown = ("worked out", amount_text(found.worked_out, unit)), ("proposed", amount_text(found.proposed, unit))
    yield finding("start-clamped", Verdict.INFO, FIELD, words, *shown, limit=found.clamp.origin)


def _asked_for(
    known: Drug, tolerance: Tolerance | None, found: StartingDose, wanted: DoseRate | None, reason: str | None
) -> Iterator[Finding]:
    if wanted is None or wanted <= found.proposed:
        return
    unit = daily_unit(known)
    shown = [("asked for", amount_text(wanted, unit)), ("proposed", amount_text(found.proposed, unit))]
    if reason is None:
        words = "More is asked for than is proposed; type the reason, or start with what is proposed."
        yield refusal("start-above-proposal", FIELD, words, *shown, limit=found.clamp.origin)
        return
    words = "More is asked for than is proposed, for a reason that was typed; acknowledge it."
    yield finding(
        "start-above-proposal", Verdict.WARN, FIELD, words, *shown, ("reason", reason), limit=found.clamp.origin
    )
    ceiling = known.daily_dose.hard
    if ceiling is not None and wanted > ceiling.amount:
        words = "This passes the built-in ceiling of the 24-hour dose, whatever the reason."
        highest = ("built-in ceiling", amount_text(ceiling.amount, unit))
        yield refusal("dose-above-ceiling", FIELD, words, shown[0], highest, limit=ceiling.origin)
    printed = first_dose(known, tolerance or Tolerance.NAIVE)
    assert printed is not None  # there is a strictest start, so there is a start
    if wanted > printed.high.amount:
        ratio = Fraction(wanted.count, printed.high.amount.count)
        words = f"This is {ratio_text(ratio)} the highest published start; a second person confirms the ratio."
        highest = ("highest published start", amount_text(printed.high.amount, unit))
        yield finding(
            "start-above-range", Verdict.STOP, FIELD, words, shown[0], highest, limit=printed.high.origin, ratio=ratio
        )
