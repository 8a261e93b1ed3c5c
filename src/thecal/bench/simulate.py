"""A case from beginning to end, in a plain loop: people act, the pump strokes, the drug spreads.

The pump is programmed only by the physician programmer's own conversation and asked only by the patient programmer's;
the truth is what the fluid path released. Without a clock and without chance: the same case gives the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from thecal.bench.beginning import begin_therapy
from thecal.bench.body import course_of, score_of
from thecal.bench.case_records import Case, Change, Expected
from thecal.bench.channel import Protection, unprotected
from thecal.bench.patient import WiredPatient
from thecal.bench.people import People, spoken
from thecal.bench.plumbing import line_nl
from thecal.bench.result import DrugCourse, Happening, Moment, SimulationResult, Unmet
from thecal.column import Masses
from thecal.handheld import Answer
from thecal.pump.controller.status import status

MS_PER_MIN = 60_000
MS_PER_DAY = 86_400_000
SPACINGS_MIN = (10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1_440)  # each divides a day
MOMENTS_MAX = 745  # every hour of a month


def simulate(case: Case, protection: Protection = unprotected) -> SimulationResult:
    """Run the case. Raises CatalogueError for a catalogue that lost what the case names."""
    run = _Run(WiredPatient(case, protection))
    moments = run.to_the_end()
    patient = run.patient
    times = [moment.at_ms for moment in moments]
    drugs = dict.fromkeys(each.drug for each in (*case.reservoir.drugs, *case.line.drugs))
    courses = tuple(course_of(drug, case.system.tip, patient.releases, times) for drug in drugs)
    believes = patient.believes
    return SimulationResult(
        case=case,
        moments=moments,
        happenings=tuple(run.happenings),
        unmet=tuple(run.unmet),
        courses=courses,
        score=score_of(case, courses[0].samples),
        stroke_nl=0 if believes is None else believes.identity.descriptor.stroke_nl,
        line_nl=line_nl(case.system),
        fluid_is_balanced=patient.path.is_balanced,
        neuraxis_error=max(_neuraxis_error(course, patient.path.books.released) for course in courses),
    )


def moments_of(case: Case) -> tuple[int, ...]:
    """The moments looked at: evenly spaced from the beginning to the end, days always among them."""
    whole_ms = case.duration.count
    fitting = [m for m in SPACINGS_MIN if whole_ms // (m * MS_PER_MIN) < MOMENTS_MAX]
    days = -(-whole_ms // (MOMENTS_MAX * MS_PER_DAY))
    spacing_ms = fitting[0] * MS_PER_MIN if fitting else days * MS_PER_DAY
    times = list(range(0, whole_ms + 1, spacing_ms))
    return tuple(times if times[-1] == whole_ms else [*times, whole_ms])


class _Run:
    """One case on its way."""

    def __init__(self, patient: WiredPatient) -> None:
        self.patient = patient
        self.happenings: list[Happening] = []
        self.unmet: list[Unmet] = []
        self._people = None if patient.believes is None else People(patient)

    def to_the_end(self) -> tuple[Moment, ...]:
        """Every action and every moment, in order of time; at one time actions come first."""
        case = self.patient.case
        if self._people is not None:
            self._begin(self._people)
        actions = sorted(self._actions(), key=lambda action: action[0])
        moments = []
        for at_ms in moments_of(case):
            while actions and actions[0][0] <= at_ms:
                when_ms, act = actions.pop(0)
                self.patient.advance(when_ms)
                act()
            self.patient.advance(at_ms)
            moments.append(self._look())
        return tuple(moments)

    def _actions(self) -> Iterator[tuple[int, Callable[[], None]]]:
        if self._people is None:
            return
        for change in self.patient.case.changes:
            yield change.after.count, partial(self._change, self._people, change)
        for request in self.patient.case.requests:
            yield request.after.count, partial(self._request, self._people)

    def _begin(self, people: People) -> None:
        for act in begin_therapy(people, self.patient.case):
            self._happened(act.who, act.what, act.ended.ended, act.ended.words)
            if act.ended.ended is not Expected.VERIFIED:
                self.unmet.append(Unmet(self.patient.at_ms, Expected.VERIFIED, act.ended.ended, act.ended.words))

    def _change(self, people: People, change: Change) -> None:
        done = people.physician.program(change.therapy, self.patient.case.reservoir.drugs, change.second_confirmation)
        primary = self.patient.case.reservoir.drugs[0].drug
        self._happened("physician", f"programs {spoken(change.therapy, primary)}", done.ended, done.words)
        if done.ended is not change.expect:
            self.unmet.append(Unmet(self.patient.at_ms, change.expect, done.ended, done.words))

    def _request(self, people: People) -> None:
        answer = people.handset.ask()
        self._happened("patient", "asks for a dose", answer.answer, answer.words)

    def _happened(self, who: str, what: str, ended: Expected | Answer, words: str) -> None:
        self.happenings.append(Happening(self.patient.at_ms, who, what, ended, words))

    def _look(self) -> Moment:
        path, believes = self.patient.path, self.patient.believes
        flow = self.patient.flow_nl_per_day if believes is None else status(believes).rate_nl_per_day
        return Moment(
            at_ms=self.patient.at_ms,
            reservoir_nl=path.reservoir.volume_nl,
            believed_nl=None if believes is None else believes.reservoir.volume_nl,
            strokes_made=self.patient.strokes_made,
            strokes_counted=None if believes is None else believes.strokes_total,
            basal_nl_per_day=flow,
            bolus_runs=believes is not None and believes.running_bolus is not None,
            at_tip=path.line.tip.fluid,
            given=self.patient.given,
            released=path.books.released,
        )


def _neuraxis_error(course: DrugCourse, released: Masses) -> float:
    released_ng = float(released.ng(course.drug))
    given_ng = float(course.samples.given_ng[-1])
    return abs(given_ng - released_ng) / released_ng if released_ng else given_ng
