"""What is in force beside the program: a bolus given once, an unfinished bridge, a program that waits, limits passed.

These stay on every page about the pump for as long as they hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from thecal.device import OnceStatus, Status
from thecal.programmer.soft_limits import soft_limit_words
from thecal.programmer.words import BOLUS_WORDS
from thecal.quantities import Duration, Instant, Volume
from thecal.therapy.showing import amount_text, length_text, moment_text

NO_LIBRARY = "none: this pump declares no drug limits"


def notices(status: Status) -> tuple[str, ...]:
    """Every one of them in words, the most pressing first; none for a pump that just runs its program."""
    return tuple(_notices(status))


def library_words(status: Status) -> str:
    """The version of the pump's drug library, or that it has none."""
    return NO_LIBRARY if status.library_version is None else status.library_version


def _notices(status: Status) -> Iterator[str]:
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


def _once(once: OnceStatus) -> str:
    given, whole = amount_text(Volume(once.delivered_nl), "mL"), amount_text(Volume(once.volume_nl), "mL")
    ends = length_text(Duration(once.ends_in_ms))
    return f"{BOLUS_WORDS[once.kind]} runs in the place of the basal flow: {given} of {whole} given, ends in {ends}."
