"""A catheter as it lies in the patient: volume, way from the reservoir, dwell, arrival of a new fluid, error of a trim.

V = sum of (L - trimmed) v + connectors; dwell = V / Q; a trim that nobody wrote down makes every bridge and prime wrong
by v dL, and the drug in it by v dL C [constant-flow 2.2, 4].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thecal.catalogue.drugs import drug
from thecal.quantities import Duration, Mass, Volume
from thecal.therapy.arithmetic import mass_counted, time_to_move
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.calculators.catheter.inputs import CatheterInputs, Described, described
from thecal.therapy.calculators.on_paper import fluid_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.front import Front, diffusivity_of, front, micrometres
from thecal.therapy.tip import NL_PER_ML

_FORMULA = (
    "V = sum over segments of (length - trimmed) x mL/cm + connectors",
    "way from the reservoir = volume inside the pump + V",
    "dwell = V / flow; a new fluid is at the tip after (inside + V) / flow",
    "front: Taylor and Aris, K = D (1 + Pe^2 / 48), tau = pi D L / flow",
    "unrecorded trim: volume wrong by v x dL, drug in the catheter by v x dL x C",
)
_ASSUMED = (
    "Volumes follow from length and mL/cm as labelled, never from a rounded bore.",
    "The front spreads in the catheter as in one of its length and volume; what lies before it passes as a plug.",
    "A trim without a record is taken at the pump end, with the mL/cm of the segment there.",
)
_EQUATIONS = (
    SourceLine("volume after a trim", "Prometra II manual p. 33: implanted length x 0.0026 mL/cm", "verified"),
    SourceLine("front in a lumen", "Taylor-Aris dispersion; early spill fitted to a random walk", "derived"),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new fluid at the tip: as a spreading front of this drug, from the moment it leaves the reservoir."""

    drug: str
    front: Front


@dataclass(frozen=True, slots=True)
class TrimError:
    """What a trim that nobody wrote down makes wrong, rounded up: volume, time at this flow, drug in that volume."""

    volume: Volume
    time: Duration | None
    drugs: tuple[tuple[str, Mass], ...]


@dataclass(frozen=True, slots=True)
class CatheterAnswer:
    """Length and volume, and where pump and a flow it can have are told the way and the times; else None."""

    length_cm: Decimal
    volume: Volume
    dead_volume: Volume | None
    dwell: Duration | None
    way: Duration | None
    arrivals: tuple[Arrival, ...]
    error: TrimError | None


def catheter_volume(inputs: CatheterInputs) -> Calculation[CatheterAnswer]:
    """The catheter as it lies. Raises EntryRefused, one line."""
    told = described(inputs)
    volume = told.implanted.volume()
    dead = None if told.inside is None else told.inside + volume
    answer = CatheterAnswer(
        length_cm=told.implanted.length_cm,
        volume=volume,
        dead_volume=dead,
        dwell=_time(volume, told),
        way=None if dead is None else _time(dead, told),
        arrivals=tuple(_arrivals(inputs, told)),
        error=None if inputs.unrecorded_cm is None else _error(inputs, told, inputs.unrecorded_cm),
    )
    drugs = tuple(each.drug for each in answer.arrivals)
    sources = (
        *told.sources,
        *(cited(f"diffusion of {each}", diffusivity_of(each)) for each in drugs),
        *_EQUATIONS,
    )
    findings = () if told.against is None else (told.against,)
    return Calculation("catheter", answer, given(inputs), tuple(_lines(answer)), _FORMULA, sources, _ASSUMED, findings)


def _time(volume: Volume, told: Described) -> Duration | None:
    return None if told.flow is None else time_to_move(volume, told.flow)


def _arrivals(inputs: CatheterInputs, told: Described) -> Iterator[Arrival]:
    if told.flow is None or told.inside is None:
        return
    lies = told.implanted
    for each in inputs.fluid:
        found = front(lies.volume(), micrometres(lies.length_cm), told.inside, told.flow, each.drug)
        if found is not None:
            yield Arrival(each.drug, found)


def _error(inputs: CatheterInputs, told: Described, forgotten_cm: Decimal) -> TrimError:
    nearest = told.implanted.segments[0]
    if not 0 < forgotten_cm < nearest.length_cm:
        raise EntryRefused("unrecorded_cm", f"must be above 0 and below the {nearest.length_cm} cm that lie there")
    exact = Fraction(forgotten_cm) * Fraction(nearest.volume_ml_per_cm) * NL_PER_ML
    volume = Volume(-(-exact.numerator // exact.denominator))
    fluid = fluid_of(inputs.fluid) if inputs.fluid else ()
    drugs = tuple((each.drug, mass_counted(volume, each.concentration)) for each in fluid)
    return TrimError(volume, _time(volume, told), drugs)


def _lines(answer: CatheterAnswer) -> Iterator[Line]:
    yield Line("length", "length in the patient", answer.length_cm.normalize(), "cm")
    yield Line("volume", "catheter volume", answer.volume, "mL")
    yield Line("dead_volume", "from the reservoir to the tip", answer.dead_volume, "mL")
    yield Line("dwell", "fluid stays in the catheter for", answer.dwell, "h")
    yield Line("way", "new fluid at the tip after, as a sharp front", answer.way, "h")
    for each in answer.arrivals:
        name, key = drug(each.drug).display, f"arrival.{each.drug}"
        yield Line(f"{key}.tenth", f"{name} at 10 % of its strength after", each.front.tenth, "h")
        yield Line(f"{key}.half", f"{name} at 50 %", each.front.half, "h")
        yield Line(f"{key}.nine_tenths", f"{name} at 90 %", each.front.nine_tenths, "h")
        yield Line(f"{key}.early", f"{name} fluid out before the sharp front", each.front.early, "µL")
    if answer.error is None:
        return
    yield Line("error.volume", "a trim without a record: volume wrong by", answer.error.volume, "mL")
    yield Line("error.time", "a trim without a record: arrival wrong by", answer.error.time, "h")
    for name_of, mass in answer.error.drugs:
        known = drug(name_of)
        yield Line(f"error.{name_of}", f"a trim without a record: {known.display} wrong by", mass, known.dose_unit)


CALCULATOR = Calculator("catheter", "Catheter volume, dwell and arrival", CatheterInputs, catheter_volume)
