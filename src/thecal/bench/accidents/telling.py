"""Telling a pump story: the real pump on the bench, what was seen of it, and whatever did not stand as it must."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.bench.accidents.deeds import Hands, done
from thecal.bench.accidents.story_records import Given, Step, Story
from thecal.bench.device import DeviceBench, Setup
from thecal.device import Alarm, LogEntry, LogKind, Reason, Role
from thecal.documents import DocumentError
from thecal.pump.controller.alarm_table import ALARM_TABLE
from thecal.quantities import Duration

SERIAL, PATIENT = "TH-0300", "story"
MS_PER_DAY = 86_400_000
SLACK_STROKES = 2  # a stretch of time cuts the stroke at either end

_ALARM_OF = {row.log: alarm for alarm, row in ALARM_TABLE.items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """One line that the pump wrote after it was programmed; ``alarm`` where it is the beginning of one."""

    kind: LogKind
    at_ms: int
    alarm: Alarm | None


@dataclass(frozen=True, slots=True)
class Told:
    """A story as it went: every line of the log, and each thing that had to be true after a step and was not."""

    seen: tuple[Seen, ...]
    broken: tuple[str, ...]

    def first(self, name: str) -> Seen | None:
        """The beginning of the alarm of this name, or the first line of this kind; None: it never came."""
        alarms = (each for each in self.seen if each.alarm is not None and each.alarm.value == name)
        return next(alarms, next((each for each in self.seen if each.kind.value == name), None))


def tell(story: Story) -> Told:
    """Let the story happen to a new pump. Raises DocumentError for one that cannot be told, CatalogueError."""
    hands = _begun(story)
    seen: dict[int, LogEntry] = {}
    broken: list[str] = []
    lines_before = hands.bench.believes.log[-1].sequence
    for number, step in enumerate(story.steps):
        before_nl = hands.bench.left_tip_nl
        hands.bench.advance(step.after.count)
        broken += (f"steps.{number}: {each}" for each in _flow(hands, step, hands.bench.left_tip_nl - before_nl))
        try:
            answer = done(hands, step)
        except (ValueError, RuntimeError) as error:
            raise DocumentError(f"steps[{number}]: {error}") from None
        broken += (f"steps.{number}: {each}" for each in _unanswered(step, answer.refused, answer.words))
        broken += (f"steps.{number}: {each}" for each in _standing(step, hands.bench.believes.alarms))
        seen |= {each.sequence: each for each in hands.bench.believes.log if each.sequence > lines_before}
    lines = (seen[number] for number in sorted(seen))
    return Told(tuple(Seen(each.kind, each.tick_ms, _ALARM_OF.get(each.kind)) for each in lines), tuple(broken))


def unmet(story: Story, told: Told, name: str) -> tuple[str, ...]:
    """What is missing for the accident to count as caught by this alarm or line."""
    found, begins, words = told.first(name), story.begins, []
    if found is None:
        words.append(f"{name} never came")
    elif not begins.not_before.count <= found.at_ms <= begins.not_after.count:
        words.append(f"{name} came at {Duration(found.at_ms)}, not from {begins.not_before} to {begins.not_after}")
    written = iter(each.kind for each in told.seen)
    words += [f"the log does not hold {kind.value!r} in its place" for kind in story.log if kind not in written]
    return (*words, *told.broken)


def heard(story: Story, told: Told, name: str) -> tuple[str, ...]:
    """What a harmless twin should not have drawn: this alarm or line, any other alarm, or a step that went amiss."""
    quiet = tuple(each for each in story.beside if each.value != name)
    loud = (
        each for each in told.seen if each.kind.value == name or (each.alarm is not None and each.alarm not in quiet)
    )
    return (*(f"{each.kind.value} at {Duration(each.at_ms)}" for each in loud), *told.broken)


def _begun(story: Story) -> Hands:
    """The pump filled by needle, told of it and programmed, at its first moment."""
    bench = DeviceBench(Setup(story.model, serial=SERIAL, patient_token=PATIENT))
    try:
        hands = Hands(bench, story, bench.attach(Role.PHYSICIAN), bench.attach(Role.PATIENT))
        refused = hands.refilled(story.fill).refused or hands.program(story.rate).refused
    except (ValueError, RuntimeError) as error:
        raise DocumentError(f"story: {error}") from None
    if refused is not None:
        raise DocumentError(f"story: the pump refuses its first program: {refused.value}")
    return hands


def _flow(hands: Hands, step: Step, given_nl: int) -> list[str]:
    """``given`` against the truth of the stretch of time before the step."""
    if step.given is None:
        return []
    due_nl = 0 if step.given is Given.NOTHING else hands.rate.count * step.after.count // MS_PER_DAY
    slack_nl = 0 if step.given is Given.NOTHING else SLACK_STROKES * hands.bench.believes.descriptor.stroke_nl
    return [] if abs(given_nl - due_nl) <= slack_nl else [f"{given_nl} nL left the tip, not {step.given.value}"]


def _unanswered(step: Step, refused: Reason | None, words: str) -> list[str]:
    found = [f"not told {each!r}" for each in step.told if each not in words]
    if refused is not step.refused:
        said, due = ("no refusal" if each is None else repr(each.value) for each in (refused, step.refused))
        found.append(f"the pump said {said}, not {due}")
    return found


def _standing(step: Step, alarms: tuple[Alarm, ...]) -> list[str]:
    if step.alarms is None or set(alarms) == set(step.alarms):
        return []
    return [f"alarms that stand: {', '.join(each.value for each in alarms) or 'none'}"]
