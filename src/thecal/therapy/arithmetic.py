"""Dose, flow and concentration, each from the other two, with every rounding named.

Counts are whole: ng, nL, ng/mL, nL/day. ``given`` rounds down, ``counted`` (against a limit) rounds up. This is the
programmers' own arithmetic, written apart from the pump's, which recomputes it and refuses a mismatch.
"""

from __future__ import annotations

from fractions import Fraction

from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Mass, QuantityError, Volume

_NL_PER_ML = 1_000_000
_MIN_PER_DAY = 1_440
_MS_PER_DAY = 86_400_000


def rate_for_dose(dose: DoseRate, concentration: Concentration) -> FlowRate:
    """The highest flow that never gives more than ``dose``: rounded down. Raises QuantityError at concentration 0."""
    return FlowRate(dose.count * _NL_PER_ML // _present(concentration))


def rate_to_fit(dose: DoseRate, concentration: Concentration) -> FlowRate:
    """The slowest flow that gives ``dose`` of a fluid of at most this concentration, rounded up."""
    return FlowRate(_up(dose.count * _NL_PER_ML, _present(concentration)))


def rate_for_timed_dose(dose: Mass, concentration: Concentration, minutes: int) -> FlowRate:
    """The highest flow that never gives more than ``dose`` within ``minutes``: rounded down."""
    return FlowRate(dose.count * _NL_PER_ML * _MIN_PER_DAY // (_present(concentration) * minutes))


def dose_given(rate: FlowRate, concentration: Concentration) -> DoseRate:
    """The dose of a constant flow, rounded down."""
    return DoseRate(rate.count * concentration.count // _NL_PER_ML)


def dose_counted(rate: FlowRate, concentration: Concentration) -> DoseRate:
    """The dose of a constant flow, rounded up; also the smallest whole dose that ``rate_for_dose`` turns into it."""
    return DoseRate(_up(rate.count * concentration.count, _NL_PER_ML))


def timed_dose_counted(rate: FlowRate, concentration: Concentration, minutes: int) -> Mass:
    """The drug a constant flow gives in ``minutes``, rounded up; inverse of ``rate_for_timed_dose``."""
    return Mass(_up(rate.count * concentration.count * minutes, _NL_PER_ML * _MIN_PER_DAY))


def volume_for_mass(mass: Mass, concentration: Concentration) -> Volume:
    """The largest volume that holds no more than ``mass``: rounded down."""
    return Volume(mass.count * _NL_PER_ML // _present(concentration))


def mass_given(volume: Volume, concentration: Concentration) -> Mass:
    """The drug in a volume, rounded down."""
    return Mass(volume.count * concentration.count // _NL_PER_ML)


def mass_counted(volume: Volume, concentration: Concentration) -> Mass:
    """The drug in a volume, rounded up."""
    return Mass(_up(volume.count * concentration.count, _NL_PER_ML))


def time_to_move(volume: Volume, rate: FlowRate) -> Duration:
    """How long a flow takes to move this volume, rounded up to the millisecond. Raises QuantityError at flow 0."""
    if rate.count == 0:
        raise QuantityError("flow: a pump that does not flow moves nothing")
    return Duration(_up(volume.count * _MS_PER_DAY, rate.count))


def rate_to_move(volume: Volume, within: Duration) -> FlowRate:
    """The slowest flow that moves this volume in this time, rounded up. Raises QuantityError for no time."""
    if within.count == 0:
        raise QuantityError("duration: nothing moves in no time")
    return FlowRate(_up(volume.count * _MS_PER_DAY, within.count))


def concentration_for(dose: DoseRate, rate: FlowRate) -> Concentration:
    """The concentration that gives ``dose`` at a fixed flow, C = D / Q, rounded down. Raises QuantityError at 0."""
    if rate.count == 0:
        raise QuantityError("flow: a pump that does not flow gives no dose at any concentration")
    return Concentration(dose.count * _NL_PER_ML // rate.count)


def concentration_to_fit(dose: DoseRate, rate: FlowRate) -> Concentration:
    """The thinnest fluid of which a flow of at most ``rate`` gives ``dose``, rounded up. Raises QuantityError at 0."""
    if rate.count == 0:
        raise QuantityError("flow: a pump that does not flow gives no dose at any concentration")
    return Concentration(_up(dose.count * _NL_PER_ML, rate.count))


def follows(primary_ng: Fraction, concentration: Concentration, primary: Concentration) -> int:
    """Nanograms of another component of the same fluid beside ``primary_ng`` of the primary drug; rounded down."""
    return int(primary_ng * concentration.count / _present(primary))


def follows_counted(primary_ng: Fraction, concentration: Concentration, primary: Concentration) -> int:
    """The same, rounded up: what is held against a limit."""
    exact = primary_ng * concentration.count / _present(primary)
    return _up(exact.numerator, exact.denominator)


def whole_strokes(volume: Volume, stroke: Volume) -> Volume:
    """The largest whole number of strokes within ``volume``."""
    return Volume(volume.count // stroke.count * stroke.count)


def _present(concentration: Concentration) -> int:
    if concentration.count == 0:
        raise QuantityError("concentration: must be more than zero")
    return concentration.count


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
