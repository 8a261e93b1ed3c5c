"""What the supervisor holds every stroke against: whole strokes and milliseconds, by its own arithmetic.

Time is cut into buckets of 15 min of the supervisor's tick. A window of an hour is the bucket of the stroke and
the 4 before it, a window of a day that bucket and the 96 before it: the bucket that has partly left the window
counts whole, against delivery. What a limit must hold is therefore what 75 min (or 24 h 15 min) can need.

Every rule is strict enough to stop a runaway and wide enough that a correct controller never meets it. A basal of
rate r gives at most ceil(r * T / stroke) strokes in T ms: floor(r * T / stroke + carry) with a carry below one.
A bolus of n strokes lasts D ms, may come late by as much as it lasts after a loss of power, and is granted at most
once per lockout L: strokes within T belong to grants within T + 2 D, of which there are at most ceil((T + 2 D) / L).
"""

from __future__ import annotations

from typing import NamedTuple

MS_PER_DAY = 86_400_000
BUCKET_MS = 900_000
HOUR_BUCKETS = 4 + 1
DAY_BUCKETS = 96 + 1
HOUR_SPAN_MS = HOUR_BUCKETS * BUCKET_MS
DAY_SPAN_MS = DAY_BUCKETS * BUCKET_MS


class Declared(NamedTuple):
    """The plain numbers a commit hands to the supervisor. Volumes nL, rates nL/day, durations ms; 0 is none.

    ``stroke_nl`` and ``ceiling_nl_per_day`` repeat what the pump was made with. ``volume_limit_nl_per_24h`` bounds
    basal and boluses of any rolling 24 h. ``highest_basal_nl_per_day`` is the highest rate the program can ask for
    (of a pump at minimum rate: the minimum rate). ``bolus_*`` is the bolus that may come again: the patient bolus
    with its lockout, or the periodic bolus with its interval. ``once_*`` is the single, priming or bridge bolus.
    ``daily_basal_nl`` is the basal of a day, of a flex program that of its greatest day; None: the highest rate
    all day.
    """

    stroke_nl: int
    ceiling_nl_per_day: int
    volume_limit_nl_per_24h: int
    highest_basal_nl_per_day: int
    bolus_nl: int
    bolus_duration_ms: int
    bolus_lockout_ms: int
    once_nl: int
    once_duration_ms: int
    daily_basal_nl: int | None = None


class Limits(NamedTuple):
    """What strokes are held against. The first five are fixed at manufacture, the others are those of the last seal.

    - ``shortest_interval_ms``: floor(stroke / ceiling rate); of three successive strokes the first and the last
      are at least this far apart.
    - ``ceiling_hour``, ``ceiling_day``: strokes of any kind in 5 (97) buckets: ceil(ceiling * T / stroke) + 1 with
      T = 75 min (24 h 15 min). The one: basal and bolus each bring a fraction of a stroke into the window.
    - ``program_hour``: basal and bolus strokes in 5 buckets since the seal: the basal and the boluses that 75 min
      can hold (module docstring) + 1.
    - ``program_day``: basal and bolus strokes in 97 buckets since the seal: floor(volume limit / stroke), the basal
      and the boluses that the one bucket beyond 24 h can hold, + 1. The one: 20.6 strokes a day are 21 in some days.
      The boluses: one given 24 h 10 min ago has left the 24 h, in which the controller may have granted its
      successor, but not the 97 buckets.
    - ``bolus_strokes``: of one bolus id; ``bolus_lockout_ms``: from one bolus id to the next.
    - ``once_strokes``: per seal.

    A program that declares neither basal nor bolus (stopped) gets no allowance: 0.
    """

    stroke_nl: int
    ceiling_nl_per_day: int
    shortest_interval_ms: int
    ceiling_hour: int
    ceiling_day: int
    program_hour: int
    program_day: int
    bolus_strokes: int
    bolus_lockout_ms: int
    once_strokes: int


def limits_of_manufacture(stroke_nl: int, ceiling_nl_per_day: int) -> Limits:
    """The limits of a model before any program: ceilings of the hardware, and no program stroke at all.

    Raises ValueError for a stroke or a ceiling below 1, or a ceiling of more than one stroke per ms.
    """
    if stroke_nl < 1:
        raise ValueError("stroke must be at least 1 nL")
    if not 1 <= ceiling_nl_per_day <= stroke_nl * MS_PER_DAY:
        raise ValueError("ceiling must be at least 1 nL/day and at most one stroke per ms")
    return Limits(
        stroke_nl,
        ceiling_nl_per_day,
        shortest_interval_ms=stroke_nl * MS_PER_DAY // ceiling_nl_per_day,
        ceiling_hour=_strokes_within(HOUR_SPAN_MS, ceiling_nl_per_day, stroke_nl) + 1,
        ceiling_day=_strokes_within(DAY_SPAN_MS, ceiling_nl_per_day, stroke_nl) + 1,
        program_hour=0,
        program_day=0,
        bolus_strokes=0,
        bolus_lockout_ms=0,
        once_strokes=0,
    )


def limits_of_program(made: Limits, declared: Declared) -> Limits:
    """The limits of manufacture with those of the declared program, which must have passed the seal's own checks."""
    stroke_nl, basal = made.stroke_nl, declared.highest_basal_nl_per_day
    bolus_strokes = declared.bolus_nl // stroke_nl
    program_hour = program_day = 0
    if basal + bolus_strokes > 0:
        program_hour = (
            _strokes_within(HOUR_SPAN_MS, basal, stroke_nl)
            + bolus_strokes * _boluses_within(HOUR_SPAN_MS, declared)
            + 1
        )
        program_day = (
            declared.volume_limit_nl_per_24h // stroke_nl
            + _strokes_within(BUCKET_MS, basal, stroke_nl)
            + bolus_strokes * _boluses_within(BUCKET_MS, declared)
            + 1
        )
    return made._replace(
        program_hour=program_hour,
        program_day=program_day,
        bolus_strokes=bolus_strokes,
        bolus_lockout_ms=declared.bolus_lockout_ms,
        once_strokes=declared.once_nl // stroke_nl,
    )


def _strokes_within(span_ms: int, rate_nl_per_day: int, stroke_nl: int) -> int:
    """The most strokes a rate can make in a span, rounded up."""
    return -(-rate_nl_per_day * span_ms // (stroke_nl * MS_PER_DAY))


def _boluses_within(span_ms: int, declared: Declared) -> int:
    """The most boluses that can have strokes in a span, rounded up; 0 where none is declared."""
    if declared.bolus_nl == 0:
        return 0
    return -(-(span_ms + 2 * declared.bolus_duration_ms) // declared.bolus_lockout_ms)
