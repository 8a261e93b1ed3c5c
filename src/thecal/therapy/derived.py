"""What a program makes a pump do in a day: the numbers a person confirms, computed apart from the pump.

The pump answers a staged program with its own; ``programmer`` compares the two and any difference is a refusal.
Given amounts are rounded down, amounts counted against a limit up, boluses to whole strokes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from thecal.device import PatientBolus, Program, PumpDescriptor
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Mass, Volume
from thecal.therapy.arithmetic import dose_counted, dose_given, mass_given, whole_strokes
from thecal.therapy.profile import Profile, profile_of

_MS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Derived:
    """The daily numbers of one program in one pump; doses per component, primary drug first."""

    profile: Profile
    daily_volume: Volume  # basal of the day that gives most, and its share of periodic boluses, each rounded down
    daily_doses: tuple[DoseRate, ...]  # of that volume, rounded down
    highest_rate: FlowRate
    bolus_volume: Volume | None  # achievable: whole strokes
    bolus_doses: tuple[Mass, ...]  # achievable, rounded down
    effective_boluses: int | None  # what lockout and volume limit leave of the maximum, any rolling 24 h
    greatest_24h_volume: Volume  # basal, every periodic and every effective patient bolus, rounded up
    greatest_24h_doses: tuple[DoseRate, ...]  # rounded up
    once_volume: Volume | None = None  # achievable of the bolus given once when the program starts; in no daily number


def derive(program: Program, descriptor: PumpDescriptor) -> Derived:
    """The daily numbers of ``program`` in a pump of this model."""
    profile = profile_of(program, descriptor)
    fluid = [Concentration(component.concentration_ng_per_ml) for component in program.components]
    daily = Volume(int(profile.daily) + profile.bolus_nl * _MS_PER_DAY // profile.every_ms)
    bolus, once = program.patient_bolus, program.once
    bolus_volume = None if bolus is None else whole_strokes(Volume(bolus.volume_nl), Volume(descriptor.stroke_nl))
    effective = None if bolus is None else _effective(program, bolus, profile, descriptor)
    greatest = _greatest(profile, descriptor.stroke_nl)
    if bolus_volume is not None and effective is not None:
        greatest += effective * bolus_volume.count
    return Derived(
        profile=profile,
        daily_volume=daily,
        daily_doses=tuple(dose_given(FlowRate(daily.count), concentration) for concentration in fluid),
        highest_rate=FlowRate(profile.highest),
        bolus_volume=bolus_volume,
        bolus_doses=() if bolus_volume is None else tuple(mass_given(bolus_volume, each) for each in fluid),
        effective_boluses=effective,
        greatest_24h_volume=Volume(greatest),
        greatest_24h_doses=tuple(dose_counted(FlowRate(greatest), concentration) for concentration in fluid),
        once_volume=None if once is None else whole_strokes(Volume(once.volume_nl), Volume(descriptor.stroke_nl)),
    )


def _greatest(profile: Profile, stroke_nl: int) -> int:
    """The most basal and periodic volume of any 24 h, nL, in whole strokes.

    Where days differ, 24 h may hold the end of one and the start of the next: the highest rate stands for all of it.
    """
    basal = profile.daily if profile.days_alike else Fraction(profile.highest)
    boluses = -(-_MS_PER_DAY // profile.every_ms)  # that begin in 24 h, open at one end
    return up_to_strokes(-(-basal.numerator // basal.denominator), stroke_nl) + boluses * profile.bolus_nl


def up_to_strokes(volume_nl: int, stroke_nl: int) -> int:
    """The smallest whole number of strokes that holds ``volume_nl``, in nL."""
    return -(-volume_nl // stroke_nl) * stroke_nl


def turns_per_24h(lockout: Duration) -> int:
    """How many requests any 24 hours leave room for."""
    return -(-_MS_PER_DAY // lockout.count)


def _effective(program: Program, bolus: PatientBolus, profile: Profile, descriptor: PumpDescriptor) -> int:
    """Every grant keeps a full day of the highest basal rate free (design decision 3)."""
    given = whole_strokes(Volume(bolus.volume_nl), Volume(descriptor.stroke_nl)).count
    free = program.volume_limit_nl_per_24h - up_to_strokes(profile.highest, descriptor.stroke_nl)
    by_volume = max(0, free) // given if given else 0
    return min(bolus.maximum_per_24h, turns_per_24h(Duration(bolus.lockout_ms)), by_volume)
