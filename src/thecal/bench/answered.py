"""What an actor of a story got for an answer, in the words a story compares."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.bench.physician import Ended
from thecal.device import Reason
from thecal.handheld import DoseAnswer


@dataclass(frozen=True, slots=True)
class Answered:
    """``outcome`` is one of the programmers' words; the rest is there where the answer carried it."""

    outcome: str
    words: str = ""
    reason: Reason | None = None
    possible_in_ms: int | None = None
    ratio: Fraction | None = None


def of_physician(ended: Ended) -> Answered:
    """A programming, refill, stop or settlement."""
    return Answered(ended.ended.value, ended.words, ratio=None if ended.review is None else ended.review.ratio)


def of_patient(answer: DoseAnswer) -> Answered:
    """A request for a dose."""
    countdown = answer.countdown
    remaining_ms = None if countdown is None else countdown.remaining_ms
    return Answered(answer.answer.value, answer.words, answer.reason, remaining_ms)
