"""The hash that names a program: what is staged, confirmed, committed and read back is compared by it."""

from __future__ import annotations

import hashlib

from thecal.device.program import Program

_VERSION = "thecal program 2"


def program_hash(program: Program) -> bytes:
    """SHA-256 over one canonical line per field; equal programs, and only they, have equal hashes."""
    bolus, periodic, once = program.patient_bolus, program.periodic, program.once
    lines = [
        _VERSION,
        program.pump_serial,
        program.patient_token,
        program.mode.value,
        " ".join(f"{step.days}:{step.start_min}:{step.rate_nl_per_day}" for step in program.steps),
        "none"
        if bolus is None
        else f"{bolus.volume_nl} {bolus.duration_ms} {bolus.lockout_ms} {bolus.maximum_per_24h}",
        "none" if periodic is None else f"{periodic.volume_nl} {periodic.duration_ms} {periodic.interval_ms}",
        "none" if once is None else f"{once.kind.value} {once.volume_nl} {once.duration_ms}",
        "none" if program.bridge_left is None else program.bridge_left.value,
        str(program.begins_utc_ms),
        f"library {program.library_version}" if program.library_version else "none",
        str(len(program.components)),
        *(f"{component.drug}\t{component.concentration_ng_per_ml}" for component in program.components),
        " ".join(str(dose) for dose in program.stated_daily_dose_ng),
        str(program.volume_limit_nl_per_24h),
        str(program.low_reservoir_nl),
    ]
    return hashlib.sha256("\n".join(lines).encode("ascii")).digest()
