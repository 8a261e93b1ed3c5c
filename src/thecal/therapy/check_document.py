"""The check document: one plan beside the pump, the patient, the devices and the history; what ``thecal check`` reads.

TOML or JSON, the same fields in both. Every quantity is text with its unit (``"2.4 mg/day"``). Whatever is left out is
not known and never guessed; the finding ``facts-missing`` then says which rules could not speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from thecal.catalogue.pumps import ConstantFlowPump
from thecal.documents import DocumentError, parse, read, schema
from thecal.therapy.check_constant_flow import constant_flow_findings
from thecal.therapy.check_reading import CheckCase, case_of
from thecal.therapy.check_records import CheckDocument
from thecal.therapy.checks import after_refill, cannot_program, check
from thecal.therapy.findings import Finding, heaviest_first
from thecal.therapy.review import review
from thecal.therapy.rows import Row

if TYPE_CHECKING:
    from thecal.catalogue.site import Site

__all__ = ["CheckCase", "DocumentError", "check_case", "check_schema", "load_check", "rows_of_case"]


def load_check(text: str, site: Site | None = None) -> CheckCase:
    """The plan in a TOML or JSON text, held against the limits of ``site``.

    Raises DocumentError, one line that names the field; CatalogueError for a site that may not change what it changes.
    """
    return case_of(read(CheckDocument, parse(text)), site)


def check_case(case: CheckCase) -> tuple[Finding, ...]:
    """What every rule has to say about the plan, heaviest first.

    A constant-flow pump is never programmed: a prescription for one is refused, and otherwise the dose that its one
    flow gives of the pending fluid is what the rules look at.
    """
    situation = case.situation
    if isinstance(case.answers, ConstantFlowPump):
        refused = (cannot_program(case.answers),) if case.prescribes else ()
        return heaviest_first((*refused, *constant_flow_findings(situation)))
    return check(situation.pending, situation.current, situation.patient, situation.devices, situation.history)


def rows_of_case(case: CheckCase) -> tuple[Row, ...]:
    """What runs now beside what is planned, once the refill is told; none for a pump nobody can program."""
    situation = case.situation
    if isinstance(case.answers, ConstantFlowPump):
        return ()
    return review(situation.pending.prescription, after_refill(situation.current, situation.pending.refill)).rows


def check_schema() -> Mapping[str, Any]:
    """JSON schema of the check document, generated from the records it is read into."""
    return schema(CheckDocument, "Thecal check")
