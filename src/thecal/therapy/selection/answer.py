"""The answer of a selection: the choice, what stands beside it, and what would change it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from thecal.catalogue.lines import DrugLine, Pain, line_of
from thecal.catalogue.pumps import ConstantFlowPump, pump_model, pump_models
from thecal.catalogue.selection import Payer, PublishedCost, choosing
from thecal.catalogue.selection_terms import HardRule
from thecal.therapy.patient import Indication
from thecal.therapy.selection.changes import Change, changes
from thecal.therapy.selection.cost import Cost, cost_of
from thecal.therapy.selection.facts import SelectionInputs
from thecal.therapy.selection.missing import Missing, missing
from thecal.therapy.selection.rulings import Standing
from thecal.therapy.selection.systems import Choice, System, choose
from thecal.therapy.selection.trial import TrialAdvice, trial_advice


@dataclass(frozen=True, slots=True)
class KindOfPump:
    """How one kind of pump fares: its best system, and how many models each hard rule excludes.

    ``best`` None: every model is excluded.
    """

    name: str
    models: int
    best: System | None
    excluded: tuple[tuple[HardRule, int], ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What suits one patient. ``costs`` follow ``told``; ``line`` None: the tables do not name the drugs so."""

    choice: Choice
    programmable: KindOfPump
    constant_flow: KindOfPump
    told: tuple[System, ...]  # those worth telling in full: first, first that is sold, best of either kind
    costs: tuple[Cost | None, ...]
    trial: TrialAdvice
    line: DrugLine | None
    missing: tuple[Missing, ...]
    changes: tuple[Change, ...]
    payers: tuple[Payer, ...]
    published_costs: tuple[PublishedCost, ...]

    @property
    def first(self) -> System | None:
        """The system that suits best; None where there is none."""
        return self.choice.first


def selection_for(inputs: SelectionInputs) -> Selection:
    """The answer for facts that do not contradict each other. Raises CatalogueError for an unknown drug."""
    choice = choose(inputs)
    kinds = _kind("programmable", choice, constant=False), _kind("constant flow", choice, constant=True)
    best = (choice.first, choice.first_sold, *(kind.best for kind in kinds))
    told = tuple({each.name: each for each in best if each is not None}.values())
    indication = inputs.patient.indication
    asks_cost = inputs.prices is not None or inputs.life.cost_limited
    return Selection(
        choice=choice,
        programmable=kinds[0],
        constant_flow=kinds[1],
        told=told,
        costs=tuple(cost_of(each, inputs.prices) for each in told),
        trial=trial_advice(inputs),
        line=_line(inputs),
        missing=missing(inputs, choice),
        changes=changes(inputs, choice),
        payers=tuple(each for each in choosing().payers if indication and indication.value in each.indications),
        published_costs=choosing().costs if asks_cost else (),
    )


def _kind(name: str, choice: Choice, *, constant: bool) -> KindOfPump:
    models = [key for key in pump_models() if isinstance(pump_model(key), ConstantFlowPump) is constant]
    best = next((each for each in choice.systems if each.programmable is not constant), None)
    barred = (each for each in choice.excluded if each.pump.key in models and each.catheter is None)
    counted = Counter(ruling.rule for each in barred for ruling in each.rulings if ruling.standing is Standing.AGAINST)
    return KindOfPump(name, len(models), best, tuple((rule, counted[rule]) for rule in HardRule if counted[rule]))


def _line(inputs: SelectionInputs) -> DrugLine | None:
    """Only for pain of which it is known how far it reaches."""
    patient, columns = inputs.patient, {Indication.CANCER_PAIN: Pain.CANCER, Indication.NONCANCER_PAIN: Pain.NON_CANCER}
    if patient.spread is None or patient.indication not in columns:
        return None
    return line_of((each.drug for each in inputs.needs.drugs), columns[patient.indication], patient.spread)
