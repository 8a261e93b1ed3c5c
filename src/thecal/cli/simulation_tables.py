"""A simulation as tables for people."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from thecal.bench.account import DrugAccount, LevelEnd, accounts_of
from thecal.bench.reading import readings
from thecal.bench.result import SimulationResult
from thecal.bench.sources import sources_of
from thecal.bench.written import mass_text, three_digits
from thecal.catalogue.drugs import drug
from thecal.cli.finding_tables import plain
from thecal.cli.notice import NOTICE
from thecal.cli.origin_tables import every_source, surety
from thecal.quantities import Volume
from thecal.therapy.showing import amount_text

MS_PER_MIN = 60_000


def show(result: SimulationResult, console: Console, *, every_number: bool = False) -> None:
    """Print what was done, what was delivered, where the drug is, how sure the numbers are, truth beside belief.

    ``every_number`` adds a table of the catalogue numbers used, each with its source.
    """
    case, origins = result.case, sources_of(result.case)
    console.print(Text(plain(case.title), "bold"))
    person = f"{case.patient.name} (fictional), {case.patient.indication.value}"
    console.print(Text(plain(f"{person}; pump {case.system.pump}, tip at {case.system.tip}")))
    console.print(Text(plain(f"Source: {case.source.citation} ({case.source.confidence.value})")))
    if result.happenings:
        console.print(_happenings(result))
    for account in accounts_of(result):
        console.print(_doses(account))
        console.print(_levels(account, result.moments[-1].at_ms))
    if every_number:
        console.print(every_source(origins))
    console.print(surety(origins))
    console.print(_ends(result))
    for reading in readings(result.score):
        console.print(reading.words, highlight=False)
    for unmet in result.unmet:
        words = f"{unmet.expected.value} was expected, {unmet.found.value} was found. {unmet.words}"
        console.print(f"[bold]Not as expected[/bold] at {time_text(unmet.at_ms)}: {words}", highlight=False)
    console.print(NOTICE, style="dim")


def time_text(ms: int) -> str:
    """Bench time since the record began: ``day 3, 04:30`` (the first day is day 0)."""
    minutes = ms // MS_PER_MIN
    return f"day {minutes // 1_440}, {minutes % 1_440 // 60:02d}:{minutes % 60:02d}"


def _happenings(result: SimulationResult) -> Table:
    table = _table("What people did", "since the beginning", "who", "what", "outcome")
    for each in result.happenings:
        table.add_row(time_text(each.at_ms), *(Text(plain(told)) for told in (each.who, each.what, each.outcome)))
    return table


def _doses(account: DrugAccount) -> Table:
    unit = drug(account.drug).dose_unit
    heads = ("from", "to", f"delivered by the pump ({unit})", f"released at the tip ({unit})")
    table = _table(f"{account.drug}: dose", *heads, right=(2, 3))
    for period in account.periods:
        amounts = (period.delivered_ng, period.released_ng)
        table.add_row(time_text(period.from_ms), time_text(period.to_ms), *(mass_text(ng, unit) for ng in amounts))
    table.add_section()
    table.add_row("", "in all", mass_text(account.delivered_ng, unit), mass_text(account.released_ng, unit))
    return table


def _levels(account: DrugAccount, end_ms: int) -> Table:
    title = f"{account.drug}: along the spine at {time_text(end_ms)}"
    table = _table(title, "level", "CSF (ng/mL)", "cord (ng/mL)", "effect (%)", right=(1, 2, 3))
    for level in account.levels:
        table.add_row(*_level_row(level))
    return table


def _level_row(level: LevelEnd) -> tuple[str, ...]:
    cord = "" if level.cord_ng_per_ml is None else three_digits(level.cord_ng_per_ml)
    relief = "" if level.relief is None else f"{level.relief * 100:.0f}"
    return level.level, three_digits(level.csf_ng_per_ml), cord, relief


def _ends(result: SimulationResult) -> Table:
    table = _table("At the end", "", "", right=(1,))
    score, end = result.score, result.moments[-1]
    for account in accounts_of(result):
        unit = drug(account.drug).dose_unit
        table.add_row(
            f"{account.drug} in the catheter at the tip", f"{mass_text(account.at_tip_end_ng_per_ml, unit)} {unit}/mL"
        )
        plasma = f"{three_digits(account.plasma_end_ng_per_ml)} ng/mL"
        highest = f"{three_digits(account.plasma_highest_ng_per_ml)} ng/mL"
        table.add_row(f"{account.drug} in plasma (highest)", f"{plasma} ({highest})")
    table.add_row(
        f"{score.name} beside {score.level} (without drug)", f"{score.values[-1]:.1f} ({score.without_drug:.1f})"
    )
    if score.respiratory is not None:
        table.add_row("depression of breathing, highest, no opioid before", f"{score.respiratory.max() * 100:.0f} %")
    table.add_section()
    table.add_row("reservoir, true", amount_text(Volume(end.reservoir_nl), "mL"))
    believed = "believes nothing" if end.believed_nl is None else amount_text(Volume(end.believed_nl), "mL")
    table.add_row("reservoir, believed", believed)
    if end.strokes_counted is not None:
        table.add_row(
            "strokes made, and counted", f"{end.strokes_made:,} and {end.strokes_counted:,}".replace(",", "\u202f")
        )
    table.add_section()
    balance = "exact" if result.fluid_is_balanced else "BROKEN"
    table.add_row("filled = reservoir + line + released + withdrawn", balance)
    table.add_row("drug in the spine model against drug released", f"within {max(result.neuraxis_error, 1e-15):.0e}")
    return table


def _table(title: str, *heads: str, right: tuple[int, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_header=any(heads))
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index in right else "left")
    return table
