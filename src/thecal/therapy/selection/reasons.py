"""What weighs for or against a system that no hard rule excludes: S1 to S5, label, heights, catheter.

A fact that is not known weighs nothing and is named. Directions are published, the points are our own
[constant-flow 5.3, 2.3].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from thecal.catalogue.catheters import Catheter, Connector, catheter
from thecal.catalogue.pump_parts import MriRule
from thecal.catalogue.pumps import ConstantFlowPump, Pump, volume
from thecal.catalogue.selection import Weighed, choosing
from thecal.catalogue.selection_terms import Reason
from thecal.catalogue.sourced import Sourced
from thecal.therapy.patient import Condition
from thecal.therapy.selection.facts import Patient, Scans, SelectionInputs
from thecal.therapy.selection.fill import Fill
from thecal.therapy.selection.height import flows_of, visited_of

# Which facts would let which reason weigh.
WEIGHED_FACTS = (
    (Reason.STABLE, "needs.stable_dose"),
    (Reason.REPLACEMENT, "life.avoids_replacement"),
    (Reason.SURVIVAL, "patient.life_expectancy_months"),
    (Reason.COST, "life.cost_limited"),
    (Reason.SCANS, "needs.scans"),
    (Reason.SCANS_UNREAD, "needs.read_after_scan"),
    (Reason.REMOTE, "life.far_from_clinic"),
    (Reason.GRANULOMA, "patient.conditions"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """One reason that holds, what it weighs and on whose word."""

    reason: Reason
    weighed: Weighed

    @property
    def points(self) -> int:
        """Above zero for the system, below zero against it."""
        return self.weighed.points.whole()


def scores_of(pump: Pump, fill: Fill | None, inputs: SelectionInputs) -> tuple[Score, ...]:
    """Every reason that holds for this pump, whatever the catheter."""
    found = (
        *(_no_battery(inputs) if isinstance(pump, ConstantFlowPump) else _telemetry(inputs)),
        *_scans(pump, inputs),
        *_reservoir(pump),
        *_strength(fill, inputs),
        *_label(pump, inputs),
        *_height(pump, inputs),
    )
    return tuple(map(_score, found))


@lru_cache
def catheter_scores(key: str) -> tuple[Score, ...]:
    """Every reason that holds for this catheter, whatever the pump."""
    return tuple(map(_score, _catheter(catheter(key))))


def lives_longer_than_a_battery(patient: Patient) -> bool:
    """Whether the life expectancy is known to reach beyond the median life of a battery."""
    months = patient.life_expectancy_months
    return months is not None and months >= choosing().thresholds.long_survival.value


def _score(reason: Reason) -> Score:
    return Score(reason, choosing().reason(reason))


def _no_battery(inputs: SelectionInputs) -> Iterator[Reason]:
    needs, life = inputs.needs, inputs.life
    if needs.stable_dose and len(needs.drugs) == 1:
        yield Reason.STABLE
    if life.avoids_replacement:
        yield Reason.REPLACEMENT
    if lives_longer_than_a_battery(inputs.patient):
        yield Reason.SURVIVAL
    if life.cost_limited:
        yield Reason.COST


def _telemetry(inputs: SelectionInputs) -> Iterator[Reason]:
    if inputs.life.far_from_clinic and not inputs.needs.stable_dose:
        yield Reason.REMOTE


def _scans(pump: Pump, inputs: SelectionInputs) -> Iterator[Reason]:
    rule, scans = pump.mri.rule, inputs.needs.scans
    if rule is MriRule.NONE_NEEDED and scans is Scans.OFTEN:
        yield Reason.SCANS
    if rule is MriRule.EMPTY_FIRST and scans is Scans.OFTEN:
        yield Reason.SCANS_EMPTY
    scanned = scans in (Scans.OFTEN, Scans.SOMETIMES)
    if rule is MriRule.NONE_NEEDED and scanned and inputs.needs.read_after_scan is False:
        yield Reason.SCANS_UNREAD


def _reservoir(pump: Pump) -> Iterator[Reason]:
    by = choosing().thresholds
    large: Sourced = by.large_constant_flow if isinstance(pump, ConstantFlowPump) else by.large_programmable
    if pump.capacity >= volume(large):
        yield Reason.RESERVOIR


def _strength(fill: Fill | None, inputs: SelectionInputs) -> Iterator[Reason]:
    """An opioid that must be strong although a thinner fluid was preferred."""
    if fill is not None and fill.strong:
        before = Condition.GRANULOMA in (inputs.patient.conditions or ())
        yield Reason.GRANULOMA if before else Reason.STRONG


def _label(pump: Pump, inputs: SelectionInputs) -> Iterator[Reason]:
    wanted = inputs.needs.drugs
    if wanted and all(each.drug in pump.labelled_drugs for each in wanted):
        yield Reason.LABEL


def _height(pump: Pump, inputs: SelectionInputs) -> Iterator[Reason]:
    """Heights that move the dose and are still within the hard rule, or move a steady drive."""
    if isinstance(pump, ConstantFlowPump):
        flows = flows_of(pump, inputs.life.home_altitude_m, visited_of(inputs.life))
        if flows.greatest_ratio != 1:
            yield Reason.HEIGHT


def _catheter(tube: Catheter) -> Iterator[Reason]:
    if tube.key in choosing().reinforced:
        yield Reason.REINFORCED
    if tube.connector is Connector.SC:
        yield Reason.CONNECTOR
    if any(piece.length is None or piece.volume_per_cm is None for piece in tube.pieces):
        yield Reason.VOLUME
