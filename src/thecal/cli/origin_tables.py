"""The catalogue numbers behind a simulation as tables: how sure they are, and each with its source."""

from __future__ import annotations

from rich.table import Table

from thecal.catalogue.origins import Origin, by_source, tally


def surety(origins: tuple[Origin, ...]) -> Table:
    """One row for each thing the numbers describe: how many are verified, read in an abstract, recalled, assumed."""
    table = Table(title="How sure the numbers behind this are", title_justify="left", title_style="bold")
    table.add_column("of")
    table.add_column("catalogue numbers")
    for of in dict.fromkeys(each.of for each in origins):
        table.add_row(of, tally(each for each in origins if each.of == of))
    table.add_section()
    table.add_row("in all", tally(origins))
    return table


def every_source(origins: tuple[Origin, ...]) -> Table:
    """Every number with its value, confidence and source; those that share a source stand together."""
    table = Table(title="Where the numbers come from", title_justify="left", title_style="bold", show_lines=True)
    for head in ("of", "catalogue numbers", "confidence", "source"):
        table.add_column(head)
    for group in by_source(origins):
        numbers = "\n".join(f"{each.what} {each.text}" for each in group.origins)
        table.add_row(group.of, numbers, group.confidence.value, group.source)
    return table
