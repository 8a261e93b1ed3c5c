"""Theorems about the pump's arithmetic, each proved for all whole numbers by z3: induction steps and small lemmas.

A theorem holds when its negation has no solution. Of the rule that looks back only the solver must find how it fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import z3

from thecal.device import bounds
from verification import pump_model as model

MILLISECONDS = 120_000  # for one theorem
DAY = 86_400_000
BUCKET_MS = 900_000
INT64 = 2**63 - 1
TEN_YEARS_MS = 3_652 * DAY  # the longest stretch of one rate that is passed in one step and fits


class Proof(NamedTuple):
    """One theorem: whether it was proved (of a flaw: shown), in how many seconds."""

    name: str
    words: str
    holds: bool
    seconds: float


class Terms:
    """A solver with named numbers and its own division, exact: q * divisor <= number < (q + 1) * divisor."""

    def __init__(self) -> None:
        self.solver = z3.Solver()
        self.solver.set("timeout", MILLISECONDS)
        self._fresh = 0

    def numbers(self, names: str, least: int | None = 0) -> list[z3.ArithRef]:
        found = list(z3.Ints(names))
        if least is not None:
            self.solver.add(*(each >= least for each in found))
        return found

    def div(self, number: z3.ArithRef, divisor: z3.ArithRef | int) -> z3.ArithRef:
        if isinstance(divisor, int):
            return number / divisor
        self._fresh += 1
        quotient = z3.Int(f"quotient_{self._fresh}")
        self.solver.add(quotient * divisor <= number, number < quotient * divisor + divisor)
        return quotient

    def proves(self, *claims: z3.BoolRef) -> bool:
        """Whether each claim follows, from premises that do not contradict each other."""
        return self.solver.check() != z3.unsat and all(self._proves(claim) for claim in claims)

    def shows(self, *steps: z3.BoolRef) -> bool:
        """Whether each of these follows by itself; then the solver may use it."""
        shown = self.proves(*steps)
        self.solver.add(*steps)
        return shown

    def _proves(self, claim: z3.BoolRef) -> bool:
        self.solver.push()
        self.solver.add(z3.Not(claim))
        proved = self.solver.check() == z3.unsat
        self.solver.pop()
        return proved


def carry_stays_below_one_stroke(t: Terms) -> bool:
    """The carry stays from 0 to before one stroke, and no stroke is ever taken back."""
    carry, owed, stroke = t.numbers("carry owed stroke")
    t.solver.add(carry < stroke)
    strokes, left = model.strokes_due(t.div, carry, owed, stroke)
    return t.proves(left >= 0, left < stroke, strokes >= 0)


def strokes_and_carry_are_all_that_was_owed(t: Terms) -> bool:
    """Strokes x stroke + carry = all that was ever owed: if before a stretch of time, then after it."""
    total, carry, ever, owed, stroke = t.numbers("total carry ever owed stroke")
    t.solver.add(carry < stroke, total * stroke + carry == ever)
    strokes, left = model.strokes_due(t.div, carry, owed, stroke)
    return t.proves((total + strokes) * stroke + left == ever + owed)


def time_may_be_cut_anywhere(t: Terms) -> bool:
    """Two stretches give the strokes and the carry of the one they make together."""
    carry, first, second, stroke = t.numbers("carry first second stroke")
    t.solver.add(carry < stroke)
    one, left = model.strokes_due(t.div, carry, first, stroke)
    two, left = model.strokes_due(t.div, left, second, stroke)
    whole, whole_left = model.strokes_due(t.div, carry, first + second, stroke)
    return t.proves(one + two == whole, left == whole_left)


def a_window_of_basal_is_within_its_reserve(t: Terms) -> bool:
    """No window holds more basal strokes than the window's owed volume in whole strokes, rounded up."""
    carry, owed, stroke = t.numbers("carry owed stroke")
    t.solver.add(carry < stroke)
    strokes, _ = model.strokes_due(t.div, carry, owed, stroke)
    return t.proves(strokes <= model.up(t.div, owed, stroke))


