"""Reading accident documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thecal.bench.accidents.records import Accident, Needs, Replay, Through
from thecal.documents import DocumentError, parse, read, schema

VARIANTS_AT_LEAST = 2


def load_accident(text: str) -> Accident:
    """The accident in a TOML or JSON text. Raises DocumentError, one line that names the field."""
    accident = read(Accident, parse(text))
    if not accident.done:
        raise DocumentError("done: say what was done, step by step")
    if accident.needs is Needs.PLAN:
        _replayable(accident)
    elif accident.replay is not None or accident.caught_by is not None or accident.verdict is not None:
        raise DocumentError(f"needs: {accident.needs.value!r} is not replayed; leave out replay, caught_by, verdict")
    return accident


def accident_schema() -> Mapping[str, Any]:
    """JSON schema of the accident document, generated from the records it is read into."""
    return schema(Accident, "Thecal accident")


def _replayable(accident: Accident) -> None:
    for name in ("caught_by", "verdict", "replay"):
        if getattr(accident, name) is None:
            raise DocumentError(f"{name}: missing; an accident that a plan check stops is replayed")
    replay = accident.replay
    assert replay is not None
    if (replay.kind is None) == (replay.through is Through.PLAN):
        raise DocumentError('replay.kind: with through = "plan", and only then')
    if len(replay.variants) < VARIANTS_AT_LEAST:
        raise DocumentError(f"replay.variants: at least {VARIANTS_AT_LEAST}, so that no rule is written for one case")
    if not replay.near_twins:
        raise DocumentError("replay.near_twins: at least one harmless plan that must pass")
    _unique(replay)


def _unique(replay: Replay) -> None:
    titles = [each.title for each in (*replay.variants, *replay.near_twins)]
    if len(set(titles)) < len(titles):
        raise DocumentError("replay: two variations have the same title")
