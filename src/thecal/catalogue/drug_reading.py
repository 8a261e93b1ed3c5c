"""Reading the parts of a drug file; each refuses what is missing or unknown in one line."""

from __future__ import annotations

from fractions import Fraction

from thecal.catalogue.drug_parts import (
    Code,
    Limits,
    Rinse,
    Stability,
    Start,
    StartFromTrial,
    Titration,
    Trial,
)
from thecal.catalogue.drug_terms import Authority, Setting, Situation, Tolerance
from thecal.catalogue.quoted import (
    Q,
    Quoted,
    quoted,
    quoted_or_none,
    share,
    share_or_none,
    shares_or_none,
    span,
    span_or_none,
)
from thecal.catalogue.sourced import CatalogueError, Confidence, Table
from thecal.quantities import Concentration, DoseRate, Duration, Mass, Volume


def limits(table: Table, key: str, kind: type[Q]) -> Limits[Q]:
    """The limits under ``key``; a drug of which nobody says anything has none."""
    inner = table.sub(key).only("label", "consensus", "consensus_before", "hard")
    return Limits(
        label=quoted_or_none(inner, "label", kind),
        consensus=quoted_or_none(inner, "consensus", kind),
        consensus_before=quoted_or_none(inner, "consensus_before", kind),
        site=None,
        hard=quoted_or_none(inner, "hard", kind),
    )


def starts(table: Table) -> tuple[Start, ...]:
    """First 24-hour doses."""
    return tuple(
        Start(
            row.only("authority", "tolerance", "dose").choice("authority", Authority),
            row.choice("tolerance", Tolerance) if "tolerance" in row.entries else None,
            span(row, "dose", DoseRate),
        )
        for row in table.rows("starts")
    )


def start_from_trial(table: Table) -> StartFromTrial | None:
    """How the first dose follows from the trial dose; None when no source says."""
    if "start_from_trial" not in table.entries:
        return None
    inner = table.sub("start_from_trial").only("authority", "multiple", "multiple_after_long_effect", "long_effect")
    return StartFromTrial(
        inner.choice("authority", Authority),
        share(inner, "multiple"),
        share_or_none(inner, "multiple_after_long_effect"),
        quoted_or_none(inner, "long_effect", Duration),
    )


def trials(table: Table) -> tuple[Trial, ...]:
    """Single trial doses."""
    return tuple(
        Trial(row.only("authority", "dose").choice("authority", Authority), span(row, "dose", Mass))
        for row in table.rows("trials")
    )


def screening(table: Table) -> tuple[Quoted[Mass], ...]:
    """Test doses in the order they are tried; none for a drug without screening."""
    return tuple(quoted(row.only("dose"), "dose", Mass) for row in table.rows("screening"))


def titrations(table: Table) -> tuple[Titration, ...]:
    """How the dose is changed, setting by setting."""
    return tuple(_titration(row) for row in table.rows("titrations"))


def _titration(row: Table) -> Titration:
    row.only(*Titration.__dataclass_fields__)
    return Titration(
        setting=row.choice("setting", Setting),
        authority=row.choice("authority", Authority),
        start=span_or_none(row, "start", DoseRate),
        up=shares_or_none(row, "up"),
        up_dose=quoted_or_none(row, "up_dose", DoseRate),
        down=shares_or_none(row, "down"),
        interval=quoted_or_none(row, "interval", Duration),
        usual_interval=quoted_or_none(row, "usual_interval", Duration),
        first_after=quoted_or_none(row, "first_after", Duration),
        ceiling=quoted_or_none(row, "ceiling", DoseRate),
        ceiling_after=quoted_or_none(row, "ceiling_after", Duration),
        usual=span_or_none(row, "usual", DoseRate),
    )


def stability(table: Table) -> tuple[Stability, ...]:
    """How long the drug alone keeps in a pump."""
    return tuple(
        Stability(row.only("situation", "days").choice("situation", Situation), quoted(row, "days", Duration, "day"))
        for row in table.rows("stability")
    )


def rinse(table: Table) -> Rinse | None:
    """Rinses before a first fill; None when none are asked for."""
    if "rinse" not in table.entries:
        return None
    inner = table.sub("rinse").only("times", "volume", "concentration")
    return Rinse(share(inner, "times"), quoted(inner, "volume", Volume), quoted(inner, "concentration", Concentration))


def stocks(table: Table) -> tuple[Quoted[Concentration], ...]:
    """Concentrations it is supplied in."""
    return tuple(quoted(row.only("concentration"), "concentration", Concentration) for row in table.rows("stocks"))


def codes(table: Table) -> tuple[Code, ...]:
    """Bare codes, those of one system and confidence together in the file."""
    rows = [row.only("system", "codes", "confidence") for row in table.rows("codes")]
    return tuple(
        Code(row.text("system"), code, row.choice("confidence", Confidence))
        for row in rows
        for code in texts(row, "codes")
    )


def step_ratio(table: Table) -> Quoted[Fraction]:
    """The ratio of 24-hour doses above which a second confirmation is asked. Raises CatalogueError below 1."""
    found = share(table, "step_ratio")
    if found.amount <= 1:
        raise CatalogueError(f"{table.where('step_ratio')} must be above 1")
    return found


def texts(table: Table, key: str) -> tuple[str, ...]:
    """A list of short texts; none when there is no ``key``. Raises CatalogueError for anything else."""
    found = table.entries.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        raise CatalogueError(f"{table.where(key)} must be a list of texts")
    return tuple(found)