def two_streams_bring_one_stroke_more(t: Terms) -> bool:
    """Basal and bolus within one owed volume together: at most its strokes rounded up, and one (the ceilings' one)."""
    carry, other, owed, beside, stroke = t.numbers("carry other owed beside stroke")
    t.solver.add(carry < stroke, other < stroke)
    strokes, _ = model.strokes_due(t.div, carry, owed, stroke)
    more, _ = model.strokes_due(t.div, other, beside, stroke)
    return t.proves(strokes + more <= model.up(t.div, owed + beside, stroke) + 1)


def volume_is_unsigned_and_conserved(t: Terms) -> bool:
    """Strokes that the volume holds leave volume + strokes x stroke = fill, and the volume not below nothing."""
    volume, made, filled, due, stroke = t.numbers("volume made filled due stroke")
    t.solver.add(stroke > 0, volume + made * stroke == filled)
    held = t.div(volume, stroke)
    given = z3.If(due < held, due, held)
    return t.proves(volume - given * stroke >= 0, volume - given * stroke + (made + given) * stroke == filled)


def a_report_keeps_the_volume_within_the_fill(t: Terms) -> bool:
    """Missing strokes given back and extra ones taken: from 0 to the fill; exact unless more was made than it held."""
    volume, made, filled, missing, extra, stroke = t.numbers("volume made filled missing extra stroke")
    t.solver.add(stroke > 0, volume + made * stroke == filled, missing <= made)
    told = volume + (missing - extra) * stroke
    kept = z3.If(told > filled, filled, z3.If(told < 0, 0, told))
    exact = z3.Implies(told >= 0, kept + (made - missing + extra) * stroke == filled)
    return t.proves(kept >= 0, kept <= filled, exact)


def no_window_sees_more_grants_than_fit(t: Terms) -> bool:
    """A grant is let where fewer than ``most`` lie in the window before it: no window then holds more (1 to 24)."""
    window, end = t.numbers("window end", 1)
    ticks = t.numbers(" ".join(f"grant_{place}" for place in range(25)))
    t.solver.add(*(earlier <= later for earlier, later in pairwise(ticks)))
    shown = True
    for most in range(1, bounds.BOLUSES_PER_24H.high + 1):
        *earlier, last = ticks[: most + 1]
        before = z3.Sum([z3.If(each > last - window, 1, 0) for each in earlier])
        held = z3.Sum([z3.If(z3.And(each > end - window, each <= end), 1, 0) for each in (*earlier, last)])
        shown = shown and t.proves(z3.Implies(before < most, held <= most))
    return shown


def strokes_of_grants_stroke_by_stroke(t: Terms) -> bool:
    """Induction over the strokes of a train: at each offset a window sees at most as many as grants, so k x grants."""
    seen, place, here, most = t.numbers("seen place here most")
    t.solver.add(seen <= place * most, here <= most)
    return t.proves(seen + here <= (place + 1) * most)


def reserve_and_grants_are_within_the_limit(t: Terms) -> bool:
    """Basal <= reserve, boluses <= strokes x grants, and the last grant was let by the rule: their sum <= limit."""
    reserve, granted, strokes, limit, basal, bolus = t.numbers("reserve granted strokes limit basal bolus")
    t.solver.add(model.may_grant(reserve, granted * strokes, strokes, limit))
    t.solver.add(basal <= reserve, bolus <= (granted + 1) * strokes)
    return t.proves(basal + bolus <= limit)


def _windows(t: Terms, window: int, reserving: bool) -> z3.BoolRef:
    """Two windows of slots with any basal up to a highest rate and any grants the rule lets: one above the limit."""
    slots = 3 * window
    basal = [z3.Int(f"basal_{slot}") for slot in range(slots)]
    granted = [z3.Bool(f"grant_{slot}") for slot in range(slots)]
    highest, strokes, limit = t.numbers("highest strokes limit", 1)
    given = [z3.If(each, strokes, 0) for each in granted]
    t.solver.add(highest * window <= limit)  # else no such program is taken
    for slot in range(slots):
        past = range(max(0, slot - window + 1), slot + 1)
        t.solver.add(basal[slot] >= 0, basal[slot] <= highest)
        if reserving:
            rule = model.may_grant(highest * window, z3.Sum([given[i] for i in past if i < slot]), strokes, limit)
        else:
            earlier = z3.Sum([basal[i] + given[i] for i in past if i < slot] + [basal[slot]])
            rule = model.may_grant_by_the_past(earlier, strokes, limit)
        t.solver.add(z3.Implies(granted[slot], rule))
    sums = [z3.Sum([basal[i] + given[i] for i in range(end - window + 1, end + 1)]) for end in range(window - 1, slots)]
    return z3.Or(*(each > limit for each in sums))


