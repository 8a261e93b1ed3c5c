"""What there is to say about the replacement date of a pump, for the calculator and the rules alike."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.policy import Policy
from thecal.quantities import Instant
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.replacement import Replacement, differs
from thecal.therapy.showing import date_text


def due_findings(found: Replacement, now: Instant, figures: Policy) -> Iterator[Finding]:
    """A replacement that is to be booked, announced by the pump itself, or overdue."""
    if now < found.warning and now.plus(figures.replacement_notice) < found.replace_by:
        return
    shown = ("replace by", date_text(found.replace_by, 0)), ("today", date_text(now, 0))
    if now >= found.replace_by:
        words = "The battery is used up by this date; the pump can stop. Replace it now, and plan for withdrawal."
    elif found.sounded:
        words = "The pump has given its replacement warning; replace it within the time that is left."
    else:
        words = "The battery nears its end by its curve; book the replacement, and expect the pump's own warning."
    limit = figures.source_of("replacement_notice")
    path = "devices.implanted"
    yield finding("replacement-due", Verdict.WARN, "replacement date", words, *shown, limit=limit, path=path)


def shown_findings(found: Replacement, shown: Instant | None, figures: Policy) -> Iterator[Finding]:
    """A replacement date shown elsewhere that does not follow from what flowed."""
    if shown is None or not differs(shown, found, figures.replacement_tolerance):
        return
    early = shown < found.replace_by and not differs(shown, found, figures.replacement_notice)
    verdict = Verdict.WARN if early else Verdict.STOP  # as much too early as replacements are booked ahead is cautious
    words = "The replacement date shown is not the one that follows from the flows; find out which is wrong."
    compared = ("shown", date_text(shown, 0)), ("derived", date_text(found.replace_by, 0))
    limit = figures.source_of("replacement_tolerance")
    path = "devices.shown_replace_by"
    yield finding("replacement-date-differs", verdict, "replacement date", words, *compared, limit=limit, path=path)
