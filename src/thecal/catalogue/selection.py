"""What choosing a system goes by: thresholds, hard rules, weights, trials, payers and published costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, get_type_hints

from thecal.catalogue.catheters import Catheter, catheter
from thecal.catalogue.circumstances import circumstances
from thecal.catalogue.constant_flow import propellant
from thecal.catalogue.drug_terms import DrugClass
from thecal.catalogue.drugs import drug
from thecal.catalogue.pump_parts import texts
from thecal.catalogue.quoted import Quoted, Words, words
from thecal.catalogue.selection_terms import HardRule, Reason, TrialMethod
from thecal.catalogue.sourced import CatalogueError, Sourced, Table, load, read


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a fact begins to count; each in the unit beside it."""

    life_expectancy: Annotated[Sourced, "month"]
    pain_duration: Annotated[Sourced, "month"]
    trial_relief: Annotated[Sourced, "%"]
    brain_injury_wait: Annotated[Sourced, "month"]
    depth: Annotated[Sourced, "cm"]
    altitude_change: Annotated[Sourced, "m"]
    dive_depth: Annotated[Sourced, "m"]
    long_survival: Annotated[Sourced, "month"]
    large_constant_flow: Annotated[Sourced, "mL"]
    large_programmable: Annotated[Sourced, "mL"]
    strong_share: Annotated[Sourced, "%"]
    wasted_share: Annotated[Sourced, "%"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reason that weighs for a system (points above zero) or against it."""

    points: Sourced
    words: Words


@dataclass(frozen=True, slots=True)
class Payer:
    """What a payer or an assessment body holds of the therapy for these indications."""

    who: str
    indications: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class PublishedCost:
    """A published figure about cost; ``most`` where the source gives a span. Never part of a computed cost."""

    what: str
    least: Sourced
    most: Sourced | None


@dataclass(frozen=True, slots=True)
class Choosing:
    """Everything a selection goes by. ``unsettled_*``: when the dose changes often; ``alarm_classes``: drugs whose
    sudden stop endangers; ``steady_propellants``: drives that heights move little; ``cabin``: height of a flight, m."""

    thresholds: Thresholds
    rules: tuple[tuple[HardRule, Words], ...]
    reasons: tuple[tuple[Reason, Weighed], ...]
    trials: tuple[tuple[TrialMethod, Words], ...]
    unsettled_drugs: tuple[str, ...]
    unsettled_indications: tuple[str, ...]
    unsettled_causes: tuple[str, ...]
    alarm_classes: tuple[DrugClass, ...]
    steady_propellants: tuple[str, ...]
    cabin: Quoted[int]
    reinforced: tuple[str, ...]
    revisions_reinforced: Sourced
    revisions_other: Sourced
    payers: tuple[Payer, ...]
    costs: tuple[PublishedCost, ...]

    def rule(self, rule: HardRule) -> Words:
        """What a hard rule asks for, and on whose word."""
        return dict(self.rules)[rule]

    def reason(self, reason: Reason) -> Weighed:
        """How a reason weighs, and on whose word."""
        return dict(self.reasons)[reason]

    def trial(self, method: TrialMethod) -> Words:
        """What there is to say of a way of making a trial."""
        return dict(self.trials)[method]

    def revisions(self, tube: Catheter) -> Sourced:
        """How many revisions a year this catheter is taken to need."""
        return self.revisions_reinforced if tube.key in self.reinforced else self.revisions_other

    @property
    def sources(self) -> tuple[tuple[str, Sourced], ...]:
        """Every number with its origin."""
        return (
            *((name, getattr(self.thresholds, name)) for name in _units()),
            *((f"points, {reason}", weighed.points) for reason, weighed in self.reasons),
            ("cabin", self.cabin.origin),
            ("revisions, reinforced catheter", self.revisions_reinforced),
            ("revisions, other catheter", self.revisions_other),
            *((cost.what, end) for cost in self.costs for end in (cost.least, cost.most) if end is not None),
        )


@lru_cache
def choosing() -> Choosing:
    """What selections of this catalogue go by. Raises CatalogueError when the file is incomplete."""
    return choosing_from(load("selection.toml"))


def choosing_from(table: Table) -> Choosing:
    """What selections go by, from a parsed file. Raises CatalogueError in one line that names file and field."""
    table.only("thresholds", "rules", "scores", "unsettled", "alarm", "drive", "catheters", "trial", "payers", "costs")
    rules, scores = table.sub("rules").only(*HardRule), table.sub("scores").only(*Reason)
    trial = table.sub("trial").only(*TrialMethod)
    unsettled = table.sub("unsettled").only("drugs", "indications", "causes")
    drive = table.sub("drive").only("steady_propellants", "flight")
    tubes = table.sub("catheters").only("reinforced", "revisions_reinforced", "revisions_other")
    return Choosing(
        thresholds=_thresholds(table.sub("thresholds")),
        rules=tuple((rule, words(rules, rule)) for rule in HardRule),
        reasons=tuple((reason, _weighed(scores.sub(reason))) for reason in Reason),
        trials=tuple((method, words(trial, method)) for method in TrialMethod),
        unsettled_drugs=tuple(drug(key).key for key in texts(unsettled, "drugs")),
        unsettled_indications=texts(unsettled, "indications"),
        unsettled_causes=texts(unsettled, "causes"),
        alarm_classes=_classes(table.sub("alarm").only("classes")),
        steady_propellants=tuple(propellant(key).key for key in texts(drive, "steady_propellants")),
        cabin=_height_of(drive),
        reinforced=tuple(catheter(key).key for key in texts(tubes, "reinforced")),
        revisions_reinforced=read(tubes, "revisions_reinforced", "1/year"),
        revisions_other=read(tubes, "revisions_other", "1/year"),
        payers=tuple(_payer(row) for row in table.rows("payers")),
        costs=tuple(_cost(row) for row in table.rows("costs")),
    )


def _height_of(drive: Table) -> Quoted[int]:
    """The height of the circumstance that stands for a flight."""
    named = drive.text("flight")
    found = next((each.altitude for each in circumstances() if each.name == named), None)
    if found is None:
        raise CatalogueError(f"{drive.where('flight')} names no circumstance with a height: {named!r}")
    return found


def _thresholds(table: Table) -> Thresholds:
    units = _units()
    table.only(*units)
    make: Any = Thresholds  # built by field name, which its type alone cannot tell
    found: Thresholds = make(**{name: read(table, name, unit) for name, unit in units.items()})
    return found


@lru_cache
def _units() -> dict[str, str]:
    hints = get_type_hints(Thresholds, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def _weighed(table: Table) -> Weighed:
    table.only("points", "words")
    points = read(table, "points", "point")
    if points.whole() == 0:
        raise CatalogueError(f"{table.where('points')} must not be 0: a reason weighs for or against")
    return Weighed(points, words(table, "words"))


def _classes(table: Table) -> tuple[DrugClass, ...]:
    named = texts(table, "classes")
    return tuple(Table(table.file, table.path, {"classes": name}).choice("classes", DrugClass) for name in named)


def _payer(row: Table) -> Payer:
    row.only("who", "indications", "words")
    return Payer(row.text("who"), texts(row, "indications"), words(row, "words"))


def _cost(row: Table) -> PublishedCost:
    row.only("what", "least", "most")
    unit = row.sub("least").text("unit")
    most = read(row, "most", unit) if "most" in row.entries else None
    return PublishedCost(row.text("what"), read(row, "least", unit), most)
