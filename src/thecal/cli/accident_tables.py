"""Replayed accidents for people, in a terminal of any width and in docs/accidents.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from thecal.bench.accidents.records import Stands
from thecal.bench.accidents.replay import Replayed, Tried
from thecal.cli.finding_tables import STYLE, SYMBOL, plain
from thecal.cli.notice import NOTICE
from thecal.therapy.findings import Verdict

NOTHING = "\u2013"
WIDE = 110  # columns: from here on the harm has a column of its own
CAUGHT_BY = 24  # columns: the longest rule by which an accident is caught is one word of 24, alarms have several
VERDICT = len("(non-critical)")
ALARM_SYMBOL = "\u266a"
_STOPPED = (Stands.STOP, Stands.REFUSE)
_ALARMED = (Stands.NON_CRITICAL, Stands.CRITICAL)
_TOLD = (Stands.INFO, Stands.LOGGED)
_AS = {Stands.LOGGED: Verdict.INFO, Stands.NON_CRITICAL: Verdict.WARN, Stands.CRITICAL: Verdict.REFUSE}


def show_accidents(replayed: Mapping[str, Replayed], console: Console) -> None:
    """Print the table, whatever did not hold, and the tally."""
    console.print(_table(replayed.values(), wide=console.width >= WIDE))
    console.print(Text(f"\u2264: at the latest the year it was published. {NOTHING}: the source gives no year.", "dim"))
    for line in _failures(replayed):
        console.print(Text(line, STYLE[Verdict.REFUSE]))
    console.print(Text(_tally(counts(replayed))))
    console.print(NOTICE, style="dim")


def counts(replayed: Mapping[str, Replayed]) -> Mapping[str, int]:
    """How many accidents there are, what stands in their way, how many are open; how many plans and stories were
    tried."""
    found = [each.reached for each in replayed.values() if not each.missed]
    return {
        "accidents": len(replayed),
        "stopped": sum(reached in _STOPPED for reached in found),
        "warned": found.count(Stands.WARN),
        "alarmed": sum(reached in _ALARMED for reached in found),
        "told": sum(reached in _TOLD for reached in found),
        "open": sum(each.open for each in replayed.values()),
        "not_caught": sum(bool(each.missed) for each in replayed.values()),
        "false_alarms": sum(bool(each.false_alarms) for each in replayed.values()),
        "plans_to_catch": sum(not tried.twin and tried.told is None for tried in _all(replayed)),
        "plans_to_pass": sum(tried.twin and tried.told is None for tried in _all(replayed)),
        "stories_to_catch": sum(not tried.twin and tried.told is not None for tried in _all(replayed)),
        "stories_to_pass": sum(tried.twin and tried.told is not None for tried in _all(replayed)),
    }


def markdown_tables(replayed: Mapping[str, Replayed]) -> str:
    """Two tables in Markdown: what a plan check or the pump meets, and open ones with what they need; and the tally."""
    met, waiting = [], []
    for name, each in replayed.items():
        accident = each.accident
        link = f"[{accident.title}](../scenarios/accidents/{name}.toml)"
        head = link, accident.dated, accident.harm
        if each.open:
            waiting.append(_row(*head, accident.needs.value, accident.lesson, _source(each)))
        else:
            met.append(_row(*head, f"`{accident.caught_by}`", _verdict(each), _source(each)))
    tables = (
        [_row("accident", "year", "harm", "caught by", "verdict", "source"), _row(*["---"] * 6), *met],
        [_row("open", "year", "harm", "needs", "what would stop it", "source"), _row(*["---"] * 6), *waiting],
    )
    return "\n\n".join([*("\n".join(lines) for lines in tables), _tally(counts(replayed))])


def _table(replayed: Iterable[Replayed], *, wide: bool) -> Table:
    title = "Published accidents, and what stands in their way now"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("accident" if wide else "accident, and its harm", ratio=5, overflow="fold")
    table.add_column("year", justify="right", no_wrap=True)
    if wide:
        table.add_column("harm", ratio=4, overflow="fold")
    table.add_column("caught by", max_width=CAUGHT_BY)
    table.add_column("verdict", no_wrap=wide, max_width=None if wide else VERDICT)
    if wide:
        table.add_column("open", no_wrap=True)
    for each in replayed:
        accident, needs = each.accident, f"needs the {each.accident.needs.value}"
        title, harm, by = plain(accident.title), plain(accident.harm), accident.caught_by or NOTHING
        row: tuple[RenderableType, ...]
        if wide:
            row = (Text(title), accident.dated, Text(harm), by, _marked(each), needs if each.open else "")
        else:
            both = Group(Text(title), Padding(Text(harm, "dim"), (0, 0, 0, 2)))
            row = (both, accident.dated, needs if each.open else by, "open" if each.open else _marked(each))
        table.add_row(*row)
    table.expand = True
    return table


def _marked(replayed: Replayed) -> Text:
    if replayed.missed:
        return Text("NOT CAUGHT", STYLE[Verdict.REFUSE])
    if replayed.false_alarms:
        return Text("FALSE ALARM", STYLE[Verdict.REFUSE])
    reached = replayed.reached
    return Text(_verdict(replayed), "" if reached is None else STYLE[_AS.get(reached) or Verdict[reached.name]])


def _verdict(replayed: Replayed) -> str:
    reached = replayed.reached
    if reached is None:
        return NOTHING
    if reached in _ALARMED:
        return f"{ALARM_SYMBOL} {reached.value}"
    return f"{SYMBOL[_AS.get(reached) or Verdict[reached.name]]} {reached.value}"


def _source(replayed: Replayed) -> str:
    return f"{replayed.accident.source} ({replayed.accident.confidence.value})"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _failures(replayed: Mapping[str, Replayed]) -> Iterator[str]:
    for name, each in replayed.items():
        for tried in (*each.missed, *each.false_alarms):
            must = "must pass" if tried.twin else f"must be caught by {each.accident.caught_by}"
            yield plain(f"FAILED {name}, {tried.title}: {must}; {_said(tried)}")


def _said(tried: Tried) -> str:
    if tried.told is not None:
        return "; ".join(tried.amiss)
    return f"the rules said {', '.join(f'{each.rule} {each.verdict.name}' for each in tried.findings) or 'nothing'}"


def _tally(found: Mapping[str, int]) -> str:
    words = (
        f"{found['accidents']} accidents: {found['stopped']} stopped by a plan check, {found['warned']} warned of, "
        f"{found['alarmed']} alarmed by the pump, {found['told']} told, {found['open']} open. "
        f"{found['plans_to_catch']} plans and {found['stories_to_catch']} stories of pumps had to be caught, "
        f"{found['plans_to_pass'] + found['stories_to_pass']} harmless near twins had to pass."
    )
    if found["not_caught"]:
        words += f" NOT CAUGHT ANY MORE: {found['not_caught']}."
    if found["false_alarms"]:
        words += f" FALSE ALARMS: {found['false_alarms']}."
    return words


def _all(replayed: Mapping[str, Replayed]) -> Iterator[Tried]:
    for each in replayed.values():
        yield from each.tried
