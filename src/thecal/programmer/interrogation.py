"""What an interrogation found: the pump's report, when it was given, and the same in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.origins import Origin
from thecal.device import Program, Refused, Report, head_of, program_hash
from thecal.programmer.alarm_words import ALARM_WORDS
from thecal.programmer.in_force import library_words, notices
from thecal.programmer.soft_limits import name_and_unit
from thecal.programmer.words import MODE_WORDS, log_words, refusal_words
from thecal.quantities import Concentration, DoseRate, FlowRate, Instant, Volume
from thecal.telemetry import Conversation, NoAnswer, Session
from thecal.telemetry import interrogate as _interrogate
from thecal.therapy import Projection, Standing, named_model, standing
from thecal.therapy.plan_origins import plan_origins
from thecal.therapy.showing import amount_text, date_text, moment_text


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the pump as it stands: ``("reservoir", "reservoir, believed", "18.2 mL")``."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of the pump's log in words, newest last."""

    sequence: int
    at: Instant
    when: str
    words: str


@dataclass(frozen=True, slots=True)
class Interrogated:
    """The pump as it described itself at one of its ticks. ``problem`` is set when the report is not sound."""

    report: Report
    tick_ms: int
    problem: str | None

    @property
    def at(self) -> Instant:
        """When, by the pump's own clock: the time every record of this visit takes."""
        return Instant(self.report.status.utc_ms)

    def instant_of(self, tick_ms: int) -> Instant:
        """The pump's civil time at another of its ticks."""
        return Instant(self.report.status.utc_ms + tick_ms - self.tick_ms)

    def standing(self, last_infusing: Program | None = None) -> Standing:
        """What therapy plans from. Raises CatalogueError for a pump model the catalogue does not know."""
        return standing(self.report, last_infusing)

    def facts(self) -> tuple[Fact, ...]:
        """Everything a page or a banner shows about the pump, in order. Raises CatalogueError as ``standing`` does."""
        at = self.standing()
        return tuple(_facts(self, at, at.projection(at.program, at.derived)))

    def origins(self) -> tuple[Origin, ...]:
        """Where the numbers of a plan for this pump and its fluid come from. Raises CatalogueError as above."""
        report = self.report
        drugs = (each.drug for each in (*report.status.components, *report.program.components))
        return plan_origins(named_model(report.descriptor.model), drugs)

    def alarms(self) -> tuple[str, ...]:
        """Every standing alarm in words."""
        return tuple(ALARM_WORDS[alarm] for alarm in self.report.status.alarms)

    def notices(self) -> tuple[str, ...]:
        """What is in force beside the basal flow, in words: see ``in_force``."""
        return notices(self.report)

    def log(self) -> tuple[LogLine, ...]:
        """The pump's log in words, oldest first."""
        offset = self.report.status.clock_offset_min
        return tuple(
            LogLine(entry.sequence, Instant(entry.utc_ms), moment_text(Instant(entry.utc_ms), offset), log_words(entry))
            for entry in self.report.log
        )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The pump could not be interrogated; nothing may be programmed."""

    words: str


def interrogate(session: Session) -> Conversation[Interrogated | Unreadable]:
    """Take the whole state of the pump."""
    answer = yield from _interrogate(session)
    match answer:
        case Report():
            return interrogated(answer, session.latest_tick_ms or 0)
        case Refused():
            return Unreadable(refusal_words(answer))
        case NoAnswer():
            return Unreadable("The pump did not answer. Hold the programmer nearer and try again.")


def interrogated(report: Report, tick_ms: int) -> Interrogated:
    """A report with its tick, looked over: what it says must agree with itself."""
    problem = None
    if program_hash(report.program) != report.program_hash:
        problem = "The pump's report contradicts itself: the program does not match its hash. Interrogate again."
    elif (report.program.pump_serial, report.program.patient_token) != (report.pump_serial, report.patient_token):
        problem = "The pump runs a program written for another pump or patient. Do not program; report it."
    elif head_of(report.log_before, report.log) != report.status.log_head:
        problem = (
            "The pump's log does not match its own seal: lines were altered or are missing. Interrogate again; "
            "if it stays so, do not program and report it."
        )
    return Interrogated(report, tick_ms, problem)


def dose_words(program: Program, doses: tuple[DoseRate, ...]) -> str:
    """``morphine 2.4 mg/day``, every component."""
    spoken = []
    for component, dose in zip(program.components, doses, strict=True):
        name, unit = name_and_unit(component.drug)
        spoken.append(f"{name} {amount_text(dose, f'{unit}/day')}")
    return ", ".join(spoken) or "no drug"


def fluid_words(report: Report) -> str:
    """``morphine 10 mg/mL``, every component of the fluid the reservoir was told to hold."""
    spoken = []
    for component in report.status.components:
        name, unit = name_and_unit(component.drug)
        spoken.append(f"{name} {amount_text(Concentration(component.concentration_ng_per_ml), f'{unit}/mL')}")
    return ", ".join(spoken) or "nothing recorded"


def _facts(found: Interrogated, at: Standing, lasts: Projection) -> list[Fact]:
    report, status, derived = found.report, found.report.status, at.derived
    offset = status.clock_offset_min

    def date(moment: Instant | None) -> str:
        return "none: nothing flows" if moment is None else date_text(moment, offset)

    of = "basal" if report.program.periodic is None else "basal and periodic"
    filled = "never" if report.refilled_utc_ms is None else moment_text(Instant(report.refilled_utc_ms), offset)
    return [
        Fact("model", "pump", report.descriptor.model),
        Fact("serial", "serial number", report.pump_serial),
        Fact("state", "state", MODE_WORDS[status.mode]),
        Fact("dose", f"24-hour dose, {of}", dose_words(report.program, derived.daily_doses)),
        Fact("greatest", "greatest 24-hour dose", dose_words(report.program, derived.greatest_24h_doses)),
        Fact("fluid", "fluid", fluid_words(report)),
        Fact("rate", "flow now", amount_text(FlowRate(status.rate_nl_per_day), "mL/day")),
        Fact("daily-volume", f"daily volume, {of}", amount_text(derived.daily_volume, "mL")),
        Fact("reservoir", "reservoir, believed", amount_text(Volume(status.reservoir_nl), "mL")),
        Fact("low-reservoir", "alarm level", amount_text(Volume(status.low_reservoir_nl), "mL")),
        Fact("alarm-date", "low-reservoir alarm date", date(lasts.alarm)),
        Fact("refill-date", "refill date", date(lasts.refill)),
        Fact("refilled", "last refill", filled),
        Fact("library", "drug library", library_words(status)),
        Fact("clock", "pump clock", moment_text(found.at, offset)),
    ]
