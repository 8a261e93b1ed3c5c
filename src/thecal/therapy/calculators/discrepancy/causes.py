"""What may be behind a returned volume: causes kept apart, and failures that look like it."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.pumps import ConstantFlowPump, DriveKind, Pump
from thecal.catalogue.returned_volumes import Aspiration, Came, Cause, Effect, Failure, returned_volumes

VOLUME, ACCESS_PORT, PATIENT = "returned volume", "access port", "patient"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A failure that gives this returned volume; of what was looked at, ``agrees`` fits it and ``not_so`` does not."""

    failure: Failure
    agrees: tuple[str, ...]
    not_so: tuple[str, ...]


def causes_of(came: Came, about_nothing: bool) -> tuple[Cause, ...]:
    """Every known cause of this class, and of nothing coming out where that is so."""
    classes = (came, Came.NOTHING) if about_nothing else (came,)
    return tuple(cause for each in classes for cause in returned_volumes().causes if cause.came is each)


def likely(
    pump: Pump, came: Came, about_nothing: bool, aspiration: Aspiration | None, effect: Effect | None
) -> tuple[Likeness, ...]:
    """Failures that give this returned volume in such a pump, those that fit the other findings best first.

    A returned volume that is abnormal points to pump, restrictor or complete occlusion; a normal one with lost effect
    to the catheter, the drug or the disease [constant-flow 2.4]. Nothing is left out because the port does not draw:
    a good catheter often does not either.
    """
    seen = {came, Came.NOTHING} if about_nothing else {came}
    found = [
        _likeness(each, aspiration, effect) for each in returned_volumes().failures if seen & set(_returns(each, pump))
    ]
    return tuple(sorted(found, key=lambda each: (len(each.not_so), -len(each.agrees))))


def _returns(failure: Failure, pump: Pump) -> tuple[Came, ...]:
    if not isinstance(pump, ConstantFlowPump):
        return failure.programmable
    return () if failure.vapour_only and pump.drive is not DriveKind.VAPOUR else failure.constant_flow


def _likeness(failure: Failure, aspiration: Aspiration | None, effect: Effect | None) -> Likeness:
    looked_at = [(VOLUME, True)]
    if aspiration is not None:
        looked_at.append((ACCESS_PORT, aspiration in failure.aspiration))
    if effect is not None:
        looked_at.append((PATIENT, effect in failure.effect))
    agrees = tuple(what for what, fits in looked_at if fits)
    return Likeness(failure, agrees, tuple(what for what, fits in looked_at if not fits))
