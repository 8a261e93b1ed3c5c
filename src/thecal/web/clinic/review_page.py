"""The review as a page lays it out: rows in order, each with the findings about its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from thecal.programmer import Acknowledged, Confirmation, SeparatelyConfirmed
from thecal.therapy import Finding, Needed, Review, Row, Verdict
from thecal.therapy.showing import ratio_text

_ROW_OF = {
    "daily dose": "daily-volume",
    "daily volume": "daily-volume",
    "background dose": "schedule",
    "steps": "schedule",
    "bolus dose": "bolus.achievable",
    "bolus duration": "bolus.duration",
    "lockout": "bolus.lockout",
    "boluses per 24 h": "bolus.effective",
    "patient bolus": "bolus.programmed",
    "low reservoir": "low-reservoir",
    "reservoir": "days-to-alarm",
    "bridge": "bridge",
    "bridge volume": "bridge",
    "bridge time": "bridge",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding where it is shown. ``tick`` names its acknowledgement, where it asks for one."""

    finding: Finding
    tick: str
    ticked: bool
    unticked_error: bool

    @property
    def kind(self) -> str:
        """The name of its shape and colour."""
        return self.finding.verdict.value

    @property
    def word(self) -> str:
        """REFUSE, STOP, WARN, INFO."""
        return self.finding.verdict.name


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the review with what is said about it."""

    row: Row
    findings: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """A review, laid out. ``above`` and ``below``, which only informs, are the findings about no single number."""

    lines: tuple[Line, ...]
    above: tuple[Placed, ...]
    below: tuple[Placed, ...]
    counts: tuple[tuple[str, int], ...]  # REFUSE 1, WARN 2


def laid(review: Review, ticked: frozenset[str], *, complain: bool) -> Laid:
    """Findings under their rows, heaviest first; ``complain``: say where a tick is missing."""
    rows = {row.key: row for row in review.rows}
    placed: dict[str, list[Placed]] = {}
    for each in placed_all(review.findings, ticked, complain=complain):
        placed.setdefault(_row_key(each.finding, rows), []).append(each)
    lines = tuple(Line(row, tuple(placed.get(row.key, ()))) for row in review.rows)
    counts = tuple(
        (verdict.name, count)
        for verdict in reversed(Verdict)
        if verdict is not Verdict.ALLOW and (count := sum(each.verdict is verdict for each in review.findings))
    )
    elsewhere = placed.get("", [])
    above = tuple(each for each in elsewhere if each.finding.verdict is not Verdict.INFO)
    below = tuple(each for each in elsewhere if each.finding.verdict is Verdict.INFO)
    return Laid(lines, above, below, counts)


def placed_all(findings: tuple[Finding, ...], ticked: frozenset[str], *, complain: bool) -> tuple[Placed, ...]:
    """Each finding with the state of its acknowledgement."""
    found = []
    for finding in findings:
        tick = tick_of(finding.rule, finding.field) if finding.verdict is Verdict.WARN else ""
        found.append(Placed(finding, tick, tick in ticked, complain and bool(tick) and tick not in ticked))
    return tuple(found)


def tick_of(rule: str, field: str) -> str:
    """The name of an acknowledgement in a form."""
    return f"{rule}|{field}"


def acknowledged(needed: tuple[Needed, ...], ticked: frozenset[str], by: str) -> tuple[Confirmation, ...]:
    """The acknowledgements that were ticked."""
    return tuple(
        Acknowledged(each.rule, each.field, by)
        for each in needed
        if not each.separate and tick_of(each.rule, each.field) in ticked
    )


def separately(needed: tuple[Needed, ...], posted: Mapping[str, str], by: str) -> tuple[Confirmation, ...]:
    """The separate confirmations that were posted, each carrying the ratio that stood on the page, where one did."""
    named = ((each, f"ratio|{each.rule}|{each.field}") for each in needed if each.separate)
    return tuple(
        SeparatelyConfirmed(each.rule, each.field, by, _ratio(posted[name])) for each, name in named if name in posted
    )


def ratio_words(needed: Needed) -> str:
    """``24 ×``."""
    return "" if needed.ratio is None else ratio_text(needed.ratio)


def _ratio(text: str) -> Fraction | None:
    numerator, _, denominator = text.partition("/")
    if not (numerator.isdigit() and denominator.isdigit()) or int(denominator) == 0:
        return None
    return Fraction(int(numerator), int(denominator))


def _row_key(finding: Finding, rows: Mapping[str, Row]) -> str:
    """The row a finding is about; "" when there is none on the page. A ratio stands at the row that shows it."""
    field = finding.field
    if field in _ROW_OF and _ROW_OF[field] in rows:
        return _ROW_OF[field]
    if field.startswith("24-hour dose of "):
        ends = f".{field.removeprefix('24-hour dose of ')}"
        if finding.ratio is not None:
            shown = ratio_text(finding.ratio)
            for key in (f"ratio-greatest{ends}", f"ratio-basal{ends}"):
                if key in rows and rows[key].new_text == shown:
                    return key
        return f"greatest{ends}" if f"greatest{ends}" in rows else ""
    if field.startswith("concentration of "):
        key = f"concentration.{field.removeprefix('concentration of ')}"
        return key if key in rows else ""
    return "schedule" if field.startswith("step from ") and "schedule" in rows else ""
