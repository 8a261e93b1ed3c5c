"""Every pump of the catalogue with every catheter: excluded by a hard rule, or ranked by what weighs.

Of equal weight, a model that is sold comes before one that is not, then the one that lasts longer between refills.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from thecal.catalogue.catheters import Catheter, Part, catheter, catheters
from thecal.catalogue.pairings import Fit, pairing
from thecal.catalogue.pump_parts import Market
from thecal.catalogue.pumps import ConstantFlowPump, Pump, pump_model, pump_models
from thecal.catalogue.selection import choosing
from thecal.catalogue.selection_terms import HardRule
from thecal.therapy.patient import Condition
from thecal.therapy.selection.bars import bars, fill_for
from thecal.therapy.selection.candidacy import Route, candidacy, route_of
from thecal.therapy.selection.facts import Patient, SelectionInputs, TrialResult
from thecal.therapy.selection.fill import Fill
from thecal.therapy.selection.height import Flows, flows_of, visited_of
from thecal.therapy.selection.reasons import Score, catheter_scores, lives_longer_than_a_battery, scores_of
from thecal.therapy.selection.rulings import Ruling, Standing, ruling

_MARKET = (Market.SOLD, Market.UNCERTAIN, Market.ENDED, Market.TYPE)
_BY_MERIT = 3  # places of the rank that are not names


@dataclass(frozen=True, slots=True)
class System:
    """One pump with one catheter that no hard rule excludes. ``fill`` None: doses are not known.

    ``open``: hard rules that cannot speak for want of facts. ``flows``: of a constant-flow pump, at home and away.
    """

    pump: Pump
    catheter: Catheter
    fill: Fill | None
    flows: Flows | None
    scores: tuple[Score, ...]
    open: tuple[Ruling, ...]

    @property
    def points(self) -> int:
        """What weighs for it less what weighs against it."""
        return sum(each.points for each in self.scores)

    @property
    def programmable(self) -> bool:
        """Whether its flow can be changed."""
        return not isinstance(self.pump, ConstantFlowPump)

    @property
    def sold(self) -> bool:
        """Whether it can still be had."""
        return self.pump.standing.market is Market.SOLD

    @property
    def name(self) -> str:
        """Pump and catheter."""
        return f"{self.pump.name}, with {self.catheter.name}"


@dataclass(frozen=True, slots=True)
class Excluded:
    """A pump, or a pump with one catheter, and every hard rule that stands against it."""

    pump: Pump
    catheter: Catheter | None
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is known to follow for one patient, before anything is explained."""

    route: Route
    rulings: tuple[Ruling, ...]
    systems: tuple[System, ...]  # best first
    excluded: tuple[Excluded, ...]

    @property
    def first(self) -> System | None:
        """The best system; None where there is none."""
        return self.systems[0] if self.systems else None

    @property
    def as_good(self) -> tuple[System, ...]:
        """Systems that nothing but their name puts behind the first."""
        return tuple(each for each in self.systems[1:] if _rank(each)[:_BY_MERIT] == _rank(self.systems[0])[:_BY_MERIT])

    @property
    def first_sold(self) -> System | None:
        """The best that can still be had."""
        return next((each for each in self.systems if each.sold), None)


def choose(inputs: SelectionInputs) -> Choice:
    """Route, systems in their order and what is excluded. Raises CatalogueError for an unknown drug.

    Whoever is no candidate has no system: what stands against the patient stands against each of them.
    """
    rulings = candidacy(inputs)
    against = tuple(each for each in rulings if each.standing is Standing.AGAINST)
    systems, excluded = _ranked(_about_pumps(inputs))
    if against:
        barred = {each.pump.key: each.rulings for each in excluded if each.catheter is None}
        pumps = map(pump_model, pump_models())
        excluded = tuple(Excluded(pump, None, (*against, *barred.get(pump.key, ()))) for pump in pumps)
        systems = ()
    return Choice(route_of(rulings), rulings, systems, excluded)


def _about_pumps(inputs: SelectionInputs) -> SelectionInputs:
    """What the choice between pumps may look at; a fact about the patient alone does not make it anew."""
    patient = inputs.patient
    conditions = patient.conditions and tuple(each for each in patient.conditions if each is Condition.GRANULOMA)
    lives_long = lives_longer_than_a_battery(patient)
    months = int(choosing().thresholds.long_survival.value) if lives_long else None
    depth = inputs.life.diving_depth_m
    told = Patient(patient.indication, patient.cause, conditions=conditions, life_expectancy_months=months)
    life = replace(inputs.life, diving_depth_m=None if depth is None else int(depth > 0))
    return replace(inputs, patient=told, life=life, trial=TrialResult(), prices=None)


@lru_cache(maxsize=1024)
def _ranked(inputs: SelectionInputs) -> tuple[tuple[System, ...], tuple[Excluded, ...]]:
    """Systems that no rule about pumps excludes, best first, and what is excluded."""
    systems, excluded = [], []
    for pump in map(pump_model, pump_models()):
        found = bars(pump, inputs)
        barred = tuple(each for each in found if each.standing is Standing.AGAINST)
        if barred:
            excluded.append(Excluded(pump, None, barred))
            continue
        fill, flows = fill_for(pump, inputs), _flows(pump, inputs)
        scores = scores_of(pump, fill, inputs)
        fitting, unfitting = _catheters(pump.key)
        excluded += unfitting
        systems += [System(pump, tube, fill, flows, (*scores, *catheter_scores(tube.key)), found) for tube in fitting]
    return tuple(sorted(systems, key=_rank)), tuple(excluded)


def whole_catheters() -> tuple[Catheter, ...]:
    """Every catheter that reaches from pump to tip; kits and outlets are only parts of one."""
    known = (catheter(key) for key in catheters())
    return tuple(each for each in known if _whole({piece.part for piece in each.pieces}))


@lru_cache
def _catheters(key: str) -> tuple[tuple[Catheter, ...], tuple[Excluded, ...]]:
    """The catheters that go with a pump, and those that do not, with the rule."""
    pump = pump_model(key)
    fitting, unfitting = [], []
    for tube in whole_catheters():
        found = pairing(pump, tube)
        if found is None:
            fitting.append(tube)
        else:
            rule = HardRule.PAIRING if found.fit is Fit.FORBIDDEN else HardRule.NOT_NAMED
            barred = ruling(rule, False, f"{tube.name} on {pump.name}", basis=found.statement)
            unfitting.append(Excluded(pump, tube, (barred,)))
    return tuple(fitting), tuple(unfitting)


def _whole(parts: set[Part]) -> bool:
    return Part.WHOLE in parts or {Part.PUMP, Part.SPINAL} <= parts


def _flows(pump: Pump, inputs: SelectionInputs) -> Flows | None:
    if not isinstance(pump, ConstantFlowPump):
        return None
    return flows_of(pump, inputs.life.home_altitude_m, visited_of(inputs.life))


def _rank(system: System) -> tuple[int, int, int, str, str]:
    lasts = 0 if system.fill is None else system.fill.interval.count
    market = _MARKET.index(system.pump.standing.market)
    return -system.points, market, -lasts, system.pump.key, system.catheter.key