def reserving_holds_every_window(t: Terms) -> bool:
    """Reserving a full window of basal: over three windows of any basal and any grants, no window passes the limit."""
    return t.proves(z3.Not(_windows(t, 6, reserving=True)))


def looking_back_only_is_refuted(t: Terms) -> bool:
    """Looking back only (the published Open PCA rule): a window above the limit exists, and the solver finds it."""
    t.solver.add(_windows(t, 6, reserving=False))
    return t.solver.check() == z3.sat


def buckets_miss_no_stroke_of_the_window(t: Terms) -> bool:
    """A stroke of the last 1 h (24 h) is in the last 5 (97) buckets: what the supervisor counts is never too few."""
    tick, earlier = t.numbers("tick earlier")
    claims = []
    for span, buckets in ((4, 5), (96, 97)):
        inside = z3.And(earlier <= tick, earlier > tick - span * BUCKET_MS)
        claims.append(z3.Implies(inside, model.counts_in_window(t.div, earlier, tick, BUCKET_MS, buckets)))
    return t.proves(*claims)


def buckets_count_no_stroke_beyond_their_span(t: Terms) -> bool:
    """A stroke that the buckets count is less than 5 (97) buckets old: the span for which the limits are made."""
    tick, earlier = t.numbers("tick earlier")
    claims = []
    for buckets in (5, 97):
        counts = model.counts_in_window(t.div, earlier, tick, BUCKET_MS, buckets)
        claims.append(z3.Implies(counts, tick - earlier < buckets * BUCKET_MS))
    return t.proves(*claims)


def boluses_in_a_span_are_few(t: Terms) -> bool:
    """Grants a lockout apart, each stroke at most two durations after its grant: at most ceil((T + 2 D) / L) in T."""
    span, duration, lockout, first, last, end, more = t.numbers("span duration lockout first last end more")
    t.solver.add(lockout > 0, span > 0, more >= 0)  # more: grants after the first that reach into the span
    t.solver.add(last - first >= more * lockout, first > end - span - 2 * duration, last < end)
    return t.proves(more + 1 <= model.boluses_within(t.div, span, duration, lockout))


def a_train_is_its_strokes(t: Terms) -> bool:
    """Stroke k of a train is made by a tick exactly if k is at most the number that the train counts at it."""
    k, interval, per, elapsed, phase = t.numbers("k interval per elapsed phase")
    t.solver.add(interval > 0, per > 0)
    tick = model.train_tick(t.div, k, interval, phase, per)
    number = model.train_number(t.div, elapsed, interval, phase, per)
    shown = t.shows(  # both sides of the comparison, times their divisors
        z3.Implies(tick <= elapsed, tick * per <= elapsed * per),
        z3.Implies(tick >= elapsed + 1, (tick - 1) * per >= elapsed * per),
        z3.Implies(k <= number, k * interval <= number * interval),
        z3.Implies(k >= number + 1, k * interval >= (number + 1) * interval),
    )
    return shown and t.proves((tick <= elapsed) == (k <= number))


def a_bolus_is_due_from_nothing_to_all(t: Terms) -> bool:
    """None of a bolus is due at its start, all at its end, never fewer than before, and its train counts the same."""
    strokes, duration, elapsed, later = t.numbers("strokes duration elapsed later")
    t.solver.add(duration > 0, strokes > 0, elapsed <= later, later <= duration)
    now, then = (model.due_by(t.div, strokes, duration, each) for each in (elapsed, later))
    shown = t.shows(elapsed * strokes <= later * strokes, later * strokes <= duration * strokes)
    whole = model.due_by(t.div, strokes, duration, duration)
    train = model.train_number(t.div, elapsed, duration, 0, strokes)
    return shown and t.proves(now >= 0, now <= then, then <= strokes, whole == strokes, train == now)


