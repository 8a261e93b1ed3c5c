"""A story told on the bench: each step done by the real programmers, pump and body, each expectation checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from thecal.bench.answered import Answered, of_patient, of_physician
from thecal.bench.beginning import BeginningAct, begin_therapy
from thecal.bench.case_records import Expected
from thecal.bench.channel import Protection
from thecal.bench.expectation import Checked, Scene, checked
from thecal.bench.intruder import stage_with_patient_keys
from thecal.bench.patient import NoPower, WiredPatient
from thecal.bench.people import People
from thecal.bench.plumbing import fluid_of
from thecal.bench.scenario import Actor, Deed, Scenario, StoryStep
from thecal.column import SALINE
from thecal.fluid import Act, NeedleAct
from thecal.quantities import Volume
from thecal.telemetry import NothingPending
from thecal.therapy.prescribed import Therapy


@dataclass(frozen=True, slots=True)
class Told:
    """One step as it went."""

    step: StoryStep
    answered: Answered
    checked: tuple[Checked, ...]

    @property
    def passed(self) -> bool:
        """Whether everything expected of it was so."""
        return all(each.passed for each in self.checked)


@dataclass(frozen=True, slots=True)
class StoryResult:
    """The whole story as it went. ``is_balanced``: every nanogram of the fluid path is accounted for."""

    scenario: Scenario
    beginning: tuple[BeginningAct, ...]
    told: tuple[Told, ...]
    is_balanced: bool

    @property
    def passed(self) -> bool:
        """Whether everything expected was so, the therapy began, and the fluid path is balanced."""
        begun = all(act.ended.ended is Expected.VERIFIED for act in self.beginning)
        return begun and self.is_balanced and all(each.passed for each in self.told)


def tell(scenario: Scenario, protection: Protection) -> StoryResult:
    """Carry the story out over a protected link, for stories may alter its frames.

    Raises CatalogueError for a catalogue that lost what the case names.
    """
    patient = WiredPatient(scenario.case, protection)
    people = People(patient)
    beginning = begin_therapy(people, scenario.case)
    stage = _Stage(patient, people)
    told = []
    for step in scenario.steps:
        patient.advance(step.at.count)
        answered = stage.play(step)
        told.append(Told(step, answered, tuple(checked(step.expect, Scene(patient, people, answered)))))
    return StoryResult(scenario, beginning, tuple(told), patient.path.is_balanced)


class _Stage:
    """Where the steps are played."""

    def __init__(self, patient: WiredPatient, people: People) -> None:
        self._patient = patient
        self._people = people

    def play(self, step: StoryStep) -> Answered:
        """Do one step. What cannot be done (no power to cut, nothing to ask) is an answer, not an error."""
        deeds: dict[Deed, Callable[[], Answered]] = {
            Deed.PROGRAMS: partial(self._programs, step),
            Deed.STOPS: lambda: of_physician(self._people.physician.stop()),
            Deed.SETTLES: self._settles,
            Deed.STAGES: partial(self._stages, step),
            Deed.ASKS: lambda: of_patient(self._people.handset.ask()),
            Deed.WITHDRAWS: partial(self._needle, Act.WITHDRAW, step),
            Deed.FILLS: partial(self._needle, Act.FILL, step),
            Deed.RECORDS: partial(self._records, step),
            Deed.CUT: partial(self._power, self._patient.cut_power),
            Deed.FAILS: partial(self._power, self._patient.fail_in_next_stroke),
            Deed.RETURNS: partial(self._power, self._patient.restore_power),
            Deed.DISTURBS: partial(self._disturbs, step),
            Deed.LOOKS: lambda: Answered("looked"),
        }
        return deeds[step.does]()

    def _programs(self, step: StoryStep) -> Answered:
        drugs = self._patient.case.reservoir.drugs
        confirmed = bool(step.second_confirmation)
        return of_physician(self._people.physician.program(_stated(step.therapy), drugs, confirmed))

    def _stages(self, step: StoryStep) -> Answered:
        return stage_with_patient_keys(self._people, self._patient.case, _stated(step.therapy))

    def _settles(self) -> Answered:
        try:
            return of_physician(self._people.physician.settle())
        except NothingPending as nothing:
            return Answered("nothing to ask", str(nothing))

    def _needle(self, act: Act, step: StoryStep) -> Answered:
        fluid = SALINE if act is Act.WITHDRAW else fluid_of(self._patient.case.reservoir.drugs)
        wanted = step.volume or Volume(0)
        moved_nl = self._patient.needle(NeedleAct(self._patient.at_ms, act, wanted.count, fluid))
        return Answered("done", f"{Volume(moved_nl)} moved")

    def _records(self, step: StoryStep) -> Answered:
        withdrawn, volume = step.withdrawn or Volume(0), step.volume or Volume(0)
        drugs = self._patient.case.reservoir.drugs
        told = self._people.physician.record_refill(
            withdrawn.count, volume.count, drugs, injected=step.injected, recovered=step.recovered
        )
        return of_physician(told)

    def _power(self, act: Callable[[], None]) -> Answered:
        try:
            act()
        except NoPower as impossible:
            return Answered("impossible", str(impossible))
        return Answered("done")

    def _disturbs(self, step: StoryStep) -> Answered:
        programmer = self._people.physician if step.of is Actor.PHYSICIAN else self._people.handset
        passes = [None] * ((step.exchange or 1) - 1)
        programmer.channel.disturb(*passes, step.fault)
        return Answered("done")


def _stated(therapy: Therapy | None) -> Therapy:
    if therapy is None:
        raise ValueError("a checked step states its therapy")
    return therapy
