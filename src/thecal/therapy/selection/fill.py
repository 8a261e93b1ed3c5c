"""The fluid and the flow by which one pump would give the wanted doses, and how long a full reservoir then lasts.

C = D / Q for every drug of the fluid at one flow. A constant-flow pump has the flow it gives at the patient's home. A
programmable one is planned with the fluid that lasts longest: as thin as stability, label and clinic let it be used up,
or a presentation as it is sold where that keeps longer; but an opioid is no stronger than it must be to last for the
shortest interval that is wanted, unless it is not strong at all [constant-flow 2.6, 3.8, 6.3; clinical 1.8, 9].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from thecal.catalogue.drug_terms import DrugClass, Situation
from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump, Pump, constant_flow_pump, programmable_pump
from thecal.catalogue.quoted import Quoted
from thecal.catalogue.selection import choosing
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Instant, Volume
from thecal.therapy.arithmetic import concentration_for, concentration_to_fit, rate_for_dose, rate_to_fit
from thecal.therapy.constant_flow import refill_due, worst_flow
from thecal.therapy.due import Due, by_policy, by_stability, due
from thecal.therapy.models import in_hand
from thecal.therapy.prescribed import DrugIn
from thecal.therapy.prescription import FluidComponent, Prescription, SimpleContinuous
from thecal.therapy.projection import Fill as Full
from thecal.therapy.selection.height import flows_of
from thecal.therapy.showing import DAY_MS
from thecal.therapy.translation import Translation, translate
from thecal.therapy.volume_limits import DayOfFlow, by_volume

EPOCH = Instant(0)
Doses = tuple[tuple[str, DoseRate], ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """A fluid and a flow that give the doses; ``flow`` is what the pump gives, or is programmed to give."""

    flow: FlowRate
    fluid: tuple[DrugIn, ...]
    due: Due  # from a full reservoir, at worst
    strong: bool  # whether an opioid is stronger in it than the share of its strictest limit that counts as high

    @property
    def interval(self) -> Duration:
        """From a full reservoir to the next refill, at worst."""
        return Duration(self.due.at.epoch_ms - EPOCH.epoch_ms)


@dataclass(frozen=True, slots=True)
class FlowWindow:
    """Flows at which every drug is within its limits.

    ``slowest``: below it one must be stronger than its strictest limit, ``strongest`` names it; ``fastest``: above it
    one is thinner than it keeps, ``thinnest`` names it. None: no limit there.
    """

    slowest: FlowRate
    strongest: tuple[Drug, Quoted[Concentration]] | None
    fastest: FlowRate | None
    thinnest: tuple[Drug, Quoted[Concentration]] | None


@lru_cache
def window_of(doses: Doses) -> FlowWindow:
    """The flows that these doses allow, whatever the pump."""
    slowest, strongest = FlowRate(0), None
    fastest, thinnest = None, None
    for key, dose in doses:
        known = drug(key)
        most, least = strictest(known), known.lowest_concentration
        if most is not None and rate_to_fit(dose, most.amount) > slowest:
            slowest, strongest = rate_to_fit(dose, most.amount), (known, most)
        if least is not None and (fastest is None or rate_for_dose(dose, least.amount) < fastest):
            fastest, thinnest = rate_for_dose(dose, least.amount), (known, least)
    return FlowWindow(slowest, strongest, fastest, thinnest)


def strictest(known: Drug) -> Quoted[Concentration] | None:
    """The lowest of the concentration limits anyone names; None where nobody does."""
    return min((limit for _, limit in known.concentration.named()), key=lambda limit: limit.amount, default=None)


def range_of(pump: Pump, home_m: int | None) -> tuple[FlowRate, FlowRate]:
    """The slowest and the fastest flow of a pump; a constant-flow pump has one, that at home."""
    if isinstance(pump, ConstantFlowPump):
        flow = flows_of(pump, home_m, ()).home
        return flow, flow
    return pump.lowest_rate, pump.highest_rate


def within(pump: Pump, doses: Doses, home_m: int | None) -> tuple[FlowRate, FlowRate] | None:
    """The flows of this pump at which every drug is within its limits; None where there is none."""
    window, (lowest, highest) = window_of(doses), range_of(pump, home_m)
    slowest = max(lowest, window.slowest)
    fastest = highest if window.fastest is None else min(highest, window.fastest)
    return (slowest, fastest) if slowest <= fastest else None


def fill_of(
    pump: Pump, doses: Doses, shortest: Duration, home_m: int | None, visited_m: tuple[int, ...]
) -> Fill | None:
    """The fill by which this pump gives these doses; None where no flow of it does within the limits.

    ``shortest`` is the shortest interval that is wanted. Raises CatalogueError for an unknown drug.
    """
    if isinstance(pump, ConstantFlowPump):
        return _constant(pump.key, doses, home_m, visited_m) if within(pump, doses, home_m) else None
    return _preferred(_programmed_fills(pump.key, doses, shortest), shortest)


def strong_limit(known: Drug) -> Concentration | None:
    """Above which an opioid counts as strong, rounded down; None for other drugs and where nobody names a limit."""
    most = strictest(known)
    if known.drug_class is not DrugClass.OPIOID or most is None:
        return None
    share = Fraction(choosing().thresholds.strong_share.value) * Fraction(1, 100)
    return Concentration(int(most.amount.count * share))


def is_strong(fluid: tuple[DrugIn, ...]) -> bool:
    """Whether an opioid in it counts as strong."""
    limits = ((each.concentration, strong_limit(drug(each.drug))) for each in fluid)
    return any(limit is not None and concentration > limit for concentration, limit in limits)


def situation_of(fluid: tuple[DrugIn, ...]) -> Situation:
    """A later fill of a presentation as it is sold, or a diluted one."""
    primary = fluid[0]
    sold = (stock.amount for stock in drug(primary.drug).stocks)
    return Situation.LATER if primary.concentration in sold else Situation.DILUTED


@lru_cache(maxsize=4096)
def _constant(key: str, doses: Doses, home_m: int | None, visited_m: tuple[int, ...]) -> Fill:
    """At one flow the concentration is rounded down: the dose is never passed."""
    pump, figures = constant_flow_pump(key), policy()
    flows = flows_of(pump, home_m, visited_m)
    fluid = tuple(DrugIn(name, concentration_for(dose, flows.home)) for name, dose in doses)
    keeps = by_stability((each.drug for each in fluid), situation_of(fluid), EPOCH)
    most = max(worst_flow(flows.home, figures), *(flow for _, flow in flows.visited), flows.home)
    return Fill(flows.home, fluid, refill_due(pump, pump.capacity, EPOCH, most, keeps, figures), is_strong(fluid))


def _preferred(fills: tuple[Fill, ...], shortest: Duration) -> Fill | None:
    """The longest without a strong opioid; where that is too short, the thinnest that lasts; else the longest."""
    lasting = [each for each in fills if each.interval >= shortest]
    weak = [each for each in lasting if not each.strong]
    if weak:
        return max(weak, key=lambda fill: (fill.interval, fill.flow))
    if lasting:
        return max(lasting, key=lambda fill: fill.flow)
    return max(fills, key=lambda fill: fill.interval, default=None)


@lru_cache(maxsize=4096)
def _programmed_fills(key: str, doses: Doses, shortest: Duration) -> tuple[Fill, ...]:
    """The fills worth trying in a programmable pump that can give these doses."""
    pump = programmable_pump(key)
    planned = (_programmed(key, doses, flow) for flow in _worth_trying(pump, doses, shortest))
    return tuple(fill for fill in planned if fill is not None)


@lru_cache(maxsize=8192)
def _programmed(key: str, doses: Doses, flow: FlowRate) -> Fill | None:
    """The fill at this flow; None where the pump cannot be programmed to it.

    The flow follows from the concentration, so that is rounded up; down only at the slowest flow of the pump.
    """
    pump = programmable_pump(key)
    for rounded in (concentration_to_fit, concentration_for):
        fluid = tuple(DrugIn(name, rounded(dose, flow)) for name, dose in doses)
        components = tuple(FluidComponent(each.drug, each.concentration) for each in fluid)
        translated = translate(Prescription(components, SimpleContinuous(doses[0][1])), in_hand(pump))
        if isinstance(translated, Translation):
            return Fill(translated.derived.highest_rate, fluid, _due(pump, fluid, translated), is_strong(fluid))
    return None


def _due(pump: ProgrammablePump, fluid: tuple[DrugIn, ...], translated: Translation) -> Due:
    """From a full reservoir, the pump giving as much more as its label allows; as the refill calculator says."""
    figures, level = policy(), Volume(translated.program.low_reservoir_nl)
    full = Full(pump.capacity, pump.capacity, level, pump.residual, EPOCH, 0)
    keeps = by_stability((each.drug for each in fluid), situation_of(fluid), EPOCH)
    volume = by_volume(pump, DayOfFlow(translated.derived.profile, 0, 0), full, figures, pump.accuracy.amount)
    return due((*volume, *by_policy(EPOCH, figures), *(() if keeps is None else (keeps,))))


def _worth_trying(pump: ProgrammablePump, doses: Doses, shortest: Duration) -> Iterator[FlowRate]:
    """Flows at which the reservoir is used up when the fluid is due anyway, or at the shortest interval that is wanted;
    that at which no opioid is strong any more; and those of presentations as they are sold.
    """
    allowed, (key, dose) = within(pump, doses, None), doses[0]
    if allowed is None:
        return
    slowest, fastest = allowed
    limits = ((each, strong_limit(drug(drug_key))) for drug_key, each in doses)
    weak = [rate_to_fit(each, limit) for each, limit in limits if limit is not None]
    lasting, soonest = (min(max(_emptied(pump, after), slowest), fastest) for after in (_due_anyway(doses), shortest))
    sold = (rate_for_dose(dose, stock.amount) for stock in drug(key).stocks)
    flows = (lasting, max((lasting, *weak)), soonest, *sold)
    yield from (flow for flow in dict.fromkeys(flows) if slowest <= flow <= fastest)


def _emptied(pump: ProgrammablePump, interval: Duration) -> FlowRate:
    """The fastest flow that, at worst, brings a full reservoir to its alarm no sooner than the lead after so long."""
    usable, lasts = pump.capacity - pump.low_alarm_default, interval + policy().lead_before_alarm
    return FlowRate(int(Fraction(usable.count * DAY_MS, lasts.count) * Fraction(1, 1 + pump.accuracy.amount)))


def _due_anyway(doses: Doses) -> Duration:
    """How long a diluted fluid may stay by stability, label and clinic, whatever the volume."""
    keeps = by_stability((key for key, _ in doses), Situation.DILUTED, EPOCH)
    return Duration(due((*by_policy(EPOCH, policy()), *(() if keeps is None else (keeps,)))).at.epoch_ms)
