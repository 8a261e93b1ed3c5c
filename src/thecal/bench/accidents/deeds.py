"""The deeds of a pump story, done by the hands of the bench and by the programmers that a clinic and a patient have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from thecal.bench.accidents.story_records import Deed, Step, Story
from thecal.bench.device import Client, DeviceBench
from thecal.column import Fluid
from thecal.device import Component, FlexStep, Mode, PatientBolus, Program, Reason, Refused, SilenceAlarm
from thecal.handheld import Contact, DoseAnswer, NotReached, ask, look
from thecal.programmer import Unreadable, interrogate
from thecal.programmer.ending import UNKNOWN_WORDS
from thecal.programmer.words import not_applied_words
from thecal.quantities import FlowRate, Volume
from thecal.telemetry import Applied, Conversation, Outcome, Session, Unknown

T = TypeVar("T")

CONTACT = Contact("Demo Pump Clinic", "555 0100")
SILENCE_MS = 86_400_000
_NL_PER_ML = 1_000_000
_YES = "done"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person was told after a deed. ``refused`` where the pump said no."""

    words: str = ""
    refused: Reason | None = None


class Hands:
    """One bench and both programmers of the story. ``rate`` is what was last programmed and taken."""

    def __init__(self, bench: DeviceBench, story: Story, physician: Client, patient: Client) -> None:
        self.bench = bench
        self.physician = physician
        self.patient = patient
        self.rate = story.rate
        self._story = story

    @property
    def components(self) -> tuple[Component, ...]:
        """The fluid as the pump is told of it."""
        return tuple(Component(each.drug, each.concentration.count) for each in self._story.fluid)

    def program(self, rate: FlowRate) -> Answer:
        """Interrogate, stage and commit the program of the story at this rate."""
        answer = _answered(self.physician.program(self._program(rate)))
        if answer.refused is None:
            self.rate = rate
        return answer

    def refilled(self, volume: Volume) -> Answer:
        """The reservoir is drawn empty, filled with so much of its fluid, and the pump told."""
        if self.bench.reservoir_nl:
            self.bench.withdraw(self.bench.reservoir_nl)
        self.bench.inject(volume.count, Fluid.of((each.drug, each.concentration_ng_per_ml) for each in self.components))
        return _answered(self.physician.record_refill(volume.count, self.components))

    def _program(self, rate: FlowRate) -> Program:
        story, bolus = self._story, self._story.bolus
        nl_per_day, state = rate.count, self.bench.believes.state.identity
        boluses_nl = 0 if bolus is None else bolus.maximum_per_24h * bolus.volume.count
        return Program(
            pump_serial=state.serial,
            patient_token=state.patient_token,
            mode=Mode.SIMPLE_CONTINUOUS,
            steps=(FlexStep(0, nl_per_day),),
            patient_bolus=None
            if bolus is None
            else PatientBolus(bolus.volume.count, bolus.duration.count, bolus.lockout.count, bolus.maximum_per_24h),
            components=self.components,
            stated_daily_dose_ng=tuple(
                nl_per_day * each.concentration_ng_per_ml // _NL_PER_ML for each in self.components
            ),
            volume_limit_nl_per_24h=nl_per_day + boluses_nl,
            low_reservoir_nl=story.low_reservoir.count,
        )


def done(hands: Hands, step: Step) -> Answer:
    """Do this one. Raises ValueError, one line, for a step that says too little or cannot be done."""
    if (person := _PEOPLE.get(step.do)) is not None:
        return person(hands, step)
    _HAPPENS[step.do](hands, step)
    return Answer()


def _field_goes(hands: Hands, step: Step) -> None:
    hands.bench.faults.leave_field(None if step.turns_again_after is None else step.turns_again_after.count)


def _motor_stands(hands: Hands, step: Step) -> None:
    hands.bench.faults.stall(None if step.turns_again_after is None else step.turns_again_after.count)


def _missed(hands: Hands, step: Step) -> None:
    hands.bench.faults.miss_strokes(_said(step.strokes, "strokes"))


