"""The patient's one screen: what is possible now, when the next dose is, how many are left, alarms, the refill date.

Made from the pump's status alone. A patient's key may not interrogate, so the day schedule is not known here: the
refill date is taken from the daily volume, every allotted bolus taken, and the clinic's lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from thecal.catalogue.drugs import drug
from thecal.catalogue.policy import policy
from thecal.catalogue.sourced import CatalogueError
from thecal.device import Alarm, BolusKind, BolusStatus, FlexStep, Mode, Status
from thecal.handheld.alarms import AlarmNotice, alarm_notice
from thecal.handheld.contact import Contact
from thecal.handheld.reasons import CALL_FOR, REASON_WORDS
from thecal.handheld.refill_words import refill_words
from thecal.quantities import Concentration, Duration, Instant, Volume
from thecal.therapy import Fill, Profile, project
from thecal.therapy.arithmetic import mass_given
from thecal.therapy.showing import amount_text, clock_text, length_text, long_date_text

_NO_BOLUS = "Your pump works by itself. Extra doses are not part of your treatment at the moment."
_ONCE = MappingProxyType(
    {
        BolusKind.SINGLE: "Your pump is giving a dose your clinic has set.",
        BolusKind.PRIMING: "Your pump is filling its tube.",
        BolusKind.BRIDGE: "Your pump is changing over to a new medicine.",
    }
)
_BRIDGE_LEFT = "The change to your new medicine is not complete. Please call your clinic."
_COUNTED_BY_CLINIC = "Your clinic tells you when the next refill is."
_PAUSED = "Your pump is paused. Please call your clinic if nobody told you about it."


@dataclass(frozen=True, slots=True)
class Countdown:
    """Until when a dose is not possible: ``remaining_ms`` of pump time were left at ``at_tick_ms``."""

    at_tick_ms: int
    remaining_ms: int

    @property
    def until_tick_ms(self) -> int:
        """The pump tick at which it ends."""
        return self.at_tick_ms + self.remaining_ms


@dataclass(frozen=True, slots=True)
class RunningDose:
    """Progress of the dose being given; ``percent`` is rounded down."""

    given: Volume
    whole: Volume
    percent: int
    ends: Countdown
    words: str


@dataclass(frozen=True, slots=True)
class PatientView:
    """Everything on the page, as it was at one pump tick."""

    at_tick_ms: int
    at: Instant
    clock_offset_min: int
    sentence: str  # what is possible now
    may_ask: bool
    countdown: Countdown | None  # until a dose may be asked for; None: now, or not foreseeable
    next_words: str | None  # "at 12:40, in 3 h 40 min"
    dose_words: str | None  # "0.1 mg of morphine over 10 min"
    remaining: int | None  # doses left in the rolling 24 h
    remaining_words: str | None
    running: RunningDose | None
    alarms: tuple[AlarmNotice, ...]
    notes: tuple[str, ...]  # what else is going on: an interrupted change of medicine, settings that wait
    refill: Instant | None
    refill_words: str
    call: str
    call_now: bool  # only the clinic can help


def patient_view(status: Status, tick_ms: int, contact: Contact) -> PatientView:
    """The page for a status the pump gave at this tick."""
    bolus, now = status.bolus, Instant(status.utc_ms)
    critical = any(alarm.critical for alarm in status.alarms)
    may_ask = bolus is not None and bolus.blocked_by is None and not critical
    countdown = _countdown(bolus, tick_ms)
    refill = _refill(status, now)
    blocked_by = None if bolus is None else bolus.blocked_by
    return PatientView(
        at_tick_ms=tick_ms,
        at=now,
        clock_offset_min=status.clock_offset_min,
        sentence=_sentence(status),
        may_ask=may_ask,
        countdown=countdown,
        next_words=None if countdown is None else when_words(countdown.remaining_ms, now, status.clock_offset_min),
        dose_words=dose_words(status),
        remaining=None if bolus is None else bolus.remaining,
        remaining_words=None if bolus is None else remaining_words(bolus),
        running=None if bolus is None else _running(bolus, tick_ms),
        alarms=tuple(alarm_notice(alarm, contact.words, alarm in status.silenced) for alarm in status.alarms),
        notes=_notes(status),
        refill=refill,
        refill_words=_refill_words(status, refill, now),
        call=contact.words,
        call_now=critical or blocked_by in CALL_FOR or status.mode is Mode.STOPPED or status.bridge_left_nl is not None,
    )


def when_words(remaining_ms: int, now: Instant, offset_min: int) -> str:
    """``at 12:40, in 3 h 40 min``: a moment on the pump's clock, rounded up to the minute it is certain in."""
    minute_ms = 60_000
    then = Instant(-(-(now.epoch_ms + remaining_ms) // minute_ms) * minute_ms)
    return f"at {clock_text(then, offset_min)}, in {length_text(Duration(remaining_ms))}"


def remaining_words(bolus: BolusStatus) -> str:
    """``3 of 4 doses left in any 24 hours``: of those that are really possible."""
    doses = "dose" if bolus.effective_per_24h == 1 else "doses"
    return f"{bolus.remaining} of {bolus.effective_per_24h} {doses} left within 24 hours"


def dose_words(status: Status) -> str | None:
    """``0.1 mg of morphine over 10 min``: what one dose gives, rounded down; None without a patient bolus."""
    if status.bolus is None or not status.components:
        return None
    primary = status.components[0]
    name, unit = primary.drug, "mg"
    try:
        known = drug(primary.drug)
        name, unit = known.display, known.dose_unit
    except CatalogueError:  # an unknown drug still has its name; the clinic's review refuses to program it
        pass
    dose = mass_given(Volume(status.bolus.volume_nl), Concentration(primary.concentration_ng_per_ml))
    return f"{amount_text(dose, unit)} of {name} over {length_text(Duration(status.bolus.duration_ms))}"


def _sentence(status: Status) -> str:
    critical = [alarm for alarm in status.alarms if alarm.critical]
    # Of several the one that tells of no flow: a program that did not start is the only one that does not.
    critical.sort(key=lambda alarm: alarm is Alarm.PROGRAM_NOT_STARTED)
    if critical:
        return alarm_notice(critical[0], "").happened
    if status.mode in (Mode.STOPPED, Mode.MINIMUM_RATE):
        return _PAUSED
    if status.bolus is None and status.once is not None:
        return _ONCE.get(status.once.kind, _NO_BOLUS)
    if status.bolus is None:
        return _NO_BOLUS
    if status.bolus.blocked_by is not None:
        return REASON_WORDS[status.bolus.blocked_by]
    return "You can ask for a dose now."


def _notes(status: Status) -> tuple[str, ...]:
    notes = [] if status.bridge_left_nl is None else [_BRIDGE_LEFT]
    if status.waiting is not None:
        begins, offset_min = Instant(status.waiting.begins_utc_ms), status.clock_offset_min
        when = f"{long_date_text(begins, offset_min)} at {clock_text(begins, offset_min)}"
        notes.append(f"Your clinic has set new settings. They begin on {when}.")
    return tuple(notes)


def _countdown(bolus: BolusStatus | None, tick_ms: int) -> Countdown | None:
    if bolus is None or not bolus.next_possible_in_ms:
        return None
    return Countdown(tick_ms, bolus.next_possible_in_ms)


def _running(bolus: BolusStatus, tick_ms: int) -> RunningDose | None:
    if bolus.running_delivered_nl is None or bolus.running_ends_in_ms is None:
        return None
    percent = bolus.running_delivered_nl * 100 // bolus.volume_nl if bolus.volume_nl else 0
    words = f"{percent} % of this dose is given; it ends in {length_text(Duration(bolus.running_ends_in_ms))}."
    ends = Countdown(tick_ms, bolus.running_ends_in_ms)
    return RunningDose(Volume(bolus.running_delivered_nl), Volume(bolus.volume_nl), percent, ends, words)


def _refill_words(status: Status, refill: Instant | None, now: Instant) -> str:
    """A status does not tell how much repeating doses give: with them the clinic alone knows the date."""
    if status.mode is Mode.PERIODIC_BOLUS:
        return _COUNTED_BY_CLINIC
    return refill_words(refill, now, status.clock_offset_min)


def _refill(status: Status, now: Instant) -> Instant | None:
    if status.mode not in (Mode.SIMPLE_CONTINUOUS, Mode.FLEX):
        return None
    bolus = status.bolus
    even = Profile((FlexStep(0, status.daily_volume_nl),))
    boluses_nl = 0 if bolus is None else bolus.volume_nl * bolus.effective_per_24h
    held = Volume(status.reservoir_nl)
    fill = Fill(held, held, Volume(status.low_reservoir_nl), Volume(0), now, status.clock_offset_min)
    return project(even, boluses_nl, fill, policy().lead_before_alarm.count).refill
