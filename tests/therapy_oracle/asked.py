"""Ask ``thecal plan`` and ``thecal check`` in process, and read back what they print as exact counts.

Nothing here knows how the program computes: a document goes in as JSON on standard input, JSON comes out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from typer.testing import CliRunner

from thecal.cli.main import app

NL_PER_ML = 10**6
MS_PER_DAY = 86_400_000
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
RUNNER = CliRunner()

UNITS = {
    "nL": 1,
    "µL": 10**3,
    "mL": 10**6,
    "ng": 1,
    "microgram": 10**3,
    "mg": 10**6,
    "ng/mL": 1,
    "microgram/mL": 10**3,
    "mg/mL": 10**6,
    "nL/day": 1,
    "µL/day": 10**3,
    "µL/h": 24 * 10**3,
    "mL/day": 10**6,
    "mL/h": 24 * 10**6,
    "ng/day": 1,
    "microgram/day": 10**3,
    "microgram/h": 24 * 10**3,
    "mg/day": 10**6,
    "mg/h": 24 * 10**6,
    "ms": 1,
    "s": 1000,
    "min": 60_000,
    "h": 3_600_000,
    "day": MS_PER_DAY,
    "%": Fraction(1, 100),
    "×": 1,
    "": 1,
}


def examples(number: int) -> settings:
    """That many examples and no shrinking: a failure names its document, and soon."""
    return settings(
        max_examples=number,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )


def written(count: Fraction | int, unit: str) -> str:
    """A count of nL, ng, ng/mL, nL/day, ng/day or ms as it is typed, in the unit named."""
    number = Fraction(count) / UNITS[unit]
    text = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    assert Fraction(text) == number, f"{number} {unit} has no exact decimal"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"


def fluid(*drugs: tuple[str, int]) -> list[dict[str, str]]:
    """A fluid from drugs and their ng/mL."""
    return [{"drug": drug, "concentration": written(ng_per_ml, "ng/mL")} for drug, ng_per_ml in drugs]


def at(ms: Fraction | int = 0) -> str:
    """A moment that many ms after the common start."""
    return (START + timedelta(milliseconds=int(ms))).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to one plan."""

    status: int
    outputs: dict[str, Any]
    findings: list[dict[str, Any]]

    def count(self, key: str) -> Fraction | None:
        """One answer in its base unit; the exact count where the printed one was rounded; none where there is none."""
        shown = self.outputs[key]
        if shown["value"] is None:
            return None
        number, _, unit = shown.get("exact", str(shown["value"])).partition(" ")
        return Fraction(number) * UNITS[unit or shown["unit"]]

    def word(self, key: str) -> str:
        return self.outputs[key]["value"]

    def ms(self, key: str) -> int:
        """A moment, in ms after the common start."""
        return (datetime.fromisoformat(self.outputs[key]["value"]) - START) // timedelta(milliseconds=1)

    def rules(self, *verdicts: str) -> set[str]:
        """Rules that spoke, or those of certain verdicts."""
        return {each["rule"] for each in self.findings if not verdicts or each["verdict"] in verdicts}


def plan(kind: str, /, **document: Any) -> Plan:
    """What the command answers; a document it cannot use fails the test with the line it printed."""
    result = RUNNER.invoke(app, ["plan", kind, "-", "--json"], input=json.dumps(document))
    assert result.exit_code in (0, 1), result.output
    found = json.loads(result.stdout, parse_float=Decimal)
    return Plan(result.exit_code, found["outputs"], found["findings"])


def check(document: dict[str, Any]) -> dict[str, Any]:
    """What ``thecal check`` answers, with its status."""
    result = RUNNER.invoke(app, ["check", "-", "--json"], input=json.dumps(document))
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout, parse_float=Decimal) | {"status": result.exit_code}


def floor(number: Fraction) -> int:
    return number.numerator // number.denominator


def ceil(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)
