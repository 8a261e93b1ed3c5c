"""Priming bolus: what must be pushed in each case, how fast, what reaches the patient early, and what follows.

The volume is asked of the believed line and never added up from a form: tubing and catheter for a new system, the
catheter alone after the access port was aspirated, nothing where drug already stands at the tip [programmable 3.1].
"""

from __future__ import annotations

from thecal.catalogue.policy import policy
from thecal.column import Fluid
from thecal.quantities import Duration, FlowRate, Volume
from thecal.therapy.arithmetic import rate_for_dose, time_to_move
from thecal.therapy.calculation import Calculation, Calculator, SourceLine, cited, given
from thecal.therapy.calculators.line_inputs import LineVolumes, line_volumes
from thecal.therapy.calculators.on_paper import fluid_of
from thecal.therapy.calculators.prime.inputs import LineNow, PrimeCase, PrimeInputs, line_now
from thecal.therapy.calculators.prime.lines import prime_lines
from thecal.therapy.calculators.prime.notes import prime_findings
from thecal.therapy.calculators.prime.parts import EarlyArrival, NamedPush, Prime, PrimePlan
from thecal.therapy.calculators.pump_flow import not_programmable
from thecal.therapy.front import diffusivity_of, front
from thecal.therapy.mixing import as_fluid, mass_counted_of
from thecal.therapy.priming import Push, prime_volume

_FORMULA = (
    "prime = all water or CSF ahead of the drug, as the line is believed to be",
    "new system: tubing + catheter; after aspiration through the access port: catheter; never the tubing again",
    "time = prime / highest flow of the pump; without a prime: (tubing + catheter) / flow of the therapy",
    "drug pushed out = what leaves the tip meanwhile, stretch by stretch",
    "early spill = share s of the catheter, 0.25 (1 + (3 pi tau)^1.25)^-0.4 with tau = pi D L / flow",
)
_ASSUMED = (
    "A new pump's tubing holds sterile water; CSF follows into a catheter that is aspirated, new or opened.",
    "Aspiration through the access port leaves the tubing as it is. Its chamber counts as tubing and keeps its drug; "
    "where it was emptied too, that much more is to be primed.",
    "What is out before the prime ends is missing afterwards: a dip follows. Watch the patient after every start.",
    "Tubing passes its fluid on as a plug; mixing is worked out for the catheter alone.",
)
_EQUATIONS = (
    SourceLine("which volume in which case", "practice of programmable pumps; not read in a manual", "recalled"),
    SourceLine("mixing while priming", "FDA and TGA notices of 2013 (RC-2013-RN-00677-1)", "verified"),
    SourceLine("early spill", "fitted to a random walk between the laminar and the Taylor limit", "derived"),
)


def prime(inputs: PrimeInputs) -> Calculation[Prime]:
    """The prime for what was done, or why none is safe. Raises EntryRefused, one line."""
    volumes = line_volumes(inputs)
    now, fluid = line_now(inputs, volumes), as_fluid(fluid_of(inputs.fluid))
    wanted = _wanted_flow(inputs)
    against = None if wanted is None else not_programmable(volumes.pump, wanted, "daily_dose")
    basal = wanted if against is None else None
    needed = prime_volume(now.line)
    answer = Prime(
        plan=None if needed is None else _plan(inputs, volumes, now, needed),
        unprimed=_lasts(now.as_delivered.until_at_tip(fluid), basal),
        pushes=_pushes(inputs, volumes, now, needed, basal),
    )
    findings = (*prime_findings(inputs, now, answer), *(() if against is None else (against,)))
    drugs = tuple(each.drug for each in inputs.fluid)
    sources = (
        *volumes.sources,
        cited(f"{volumes.pump.name}: highest flow", volumes.pump.source_of("highest_rate")),
        *(cited(f"diffusion of {each}", diffusivity_of(each)) for each in drugs),
        cited("share of a day's dose that a prime may give", policy().source_of("prime_share")),
        *_EQUATIONS,
    )
    return Calculation("prime", answer, given(inputs), prime_lines(answer), _FORMULA, sources, _ASSUMED, findings)


def _plan(inputs: PrimeInputs, volumes: LineVolumes, now: LineNow, needed: Volume) -> PrimePlan:
    rate, fluid = volumes.pump.highest_rate, as_fluid(fluid_of(inputs.fluid))
    push = Push(now.line, needed, fluid, rate)
    return PrimePlan(
        on_the_table=now.on_the_table,
        table_duration=time_to_move(now.on_the_table, rate),
        volume=needed,
        rate=rate,
        duration=push.duration,
        to_bridge=push.after.until_at_tip(fluid),
        early=_early(volumes, push),
    )


def _early(volumes: LineVolumes, push: Push) -> tuple[EarlyArrival, ...]:
    """The front as far as it travels in the catheter; what lies before that is passed as a plug.

    Only where it is the reservoir's own fluid that arrives: what else stands behind the water arrives in a bridge.
    """
    if volumes.length_um is None or push.gap.count:
        return ()
    travelled = min(push.volume, volumes.catheter)
    length_um = volumes.length_um * travelled.count // volumes.catheter.count
    found = []
    for drug, concentration in push.fluid.drugs:
        arrives = front(travelled, length_um, push.volume - travelled, push.rate, drug)
        if arrives is not None:
            mass = mass_counted_of(Fluid.of([(drug, concentration)]).mass_in(arrives.early.count).ng(drug))
            found.append(EarlyArrival(drug, arrives, mass))
    return tuple(found)


def _pushes(
    inputs: PrimeInputs, volumes: LineVolumes, now: LineNow, needed: Volume | None, basal: FlowRate | None
) -> tuple[NamedPush, ...]:
    """What else might be pushed; nothing into a line of which nobody knows what it holds."""
    line, fluid = now.as_delivered, as_fluid(fluid_of(inputs.fluid))
    if not line.known:
        return ()
    asked: list[tuple[str, str, Volume]] = []
    if inputs.case is PrimeCase.FULL_CATHETER:
        asked.append(("tubing_in_patient", "tubing volume pushed once connected", volumes.tubing))
    if inputs.new_part is not None and needed is None:
        asked.append(("new_part", "volume of the new part pushed", inputs.new_part))
    if asked or needed is None:
        asked.append(("until_unbroken", "pushed until no gap is left", line.until_at_tip(fluid)))
    if inputs.intended is not None:
        asked.append(("intended", "intended prime", inputs.intended))
    return tuple(
        _named(key, words, Push(line, volume, fluid, volumes.pump.highest_rate), basal) for key, words, volume in asked
    )


def _named(key: str, words: str, push: Push, basal: FlowRate | None) -> NamedPush:
    flows = basal if push.gap.count else None
    return NamedPush(key, words, push, _lasts(push.before_gap, flows), _lasts(push.gap, flows))


def _wanted_flow(inputs: PrimeInputs) -> FlowRate | None:
    if inputs.daily_dose is None:
        return None
    return rate_for_dose(inputs.daily_dose, fluid_of(inputs.fluid)[0].concentration)


def _lasts(volume: Volume, basal: FlowRate | None) -> Duration | None:
    return None if basal is None else time_to_move(volume, basal)


CALCULATOR = Calculator("prime", "Priming bolus", PrimeInputs, prime)
