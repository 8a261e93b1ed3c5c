"""How the effects of a simulation are to be read: what the model takes for granted, and what it cannot tell.

The limits are those of docs/models/spine.md, "Misses and limits".
"""

from __future__ import annotations

from dataclasses import dataclass

from thecal.bench.result import Score

_PAIN = (
    "Read the pain score as direction, not as size: in this model relief lies near its ceiling at most lasting doses. "
    "Tolerance grows from the first dose of the record."
)
_SPASTICITY = (
    "Read the score as direction, not as size: published dose needs differ tenfold between patients, and this is one "
    "model patient."
)
_BREATHING = (
    "Depression of breathing is a share of the largest effect, not a probability. It holds for a patient without "
    "opioid before the record; one who is used to opioids breathes better than this."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One effect, by the name it has in the document, and the words that belong beside its number."""

    effect: str
    words: str


def readings(score: Score) -> tuple[Reading, ...]:
    """What belongs beside the score, and beside the depression of breathing where there is one."""
    if score.respiratory is None:
        return (Reading("score", _SPASTICITY),)
    grown = f"{score.breathing_tolerance_end:.1f}"
    tolerant = f"At its end tolerance has raised the concentration needed for the same effect {grown} times."
    return Reading("score", _PAIN), Reading("respiratory_depression", f"{_BREATHING} {tolerant}")
