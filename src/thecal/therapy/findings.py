"""What a check returns: a finding with its verdict, the numbers compared and where the limit comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Protocol

from thecal.catalogue.sourced import Confidence


class Cited(Protocol):
    """Anything of the catalogue that says where it comes from."""

    @property
    def source(self) -> str:
        """Where it was read."""

    @property
    def confidence(self) -> Confidence:
        """How far it may be trusted."""


class Verdict(Enum):
    """What a finding asks for. The order of declaration is the order of weight, lightest first."""

    ALLOW = "allow"
    INFO = "info"
    WARN = "warn"  # a person acknowledges it
    STOP = "stop"  # a second, separate confirmation that shows the ratio
    REFUSE = "refuse"  # never sent

    @property
    def weight(self) -> int:
        """0 for ALLOW up to 4 for REFUSE."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Compared:
    """One number of a comparison, as it is shown: ``("24-hour dose", "3.8 mg")``."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say about one field: one sentence, the numbers it compared, and the source of its limit."""

    rule: str
    verdict: Verdict
    field: str
    words: str
    compared: tuple[Compared, ...] = ()
    source: str = ""
    confidence: str = ""
    ratio: Fraction | None = None  # for a STOP: what the separate confirmation must show
    path: str = ""  # of the field in a check document, such as ``pending.prescription.daily_dose``


def finding(
    rule: str,
    verdict: Verdict,
    field: str,
    words: str,
    *compared: tuple[str, str],
    limit: Cited | None = None,
    ratio: Fraction | None = None,
    path: str = "",
) -> Finding:
    """A finding from plain pairs of label and text; ``limit`` gives source and confidence."""
    source, confidence = ("", "") if limit is None else (limit.source, limit.confidence.value)
    pairs = tuple(Compared(*pair) for pair in compared)
    return Finding(rule, verdict, field, words, pairs, source, confidence, ratio, path)


def refusal(
    rule: str, field: str, words: str, *compared: tuple[str, str], limit: Cited | None = None, path: str = ""
) -> Finding:
    """A finding that keeps the plan from being sent."""
    return finding(rule, Verdict.REFUSE, field, words, *compared, limit=limit, path=path)


def heaviest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """REFUSE, STOP, WARN, INFO, ALLOW; within one verdict in the order found."""
    return tuple(sorted(findings, key=lambda found: -found.verdict.weight))


def worst(findings: Iterable[Finding]) -> Verdict:
    """The heaviest verdict; ALLOW when there is no finding."""
    return max((found.verdict for found in findings), key=lambda verdict: verdict.weight, default=Verdict.ALLOW)
