"""How long a stopped pump has given nothing: what its own log proves, and nothing where it proves nothing.

The end of the program that was last seen to infuse is looked for, line by line from its commitment. A gap in the
lines, or one that may tell of a pause before that end or of drug after it, as a power loss or a program do: not known.
"""

from __future__ import annotations

from thecal.device import LogEntry, LogKind, Mode
from thecal.programmer.interrogation import Interrogated
from thecal.quantities import Duration

_ENDS = (LogKind.INFUSION_STOPPED, LogKind.PROGRAM_COMMITTED)
# Named are the lines that mean no harm, so that one of a kind still to come proves nothing.
_ASIDE = (
    *(LogKind.BOLUS_REFUSED, LogKind.REFILL_RECORDED, LogKind.LOW_RESERVOIR, LogKind.REPLACEMENT_DUE),
    *(LogKind.CLOCK_SET, LogKind.LIBRARY_SET, LogKind.ALARM_INTERVALS_SET),
    *(LogKind.ALARM_TESTED, LogKind.ALARM_SILENCED, LogKind.ALARM_CLEARED),
)
_RUNS_ON = (*_ASIDE, LogKind.BOLUS_GRANTED, LogKind.BOLUS_COMPLETED, LogKind.BOLUS_CANCELLED)
_STAYS_STOPPED = (
    *(*_ASIDE, LogKind.STOPPED, LogKind.STOPPED_TOO_LONG),
    *(LogKind.EMPTY_RESERVOIR, LogKind.POWER_RESTORED),
)


def silence(found: Interrogated, infused: Interrogated | None) -> Duration | None:
    """How long the stopped pump had given nothing when interrogated, in its own time; None: not known, or it gives.

    ``infused``: the last interrogation that found a program giving drug; None when none is recorded.
    """
    if infused is None or found.report.program.mode is not Mode.STOPPED:
        return None
    lines = _since_committed(infused, found)
    ended = next((number for number, line in enumerate(lines) if line.kind in _ENDS), None)
    if ended is None or any(line.kind not in _RUNS_ON for line in lines[:ended]):
        return None
    if any(line.kind not in _STAYS_STOPPED for line in lines[ended + 1 :]):
        return None
    return Duration(found.tick_ms - lines[ended].tick_ms)


def _since_committed(infused: Interrogated, found: Interrogated) -> tuple[LogEntry, ...]:
    """Every line after the one that committed what ``infused`` found running; none when one is missing."""
    known = {line.sequence: line for report in (infused.report, found.report) for line in report.log}
    committed = [line.sequence for line in infused.report.log if line.kind is LogKind.PROGRAM_COMMITTED]
    if not committed:
        return ()
    whole = range(committed[-1] + 1, max(known) + 1)
    return tuple(known[number] for number in whole) if known.keys() >= set(whole) else ()
