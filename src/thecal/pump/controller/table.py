"""The state machine: the table is the machine.

A pump is in exactly one situation; it follows from the state and is never stored beside it. Facts (time, power,
memory) are never refused. A command meets a cell: refused there with a reason, or accepted, which means that its
own checks decide; then the situation is one of those listed, or stays as it was when a check refuses. Readings are
answered in every situation. What wins when several situations hold: memory fault, stopped, empty, bolus, mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from thecal.device import Commit, Mode, Reason, RecordRefill, RequestBolus, Stage, StopInfusion
from thecal.pump.controller.events import MemoryFaultFound, PowerRestored, TimePassed
from thecal.pump.controller.state import PumpState


class Situation(Enum):
    """What a pump is doing."""

    STOPPED = "stopped"
    MINIMUM_RATE = "minimum rate"
    SIMPLE_CONTINUOUS = "simple continuous"
    FLEX = "flex"
    BOLUS = "bolus on top"
    EMPTY = "empty"
    FAULT = "memory fault"


@dataclass(frozen=True, slots=True)
class Accept:
    """The command's own checks decide; these situations may follow."""

    then: frozenset[Situation]


Cell = Accept | Reason
Row = Mapping[type, Cell]

_S = Situation
_MODES = {
    Mode.STOPPED: _S.STOPPED,
    Mode.MINIMUM_RATE: _S.MINIMUM_RATE,
    Mode.SIMPLE_CONTINUOUS: _S.SIMPLE_CONTINUOUS,
    Mode.FLEX: _S.FLEX,
}


def situation(state: PumpState) -> Situation:
    """The one situation this state is in."""
    if state.fault is not None and state.fault.standing:
        return Situation.FAULT
    if state.program.mode is not Mode.STOPPED:
        if state.empty:
            return Situation.EMPTY
        if state.running_bolus is not None:
            return Situation.BOLUS
    return _MODES[state.program.mode]


def _to(*situations: Situation) -> Accept:
    return Accept(frozenset(situations))


_ANY_PROGRAM = _to(_S.STOPPED, _S.MINIMUM_RATE, _S.SIMPLE_CONTINUOUS, _S.FLEX, _S.EMPTY)


def _row(passing: Accept, stage: Cell, commit: Cell, stop: Cell, refill: Cell, bolus: Cell) -> Row:
    return MappingProxyType(
        {
            TimePassed: passing,
            PowerRestored: passing,
            MemoryFaultFound: _to(_S.FAULT),
            Stage: stage,
            Commit: commit,
            StopInfusion: stop,
            RecordRefill: refill,
            RequestBolus: bolus,
        }
    )


TABLE: Mapping[Situation, Row] = MappingProxyType(
    {
        _S.STOPPED: _row(
            passing=_to(_S.STOPPED),
            stage=_to(_S.STOPPED),
            commit=_ANY_PROGRAM,
            stop=_to(_S.STOPPED),
            refill=_to(_S.STOPPED),
            bolus=Reason.NOT_INFUSING,
        ),
        _S.MINIMUM_RATE: _row(
            passing=_to(_S.MINIMUM_RATE, _S.EMPTY),
            stage=_to(_S.MINIMUM_RATE),
            commit=_ANY_PROGRAM,
            stop=_to(_S.STOPPED),
            refill=_to(_S.MINIMUM_RATE, _S.EMPTY),
            bolus=Reason.NOT_INFUSING,
        ),
        _S.SIMPLE_CONTINUOUS: _row(
            passing=_to(_S.SIMPLE_CONTINUOUS, _S.EMPTY),
            stage=_to(_S.SIMPLE_CONTINUOUS),
            commit=_ANY_PROGRAM,
            stop=_to(_S.STOPPED),
            refill=_to(_S.SIMPLE_CONTINUOUS, _S.EMPTY),
            bolus=_to(_S.BOLUS),
        ),
        _S.FLEX: _row(
            passing=_to(_S.FLEX, _S.EMPTY),
            stage=_to(_S.FLEX),
            commit=_ANY_PROGRAM,
            stop=_to(_S.STOPPED),
            refill=_to(_S.FLEX, _S.EMPTY),
            bolus=_to(_S.BOLUS),
        ),
        _S.BOLUS: _row(
            passing=_to(_S.BOLUS, _S.SIMPLE_CONTINUOUS, _S.FLEX, _S.EMPTY),
            stage=_to(_S.BOLUS),
            commit=Reason.BOLUS_RUNNING,
            stop=_to(_S.STOPPED),
            refill=Reason.REFILL_DURING_BOLUS,
            bolus=Reason.BOLUS_RUNNING,
        ),
        _S.EMPTY: _row(
            passing=_to(_S.EMPTY),
            stage=_to(_S.EMPTY),
            commit=_ANY_PROGRAM,
            stop=_to(_S.STOPPED),
            refill=_to(_S.MINIMUM_RATE, _S.SIMPLE_CONTINUOUS, _S.FLEX, _S.EMPTY),
            bolus=Reason.RESERVOIR_EMPTY,
        ),
        _S.FAULT: _row(
            passing=_to(_S.FAULT),
            stage=_to(_S.FAULT),
            commit=_ANY_PROGRAM,
            stop=_to(_S.FAULT),
            refill=_to(_S.FAULT),
            bolus=Reason.MEMORY_FAULT,
        ),
    }
)


def markdown() -> str:
    """The table for docs/models/pump.md: a row for each situation, a column for each event and command."""
    columns = list(TABLE[Situation.STOPPED])
    lines = [
        "| situation | " + " | ".join(column.__name__ for column in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    lines += [
        f"| **{s.value}** | " + " | ".join(_cell(row[column]) for column in columns) + " |" for s, row in TABLE.items()
    ]
    return "\n".join(lines)


def _cell(cell: Cell) -> str:
    if isinstance(cell, Reason):
        return f"refused: {cell.name}"
    return ", ".join(situation.value for situation in Situation if situation in cell.then)