def _runs_down(hands: Hands, step: Step) -> None:
    hands.bench.faults.set_battery(_said(step.permille, "permille"))


def _self_test(hands: Hands, step: Step) -> None:
    hands.bench.faults.fail_self_test(_said(step.test, "test"))


def _physician_reads(hands: Hands, _step: Step) -> Answer:
    found = hands.physician.carry_out(interrogate)
    if isinstance(found, Unreadable):
        return Answer(found.words)
    lines = (*found.alarms(), *found.notices(), *(line.words for line in found.log()))
    return Answer("\n".join(lines if found.problem is None else (found.problem, *lines)))


def _patient_reads(hands: Hands, _step: Step) -> Answer:
    page = hands.patient.carry_out(lambda session: look(session, CONTACT))
    if isinstance(page, NotReached):
        return Answer(page.words)
    alarms = (f"{each.happened}\n{each.what_to_do}\n{each.call}" for each in page.alarms)
    return Answer("\n".join((page.sentence, *alarms, *page.notes)))


def _patient_asks(hands: Hands, _step: Step) -> Answer:
    """A dose is asked for from a page that was read a moment before, as the handset does."""
    page = hands.patient.carry_out(lambda session: look(session, CONTACT))
    if isinstance(page, NotReached):
        return Answer(page.words)

    def asked(session: Session) -> Conversation[DoseAnswer]:
        return ask(session, page, CONTACT)

    answer = hands.patient.carry_out(asked)
    return Answer(answer.words, answer.reason)


def _silences(hands: Hands, step: Step) -> Answer:
    return _answered(hands.physician.change(SilenceAlarm(_said(step.alarm, "alarm"), SILENCE_MS)))


def _said(value: T | None, field: str) -> T:
    if value is None:
        raise ValueError(f"{field}: missing for this deed")
    return value


def _answered(outcome: Outcome) -> Answer:
    if isinstance(outcome, Applied):
        return Answer(_YES)
    if isinstance(outcome, Unknown):
        return Answer(UNKNOWN_WORDS)
    return Answer(not_applied_words(outcome.why), outcome.why.reason if isinstance(outcome.why, Refused) else None)


_HAPPENS: Mapping[Deed, Callable[[Hands, Step], object]] = MappingProxyType(
    {
        Deed.TIME_PASSES: lambda _hands, _step: None,
        Deed.FIELD_COMES: lambda hands, _step: hands.bench.faults.enter_field(),
        Deed.FIELD_GOES: _field_goes,
        Deed.MOTOR_STANDS: _motor_stands,
        Deed.MOTOR_IS_FREED: lambda hands, _step: hands.bench.faults.free_motor(),
        Deed.STROKES_ARE_MISSED: _missed,
        Deed.BATTERY_RUNS_DOWN: _runs_down,
        Deed.BATTERY_SAGS: lambda hands, _step: hands.bench.faults.sag_battery(),
        Deed.SELF_TEST_FAILS: _self_test,
        Deed.UPDATES_FAIL: lambda hands, _step: hands.bench.faults.fail_updates(),
        Deed.POWER_FAILS: lambda hands, _step: hands.bench.faults.cut_power(),
        Deed.POWER_RETURNS: lambda hands, _step: hands.bench.faults.restore_power(),
    }
)
_PEOPLE: Mapping[Deed, Callable[[Hands, Step], Answer]] = MappingProxyType(
    {
        Deed.PHYSICIAN_READS: _physician_reads,
        Deed.PHYSICIAN_PROGRAMS: lambda hands, step: hands.program(step.rate or hands.rate),
        Deed.PHYSICIAN_STOPS: lambda hands, _step: _answered(hands.physician.stop()),
        Deed.PHYSICIAN_REFILLS: lambda hands, step: hands.refilled(_said(step.volume, "volume")),
        Deed.PHYSICIAN_SILENCES: _silences,
        Deed.PATIENT_READS: _patient_reads,
        Deed.PATIENT_ASKS: _patient_asks,
    }
)
