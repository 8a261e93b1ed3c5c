"""The state machine as it stands in docs/models/pump.md: a table and a diagram, printed from ``TABLE``."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.device import Reason
from thecal.pump.controller.situations import Situation
from thecal.pump.controller.table import TABLE, Accept, Blocked, Cell

_MODES = (Situation.MINIMUM_RATE, Situation.SIMPLE_CONTINUOUS, Situation.FLEX, Situation.PERIODIC_BOLUS)
_ONCE = (Situation.SINGLE, Situation.PRIMING, Situation.BRIDGE)
_OPEN = (*_MODES, *_ONCE, Situation.EMPTY)  # a program may be committed
_RUNNING = (*_OPEN, Situation.BOLUS)
_BOXES = {"running": _RUNNING, "open": _OPEN, "mode": _MODES}  # the largest first
_Edge = tuple[str, str]


def markdown() -> str:
    """A row for each event and command, a column for each situation (the machine's own table, turned on its side)."""
    lines = [
        "| event or command | " + " | ".join(situation.value for situation in TABLE) + " |",
        "|---" * (len(TABLE) + 1) + "|",
    ]
    for column in TABLE[Situation.STOPPED]:
        cells = (_cell(row[column], situation) for situation, row in TABLE.items())
        lines.append(f"| **{column.__name__}** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(cell: Cell, here: Situation) -> str:
    if isinstance(cell, Reason):
        return f"refused: {cell.name}"
    if isinstance(cell, Blocked):
        return "refused: " + " or ".join(reason.name for reason in Reason if reason in cell.reasons)
    if cell.then == {here}:
        return "stays"
    names = [situation.value for situation in Situation if situation in cell.then]
    if cell.then.issuperset(_RUNNING):
        others = [situation.value for situation in Situation if situation in cell.then.difference(_RUNNING)]
        return ", ".join([*others, "any that runs"])
    return ", ".join(names)


def mermaid() -> str:
    """The same as a diagram. Situations stand in boxes: an arrow from or to a box is one from or to each in it."""
    edges: dict[_Edge, list[str]] = {}
    for column in TABLE[Situation.STOPPED]:
        for edge in _edges(column):
            edges.setdefault(edge, []).append(column.__name__)
    lines = ["stateDiagram-v2", "    [*] --> STOPPED", "    state running {", "        state open {"]
    lines += ["            state mode {", *(_named(each, 16) for each in _MODES), "            }"]
    lines += [*(_named(each, 12) for each in (*_ONCE, Situation.EMPTY)), "        }"]
    lines += [_named(Situation.BOLUS, 8), "    }"]
    lines += [_named(each, 4) for each in Situation if each not in _RUNNING]
    lines += [f"    {a} --> {b} : {', '.join(names)}" for (a, b), names in edges.items()]
    return "\n".join(lines)


def _named(situation: Situation, indent: int) -> str:
    return f"{' ' * indent}{situation.name} : {situation.value}"


def _edges(column: type) -> Iterator[_Edge]:
    """Every change of situation that this event or command can bring; what is the same for a whole box, once."""
    pairs = {(a, b) for a, row in TABLE.items() for b in _then(row[column])}
    ends: dict[str, tuple[Situation, ...]] = {**_BOXES, **{each.name: (each,) for each in Situation}}
    for source, froms in ends.items():
        for target, intos in ends.items():
            meant = {(a, b) for a in froms for b in intos}
            if meant <= pairs:
                pairs -= meant
                if source != target or len(froms) > 1:
                    yield source, target


def _then(cell: Cell) -> frozenset[Situation]:
    return cell.then if isinstance(cell, Accept) else frozenset()