def a_loss_of_power_costs_at_most_one_stroke(t: Terms) -> bool:
    """Recorded before it is made: recorded = made + on the way + lost, lost <= losses, whatever the motor does."""
    recorded, made, way, lost, losses = t.numbers("recorded made way lost losses")
    t.solver.add(recorded == made + way + lost, way <= 1, lost <= losses)
    writes = z3.Implies(way == 0, recorded + 1 == made + 1 + lost)
    turns = z3.Implies(way == 1, z3.And(recorded == (made + 1) + 0 + lost, lost <= losses))
    power = z3.And(recorded == made + 0 + (lost + way), lost + way <= losses + 1)
    return t.proves(writes, turns, power, recorded >= made)


def products() -> Iterator[tuple[str, tuple[int, ...], int]]:
    """Each product of the code: where it stands, the greatest of each factor, the greatest of what is added to it."""
    stroke_owed = bounds.STROKE.high * DAY
    yield "one stroke owed", (bounds.STROKE.high, DAY), 0
    yield "basal owed in ten years, with the carry", (bounds.RATE.high, TEN_YEARS_MS), stroke_owed
    yield "basal owed in a week", (bounds.RATE.high, 7 * DAY), 0
    yield "bolus strokes due, ten years late", (TEN_YEARS_MS, bounds.BOLUS_VOLUME.high), 0
    yield "tick of a bolus stroke", (bounds.BOLUS_VOLUME.high, bounds.BRIDGE_DURATION.high), 0
    yield "tick of a basal stroke in ten years", (bounds.RATE.high, TEN_YEARS_MS), 2 * stroke_owed
    yield "rate of a bolus", (bounds.BOLUS_VOLUME.high, DAY), bounds.ONCE_DURATION.high
    yield "dose of a volume", (bounds.RESERVOIR.high, bounds.CONCENTRATION.high), 0
    yield "dose of a day with boluses", (2 * bounds.VOLUME_LIMIT.high, bounds.CONCENTRATION.high), 0
    yield "step up in percent", (bounds.DAILY_DOSE.high, 100 + bounds.PERCENT.high), 0
    yield "supervisor: strokes in 24 h 15 min", (bounds.RATE.high, 97 * BUCKET_MS), stroke_owed
    yield "supervisor: strokes of a bucket", (BUCKET_MS, bounds.RATE.high), 0
    yield "volume of strokes", (bounds.RESERVOIR.high, bounds.STROKE.high), 0
    yield "local time", (bounds.CLOCK_OFFSET.high, 60_000), bounds.UTC.high + bounds.TICK.high


def every_product_fits_64_bits(t: Terms) -> bool:
    """Every product of the code, with its factors in the bounds of the device and a step of ten years: below 2^63."""
    claims = []
    for place, (_name, factors, added) in enumerate(products()):
        product: z3.ArithRef | int = 1
        for number, most in enumerate(factors):
            (factor,) = t.numbers(f"factor_{place}_{number}")
            t.solver.add(factor <= most)
            product = factor * product
        claims.append(product + added <= INT64)
    return t.proves(*claims)


THEOREMS: tuple[Callable[[Terms], bool], ...] = (
    carry_stays_below_one_stroke,
    strokes_and_carry_are_all_that_was_owed,
    time_may_be_cut_anywhere,
    a_window_of_basal_is_within_its_reserve,
    two_streams_bring_one_stroke_more,
    volume_is_unsigned_and_conserved,
    a_report_keeps_the_volume_within_the_fill,
    no_window_sees_more_grants_than_fit,
    strokes_of_grants_stroke_by_stroke,
    reserve_and_grants_are_within_the_limit,
    reserving_holds_every_window,
    looking_back_only_is_refuted,
    buckets_miss_no_stroke_of_the_window,
    buckets_count_no_stroke_beyond_their_span,
    boluses_in_a_span_are_few,
    a_train_is_its_strokes,
    a_bolus_is_due_from_nothing_to_all,
    a_loss_of_power_costs_at_most_one_stroke,
    every_product_fits_64_bits,
)


def proved(theorem: Callable[[Terms], bool]) -> Proof:
    """Try one theorem."""
    began_s = time.monotonic()
    holds = theorem(Terms())
    words = (theorem.__doc__ or "").strip()
    return Proof(theorem.__name__, words, holds, time.monotonic() - began_s)
