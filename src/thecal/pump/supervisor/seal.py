"""Sealing: the supervisor takes a commit's numbers only when its own sums say that they are possible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from thecal.pump.supervisor.guard import Guard, TripReason
from thecal.pump.supervisor.limits import MS_PER_DAY, Declared, limits_of_program


@dataclass(frozen=True, slots=True)
class SealRefused:
    """The supervisor does not vouch for the declaration; what was sealed before stays. ``why`` is one line."""

    why: str


def seal(guard: Guard, declared: Declared, now_tick_ms: int) -> Guard | SealRefused:
    """Hold strokes from ``now`` on against the declared program, or say why not.

    Ends every trip but death, silences the supervisor's alarm, counts as a heartbeat, restarts the program's
    windows, the once budget and the row of missed strokes. The ceilings' windows, the last two strokes and the
    last bolus id go on across any number of seals.

    Refused: a supervisor that does not run, a time before what is settled, a number that is no whole number from
    0 up, a stroke or ceiling other than of manufacture, a basal above the ceiling, a basal of a day above the highest
    basal or the volume limit, a bolus without duration or with a lockout shorter than itself, a bolus or once
    bolus that alone would pass the ceiling rate, a duration or lockout without a bolus. (Basal and bolus together
    may pass the ceiling rate: the controller grants no such bolus, and the windows and TOO_FAST hold the sum.)
    """
    if guard.trip is TripReason.DEAD:
        return SealRefused("supervisor: it does not run")
    if now_tick_ms < guard.tick_ms:
        return SealRefused("time: the seal is before strokes that are settled")
    for why in _objections(guard, declared):
        return SealRefused(why)
    return guard._replace(
        tick_ms=now_tick_ms,
        heartbeat_tick_ms=max(now_tick_ms, guard.own_tick_ms),
        own_tick_ms=max(now_tick_ms, guard.own_tick_ms),
        missed_in_a_row=0,
        trip=None,
        sounding=False,
        sealed_tick_ms=now_tick_ms,
        limits=limits_of_program(guard.limits, declared),
        apart=guard.every,
        once_strokes=0,
    )


def _objections(guard: Guard, declared: Declared) -> Iterator[str]:
    """Lines in order of weight; the first that applies refuses, so later ones may rely on earlier ones."""
    made = guard.limits
    for field, value in zip(Declared._fields, declared, strict=True):
        if (type(value) is not int or value < 0) and (field, value) != ("daily_basal_nl", None):
            yield f"{field}: must be a whole number from 0 up"
    if declared.stroke_nl != made.stroke_nl:
        yield f"stroke_nl: this pump was made with {made.stroke_nl} nL"
    if declared.ceiling_nl_per_day != made.ceiling_nl_per_day:
        yield f"ceiling_nl_per_day: this pump was made for at most {made.ceiling_nl_per_day} nL/day"
    highest = declared.highest_basal_nl_per_day
    if highest > made.ceiling_nl_per_day:
        yield f"highest_basal_nl_per_day: at most the ceiling of {made.ceiling_nl_per_day} nL/day"
    daily = highest if declared.daily_basal_nl is None else declared.daily_basal_nl
    if daily > highest:
        yield f"daily_basal_nl: at most a day of the highest basal, {highest} nL"
    if daily > declared.volume_limit_nl_per_24h:
        yield f"volume_limit_nl_per_24h: at least the basal of a day, {daily} nL"
    yield from _bolus_objections(guard, "bolus", declared.bolus_nl, declared.bolus_duration_ms)
    if declared.bolus_lockout_ms < declared.bolus_duration_ms:
        yield "bolus_lockout_ms: at least as long as the bolus lasts"
    if declared.bolus_nl == 0 < declared.bolus_lockout_ms:
        yield "bolus_lockout_ms: 0 where there is no bolus"
    yield from _bolus_objections(guard, "once", declared.once_nl, declared.once_duration_ms)


def _bolus_objections(guard: Guard, name: str, volume_nl: int, duration_ms: int) -> Iterator[str]:
    if volume_nl == 0 < duration_ms:
        yield f"{name}_duration_ms: 0 where there is no bolus"
    strokes_nl = volume_nl - volume_nl % guard.limits.stroke_nl
    if volume_nl > 0 == duration_ms:
        yield f"{name}_duration_ms: a bolus must last"
    if strokes_nl * MS_PER_DAY > guard.limits.ceiling_nl_per_day * duration_ms:
        yield f"{name}_nl: faster than the ceiling of {guard.limits.ceiling_nl_per_day} nL/day"
