"""How much of the rolling 24 h is used: grants by count, boluses and a reserve of basal by volume."""

from __future__ import annotations

from thecal.device import BolusKind
from thecal.pump.controller.numbers import WINDOW_MS
from thecal.pump.controller.state import Bolus, EarlierBasal, PumpState

EARLIER_BASALS_MAX = 8


def granted_in_window(state: PumpState, tick_ms: int) -> list[Bolus]:
    """Patient boluses that started in the 24 h up to ``tick_ms``, oldest first: what the maximum counts."""
    since = tick_ms - WINDOW_MS
    return [bolus for bolus in state.boluses if bolus.start_tick_ms > since and bolus.kind is BolusKind.PATIENT]


def leaves_window_at(bolus: Bolus, strokes: int, duration_ms: int) -> int:
    """From which tick a grant no longer counts against the volume for a new one of this train.

    An equal train that ran undisturbed may be followed after 24 h: stroke for stroke the new one takes the
    place of the old. Any other counts whole until its last stroke is 24 h old: a part counts as the whole.
    """
    if bolus.delayed_ms == 0 and (bolus.strokes, bolus.duration_ms) == (strokes, duration_ms):
        return bolus.start_tick_ms + WINDOW_MS
    ended = bolus.last_tick_ms if bolus.ended_tick_ms is None else bolus.ended_tick_ms
    return ended + WINDOW_MS


def volume_used_nl(state: PumpState, tick_ms: int, strokes: int, duration_ms: int) -> int:
    """What counts against the volume limit at ``tick_ms``: reserve of the highest basal, and granted boluses."""
    stroke_nl = state.identity.descriptor.stroke_nl
    reserve_nl = state.numbers.basal_reserve_nl
    for earlier in state.earlier_basal:
        if earlier.until_tick_ms + WINDOW_MS > tick_ms:
            reserve_nl = max(reserve_nl, -(-earlier.rate_nl_per_day // stroke_nl) * stroke_nl)
    granted = sum(b.strokes for b in state.boluses if leaves_window_at(b, strokes, duration_ms) > tick_ms)
    return reserve_nl + granted * stroke_nl


def periodic_volume_used_nl(state: PumpState, strokes: int, duration_ms: int) -> int:
    """What counts now against the volume limit for one more periodic bolus: the basal reserve and granted boluses.

    Boluses of earlier programs count, so that a program committed again and again gives no more than its limit. Their
    basal does not: a periodic bolus is basal therapy, and a lower dose must not begin with a day without any.
    """
    counting = sum(b.strokes for b in state.boluses if leaves_window_at(b, strokes, duration_ms) > state.tick_ms)
    return state.numbers.basal_reserve_nl + counting * state.identity.descriptor.stroke_nl


def granted(state: PumpState, bolus: Bolus) -> PumpState:
    """The state with one more bolus that counts, and without grants and earlier rates that can no longer count."""
    return state._replace(boluses=(*unexpired(state), bolus), earlier_basal=still_counting(state))


def unexpired(state: PumpState) -> tuple[Bolus, ...]:
    """The grants that can still count."""
    # Grants follow one another in time, so those that can no longer count stand first.
    since = state.tick_ms - WINDOW_MS
    boluses = state.boluses
    first = 0
    for start_tick_ms, duration_ms, _, delayed_ms, ended_tick_ms, _ in boluses:
        if start_tick_ms + delayed_ms + duration_ms > since or (ended_tick_ms or 0) > since:
            break
        first += 1
    return boluses[first:] if first else boluses


def still_counting(state: PumpState) -> tuple[EarlierBasal, ...]:
    """The earlier rates whose strokes can still lie in a window."""
    since = state.tick_ms - WINDOW_MS
    return tuple(e for e in state.earlier_basal if e.until_tick_ms > since) if state.earlier_basal else ()


def basal_ended(state: PumpState) -> PumpState:
    """Remember the highest rate of the program that ends now, for as long as its strokes can lie in a window."""
    ending = EarlierBasal(state.numbers.highest_rate_nl_per_day, state.tick_ms)
    higher = tuple(e for e in still_counting(state) if e.rate_nl_per_day > ending.rate_nl_per_day)
    kept = (*higher, ending) if ending.rate_nl_per_day else higher
    if len(kept) > EARLIER_BASALS_MAX:  # rates descend: the first, held a little longer, covers the second
        kept = (kept[0]._replace(until_tick_ms=kept[1].until_tick_ms), *kept[2:])
    return state._replace(earlier_basal=kept)
