"""Reading accident documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thecal.bench.accidents.known_rules import ENTRY, PUMP_NAMES, RULES, unknown_name
from thecal.bench.accidents.records import Accident, Needs, Replay, Stands, Through
from thecal.documents import DocumentError, parse, read, schema
from thecal.therapy.findings import Verdict

VARIANTS_AT_LEAST = 2


def load_accident(text: str) -> Accident:
    """The accident in a TOML or JSON text. Raises DocumentError, one line that names the field."""
    accident = read(Accident, parse(text))
    if not accident.done:
        raise DocumentError("done: say what was done, step by step")
    if (accident.year is None) != (accident.year_of is None):
        raise DocumentError("year_of: with a year, and only then")
    given = accident.replay, accident.caught_by, accident.verdict
    if accident.needs is Needs.PLAN or (accident.needs is Needs.PUMP and given != (None, None, None)):
        _replayable(accident)
    elif given != (None, None, None):
        raise DocumentError(f"needs: {accident.needs.value!r} is not replayed; leave out replay, caught_by, verdict")
    return accident


def accident_schema() -> Mapping[str, Any]:
    """JSON schema of the accident document, generated from the records it is read into."""
    return schema(Accident, "Thecal accident")


def _replayable(accident: Accident) -> None:
    replay, caught_by = accident.replay, accident.caught_by
    if accident.verdict is None:
        raise DocumentError("verdict: missing; what is replayed says what it comes to")
    if caught_by is None:
        raise DocumentError("caught_by: missing; what is replayed says what catches it")
    if replay is None:
        raise DocumentError("replay: missing; an accident that is caught is replayed")
    if (accident.needs is Needs.PUMP) != (replay.through is Through.PUMP):
        raise DocumentError('replay.through: "pump" with needs = "pump", and only then')
    if accident.needs is Needs.PUMP:
        _of_a_pump(caught_by, accident.verdict)
    else:
        _of_a_plan(caught_by, accident.verdict, replay)
    if (replay.kind is None) == (replay.through is Through.PLAN):
        raise DocumentError('replay.kind: with through = "plan", and only then')
    _tried(replay)


def _of_a_pump(caught_by: str, verdict: Stands) -> None:
    reached = PUMP_NAMES.get(caught_by)
    if reached is None:
        raise DocumentError(f"caught_by: {unknown_name(caught_by, PUMP_NAMES, 'alarm or log line')}")
    if verdict is not reached:
        raise DocumentError(f"verdict: {caught_by} is {reached.value}")


def _of_a_plan(caught_by: str, verdict: Stands, replay: Replay) -> None:
    if verdict.value not in Verdict.__members__:
        raise DocumentError(f"verdict: {verdict.value} is none of a plan check")
    if caught_by not in (*RULES, ENTRY):
        raise DocumentError(f"caught_by: {unknown_name(caught_by, (*RULES, ENTRY), 'rule')}")
    if (caught_by == ENTRY) != (replay.through is Through.ENTRY):
        raise DocumentError(f'caught_by: {ENTRY} with through = "entry", and only then')


def _tried(replay: Replay) -> None:
    if len(replay.variants) < VARIANTS_AT_LEAST:
        raise DocumentError(f"replay.variants: at least {VARIANTS_AT_LEAST}, so that no rule is written for one case")
    if not replay.near_twins:
        raise DocumentError("replay.near_twins: at least one harmless plan that must pass")
    titles = [each.title for each in (*replay.variants, *replay.near_twins)]
    if len(set(titles)) < len(titles):
        raise DocumentError("replay: two variations have the same title")
