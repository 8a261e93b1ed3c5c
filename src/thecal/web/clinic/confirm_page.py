"""The pump's own decode beside what was sent, in words a person can compare, and the soft limits it passes."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.drugs import drug
from thecal.device import Program
from thecal.programmer import StagedUpdate, bridge_text
from thecal.quantities import Amount, Concentration, DoseRate, Duration, Volume
from thecal.therapy.arithmetic import mass_given
from thecal.therapy.rows import schedule_text
from thecal.therapy.showing import number_text
from thecal.web.clinic.review_page import tick_of


@dataclass(frozen=True, slots=True)
class Pair:
    """One number as sent, and as the pump understood it."""

    label: str
    unit: str
    sent: str
    pump: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A soft limit of the pump's drug library that a person has to accept: value, limit and units in ``words``."""

    name: str
    words: str
    ticked: bool
    missing: bool


def ticks(update: StagedUpdate, ticked: frozenset[str], *, complain: bool) -> tuple[Tick, ...]:
    """One for each soft limit the program passes; ``complain``: say where one is missing."""
    found = []
    for needed in update.still_needed:
        name = tick_of(needed.rule, needed.field)
        found.append(Tick(name, needed.words, name in ticked, complain and name not in ticked))
    return tuple(found)


def pairs(update: StagedUpdate) -> tuple[Pair, ...]:
    """What a person confirms, in the order of the review."""
    translation, staged = update.review.translation, update.staged
    if translation is None:
        raise ValueError("a staged update always has its translation")
    sent, derived = translation.program, translation.derived
    found = [
        _words("infusion mode", sent.mode.value, staged.program.mode.value),
        _numbers("daily volume, basal", "mL", derived.daily_volume, Volume(staged.daily_volume_nl)),
    ]
    if schedule_text(sent) or schedule_text(staged.program):
        found.insert(1, _words("day schedule", schedule_text(sent) or "–", schedule_text(staged.program) or "–"))
    for component, ours, theirs in zip(sent.components, derived.daily_doses, staged.daily_dose_ng, strict=True):
        known = drug(component.drug)
        found.append(_numbers(f"{known.display} 24-hour dose, basal", f"{known.dose_unit}/day", ours, DoseRate(theirs)))
    found += [*_bolus(update, sent), *_bridge(update, sent)]
    found.append(
        _numbers("greatest 24-hour volume", "mL", derived.greatest_24h_volume, Volume(staged.greatest_24h_volume_nl))
    )
    found.append(
        _numbers(
            "low-reservoir alarm level", "mL", Volume(sent.low_reservoir_nl), Volume(staged.program.low_reservoir_nl)
        )
    )
    return tuple(found)


def _bolus(update: StagedUpdate, sent: Program) -> list[Pair]:
    ours, theirs = sent.patient_bolus, update.staged.program.patient_bolus
    translation, staged = update.review.translation, update.staged
    if ours is None or theirs is None or translation is None or staged.bolus_volume_nl is None:
        same = "none" if ours is None else "prescribed"
        return [_words("patient bolus", same, "none" if theirs is None else "prescribed")]
    primary = staged.program.components[0]
    known = drug(primary.drug)
    given = mass_given(Volume(staged.bolus_volume_nl), Concentration(primary.concentration_ng_per_ml))
    duration, lockout = Duration(ours.duration_ms), Duration(ours.lockout_ms)
    return [
        _numbers("patient bolus, achievable", known.dose_unit, translation.derived.bolus_doses[0], given),
        _numbers("bolus duration", "min", duration, Duration(theirs.duration_ms)),
        _numbers("lockout", "h", lockout, Duration(theirs.lockout_ms)),
        _words(
            "boluses possible in any 24 h",
            str(translation.derived.effective_boluses),
            str(staged.effective_boluses_per_24h),
        ),
    ]


def _bridge(update: StagedUpdate, sent: Program) -> list[Pair]:
    """A bridge bolus, and what becomes of one that is unfinished; nothing where neither side tells of one."""
    descriptor, theirs = update.found.report.descriptor, update.staged.program
    if not (sent.once or sent.bridge_left or theirs.once or theirs.bridge_left):
        return []
    given = ["none" if each is None else bridge_text(each, descriptor) for each in (sent.once, theirs.once)]
    left = ["none" if each is None else each.value for each in (sent.bridge_left, theirs.bridge_left)]
    return [_words("bridge bolus", *given), _words("unfinished bridge bolus", *left)]


def _numbers(label: str, unit: str, sent: Amount, pump: Amount) -> Pair:
    return Pair(label, unit, number_text(sent, unit), number_text(pump, unit))


def _words(label: str, sent: str, pump: str) -> Pair:
    return Pair(label, "", sent, pump)
