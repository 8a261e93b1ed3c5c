"""What the drugs of the fluid are: labelled for this use or not, alone or mixed, given on whose word."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Plan
from thecal.therapy.rules.named import PRESCRIPTION


def mixture(plan: Plan) -> Iterator[Finding]:
    """More than one drug in the fluid: every mixture is off label."""
    if plan.infuses and len(plan.prescription.components) > 1:
        names = ", ".join(component.drug for component in plan.prescription.components)
        words = "No mixture of drugs is labelled for this use."
        yield finding("mixture", Verdict.INFO, "fluid", words, ("fluid", names), path=f"{PRESCRIPTION}.fluid")
