"""The record of one act of a visit: what was asked, what the pump said, who confirmed what, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.device import Program
from thecal.programmer.comparison import Compared
from thecal.programmer.confirmation import Confirmation
from thecal.programmer.interrogation import Interrogated
from thecal.quantities import Instant
from thecal.therapy import Finding, Row
from thecal.therapy.refill import Refill


class Act(Enum):
    """What was done."""

    UPDATE = "update"
    REFILL = "refill"
    STOP = "stop infusion"


class Result(Enum):
    """How it ended. Only VERIFIED means that the pump was read back and agrees."""

    VERIFIED = "applied and verified"
    NOT_VERIFIED = "applied, not verified"
    NOT_APPLIED = "not applied"
    UNKNOWN = "unknown"
    NO_LONGER_KNOWN = "no longer known to the pump"  # it can no longer act; a person compares


@dataclass(frozen=True, slots=True)
class SessionReport:
    """One act, complete in itself. ``at`` is the pump's civil time, from its reply."""

    act: Act
    by: str
    model: str
    pump_serial: str
    patient_token: str
    at: Instant
    clock_offset_min: int
    old: Program
    new: Program | None
    read_back: Program | None
    result: Result
    words: str
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    compared: tuple[Compared, ...] = ()
    refill: Refill | None = None
    pending_id: bytes | None = None  # the command to settle, when the result is unknown
    staging: str | None = None  # ``StagedUpdate.staging``: the decode that was confirmed, for an update


@dataclass(frozen=True, slots=True)
class Outline:
    """What every report of one act shares before its outcome is known."""

    act: Act
    by: str
    found: Interrogated
    new: Program | None = None
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    refill: Refill | None = None
    staging: str | None = None

    def ended(
        self,
        result: Result,
        words: str,
        tick_ms: int | None,
        *,
        after: Interrogated | None = None,
        compared: tuple[Compared, ...] = (),
        pending_id: bytes | None = None,
    ) -> SessionReport:
        """The report. ``tick_ms`` is the latest tick of the pump; ``after`` what was read back."""
        report = self.found.report
        return SessionReport(
            act=self.act,
            by=self.by,
            model=report.descriptor.model,
            pump_serial=report.pump_serial,
            patient_token=report.patient_token,
            at=self.found.at if tick_ms is None else self.found.instant_of(tick_ms),
            clock_offset_min=report.status.clock_offset_min,
            old=report.program,
            new=self.new,
            read_back=None if after is None else after.report.program,
            result=result,
            words=words,
            rows=self.rows,
            findings=self.findings,
            confirmations=self.confirmations,
            compared=compared,
            refill=self.refill,
            pending_id=pending_id,
            staging=self.staging,
        )
