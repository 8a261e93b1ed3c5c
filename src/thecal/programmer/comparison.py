"""The pump's own decode of a program against what was sent and what therapy computed: any difference is a refusal."""

from __future__ import annotations

from dataclasses import dataclass, fields

from thecal.device import Program, Report, Staged, program_hash
from thecal.therapy import Translation


@dataclass(frozen=True, slots=True)
class Compared:
    """One field as sent or computed here, and as the pump returned it."""

    field: str
    here: str
    pump: str
    same: bool


def compare_staged(sent: Translation, staged: Staged) -> tuple[Compared, ...]:
    """Every field of the program, its hash, and the numbers both sides derive from it."""
    derived = sent.derived
    pairs: list[tuple[str, object, object]] = [
        ("hash", program_hash(sent.program).hex(), staged.staged_hash.hex()),
        ("daily volume (nL)", derived.daily_volume.count, staged.daily_volume_nl),
        ("daily dose (ng)", tuple(dose.count for dose in derived.daily_doses), staged.daily_dose_ng),
        (
            "achievable bolus (nL)",
            None if derived.bolus_volume is None else derived.bolus_volume.count,
            staged.bolus_volume_nl,
        ),
        ("effective boluses in 24 h", derived.effective_boluses, staged.effective_boluses_per_24h),
        (
            "achievable bridge (nL)",
            None if derived.once_volume is None else derived.once_volume.count,
            staged.once_volume_nl,
        ),
        ("greatest 24-hour volume (nL)", derived.greatest_24h_volume.count, staged.greatest_24h_volume_nl),
    ]
    return (*compare_programs(sent.program, staged.program), *(_compared(*pair) for pair in pairs))


def compare_read_back(sent: Program, report: Report) -> tuple[Compared, ...]:
    """Every field of the program the pump now runs, or that waits for its start, and its hash byte for byte."""
    waits, waiting = report.status.waiting, report.waiting_program
    if sent.begins_utc_ms is None or waits is None or waiting is None:
        returned, returned_hash = report.program, report.program_hash
    else:
        returned, returned_hash = waiting, waits.program_hash
    hashes = _compared("hash", program_hash(sent).hex(), returned_hash.hex())
    return (*compare_programs(sent, returned), hashes)


def compare_programs(sent: Program, returned: Program) -> tuple[Compared, ...]:
    """Field by field, in the order of the program."""
    return tuple(
        _compared(field.name.replace("_", " "), getattr(sent, field.name), getattr(returned, field.name))
        for field in fields(Program)
    )


def agree(compared: tuple[Compared, ...]) -> bool:
    """Whether nothing differs."""
    return all(each.same for each in compared)


def _compared(field: str, here: object, pump: object) -> Compared:
    return Compared(field, str(here), str(pump), here == pump)
