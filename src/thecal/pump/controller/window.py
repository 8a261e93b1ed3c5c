"""How much of the rolling 24 h is used: grants by count, boluses and a reserve of basal by volume."""

from __future__ import annotations

from dataclasses import replace

from thecal.device import PatientBolus, Program, PumpDescriptor
from thecal.pump.controller.schedule import greatest_daily_basal_nl, highest_rate
from thecal.pump.controller.state import Bolus, EarlierBasal, Identity, PumpState
from thecal.pump.strokes import MS_PER_DAY

WINDOW_MS = MS_PER_DAY
EARLIER_BASALS_MAX = 8


def achievable_strokes(prescribed: PatientBolus, descriptor: PumpDescriptor) -> int:
    """Whole strokes of one patient bolus: what is given rounds down."""
    return prescribed.volume_nl // descriptor.stroke_nl


def basal_reserve_nl(rate_nl_per_day: int, stroke_nl: int) -> int:
    """The most that 24 h at this rate or less can hold, nL: rounded up to whole strokes."""
    return -(-rate_nl_per_day // stroke_nl) * stroke_nl


def effective_per_24h(identity: Identity, program: Program, prescribed: PatientBolus) -> int:
    """How many boluses any rolling 24 h can really hold: the least of maximum, lockout and volume limit.

    Starts at least L apart: a window of 24 h (open at one end) holds at most ceil(24 h / L) of them.
    """
    stroke_nl = identity.descriptor.stroke_nl
    by_lockout = -(-WINDOW_MS // prescribed.lockout_ms)
    left_nl = program.volume_limit_nl_per_24h - basal_reserve_nl(highest_rate(identity, program), stroke_nl)
    bolus_nl = achievable_strokes(prescribed, identity.descriptor) * stroke_nl
    return min(prescribed.maximum_per_24h, by_lockout, max(0, left_nl) // bolus_nl)


def greatest_24h_volume_nl(identity: Identity, program: Program) -> int:
    """Basal and every effective bolus of any 24 h, nL, rounded up to whole strokes."""
    basal_nl = greatest_daily_basal_nl(identity, program)
    prescribed = program.patient_bolus
    if prescribed is None:
        return basal_nl
    bolus_nl = achievable_strokes(prescribed, identity.descriptor) * identity.descriptor.stroke_nl
    return basal_nl + effective_per_24h(identity, program, prescribed) * bolus_nl


def granted_in_window(state: PumpState, tick_ms: int) -> list[Bolus]:
    """Grants that started in the 24 h up to ``tick_ms``, oldest first."""
    return [bolus for bolus in state.boluses if bolus.start_tick_ms > tick_ms - WINDOW_MS]


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
    rates = [highest_rate(state.identity, state.program)]
    rates += [e.rate_nl_per_day for e in state.earlier_basal if e.until_tick_ms + WINDOW_MS > tick_ms]
    granted = sum(b.strokes for b in state.boluses if leaves_window_at(b, strokes, duration_ms) > tick_ms)
    return basal_reserve_nl(max(rates), stroke_nl) + granted * stroke_nl


def without_expired(state: PumpState) -> PumpState:
    """The state without grants and earlier rates that can no longer count."""
    since = state.tick_ms - WINDOW_MS
    return replace(
        state,
        boluses=tuple(b for b in state.boluses if max(b.last_tick_ms, b.ended_tick_ms or 0) > since),
        earlier_basal=tuple(e for e in state.earlier_basal if e.until_tick_ms > since),
    )


def basal_ended(state: PumpState) -> PumpState:
    """Remember the highest rate of the program that ends now, for as long as its strokes can lie in a window."""
    ending = EarlierBasal(highest_rate(state.identity, state.program), state.tick_ms)
    higher = tuple(e for e in without_expired(state).earlier_basal if e.rate_nl_per_day > ending.rate_nl_per_day)
    kept = (*higher, ending) if ending.rate_nl_per_day else higher
    if len(kept) > EARLIER_BASALS_MAX:  # rates descend: the first, held a little longer, covers the second
        kept = (replace(kept[0], until_tick_ms=kept[1].until_tick_ms), *kept[2:])
    return replace(state, earlier_basal=kept)
