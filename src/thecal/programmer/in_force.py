"""What is in force beside the basal flow: other boluses, an unfinished bridge, a program that waits, limits passed.

These stay on every page about the pump for as long as they hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from thecal.device import OnceStatus, PeriodicBolus, Report, Status
from thecal.programmer.soft_limits import soft_limit_words
from thecal.programmer.words import BOLUS_WORDS
from thecal.quantities import Duration, Instant, Volume
from thecal.therapy import cannot_prescribe
from thecal.therapy.showing import amount_text, length_text, moment_text

NO_LIBRARY = "none: this pump declares no drug limits"


def notices(report: Report) -> tuple[str, ...]:
    """Every one of them in words, the most pressing first; none for a pump that just gives its basal flow."""
    return (*_of_status(report.status), *_of_program(report))


def library_words(status: Status) -> str:
    """The version of the pump's drug library, or that it has none."""
    return NO_LIBRARY if status.library_version is None else status.library_version


def _of_status(status: Status) -> Iterator[str]:
    if status.bridge_left_nl is not None:
        left = amount_text(Volume(status.bridge_left_nl), "mL")
        yield f"A bridge bolus was interrupted, {left} of it is left. The next program must say what becomes of it."
    if status.once is not None:
        yield _once(status.once)
    if status.waiting is not None:
        begins = moment_text(Instant(status.waiting.begins_utc_ms), status.clock_offset_min)
        yield f"A program waits: it begins {begins}. Until then the earlier one runs; a stop or an update drops it."
    for passed in status.overrides:
        yield f"Soft limit passed, acknowledged: {soft_limit_words(passed)}."
    if status.silenced:
        names = ", ".join(alarm.value for alarm in status.silenced)
        yield f"Silenced, and still standing: {names}."


def _of_program(report: Report) -> Iterator[str]:
    if report.program.periodic is not None:
        yield _periodic(report.program.periodic)
    if len(report.program.day_groups) > 1:
        yield "The schedule differs by the day of the week: doses are of the day that gives most, dates are true."
    cannot = cannot_prescribe(report.program)
    if cannot is not None:
        yield cannot


def _periodic(bolus: PeriodicBolus) -> str:
    volume, lasts = amount_text(Volume(bolus.volume_nl), "mL"), length_text(Duration(bolus.duration_ms))
    every = length_text(Duration(bolus.interval_ms))
    return f"Periodic bolus: {volume} over {lasts} every {every}, counted in doses and dates."


def _once(once: OnceStatus) -> str:
    given, whole = amount_text(Volume(once.delivered_nl), "mL"), amount_text(Volume(once.volume_nl), "mL")
    ends = length_text(Duration(once.ends_in_ms))
    return f"{BOLUS_WORDS[once.kind]} runs in the place of the basal flow: {given} of {whole} given, ends in {ends}."
