"""The rows of a review: label, unit, old, new, and whether they differ; as quantities and as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.sourced import CatalogueError
from thecal.device import FlexStep, Mode, Program
from thecal.quantities import Amount, Concentration, DoseRate, Duration, FlowRate, Instant, Volume
from thecal.therapy.arithmetic import mass_given
from thecal.therapy.derived import Derived
from thecal.therapy.entry import write_clock
from thecal.therapy.plan import DrugStep
from thecal.therapy.projection import Projection
from thecal.therapy.schedule import step_dose
from thecal.therapy.showing import (
    amount_text,
    date_text,
    length_text,
    number_text,
    percent_text,
    ratio_text,
    time_number,
)
from thecal.therapy.translation import Doses

NOTHING = "\u2013"
_MIN_PER_DAY = 1_440
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Value = Amount | Instant | int | str | None


@dataclass(frozen=True, slots=True)
class Side:
    """One column: a program, what it was written for (None: not known), what it does, and how long it lasts."""

    program: Program
    programmed: Doses | None
    derived: Derived
    projection: Projection


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the review. Texts are without the unit; ``unit`` is empty for words, dates and counts."""

    key: str
    label: str
    unit: str
    old: Value
    new: Value
    old_text: str
    new_text: str
    changed: bool


def rows_of(
    old: Side, new: Side | None, clock_offset_min: int, steps: tuple[DrugStep, ...] = (), *, resumes: bool = False
) -> tuple[Row, ...]:
    """Every row in the order of the page; ``new`` None (it cannot be done) leaves that column empty.

    ``resumes``: the old program gives nothing now, and the ratios are against what ran before it.
    """
    against = "new to what ran last" if resumes else "new to old"
    lay = _Laying(old, new, clock_offset_min, {step.drug.key: step for step in steps}, against)
    return (*_therapy_rows(lay), *_drug_rows(lay), *_bolus_rows(lay), *_date_rows(lay))


@dataclass(frozen=True, slots=True)
class _Laying:
    old: Side
    new: Side | None
    clock_offset_min: int
    steps: Mapping[str, DrugStep]
    against: str

    def row(self, key: str, label: str, unit: str, read: Callable[[Side], Value]) -> Row:
        old, new = read(self.old), None if self.new is None else read(self.new)
        return Row(key, label, unit, old, new, self._text(old, unit), self._text(new, unit), old != new)

    def _text(self, value: Value, unit: str) -> str:
        if value is None:
            return NOTHING
        if isinstance(value, Instant):
            return date_text(value, self.clock_offset_min)
        if isinstance(value, Duration):
            return time_number(value, unit)
        return number_text(value, unit) if isinstance(value, Amount) else str(value)


def _therapy_rows(lay: _Laying) -> Iterator[Row]:
    yield lay.row("mode", "infusion mode", "", lambda side: side.program.mode.value)
    if any(side.program.mode is Mode.FLEX for side in (lay.old, lay.new) if side is not None):
        yield lay.row("schedule", "day schedule, repeats every day", "", lambda side: schedule_text(side.program))
    if _has_periodic(lay):
        yield lay.row("periodic", "periodic bolus", "", lambda side: periodic_text(side.program, side.derived))
    volume = "daily volume, basal and periodic" if _has_periodic(lay) else "daily volume, basal"
    yield lay.row("daily-volume", volume, "mL/day", lambda side: FlowRate(side.derived.daily_volume.count))


def _has_periodic(lay: _Laying) -> bool:
    return any(side.program.periodic is not None for side in (lay.old, lay.new) if side is not None)


def _drug_rows(lay: _Laying) -> Iterator[Row]:
    sides = [side.program for side in (lay.old, lay.new) if side is not None]
    for key in dict.fromkeys(component.drug for program in reversed(sides) for component in program.components):
        known = _drug(key)
        name, unit = (key, "mg") if known is None else (known.display, known.dose_unit)
        yield lay.row(f"concentration.{key}", f"{name} concentration", f"{unit}/mL", _concentration(key))
        per_day = f"{unit}/day"
        yield lay.row(f"programmed.{key}", f"{name} 24-hour dose, programmed", per_day, _programmed(key))
        yield lay.row(f"achievable.{key}", f"{name} 24-hour dose, achievable", per_day, _achievable(key))
        yield _change_row(lay, key, name)
        yield _ratio_row(lay, key, f"{name} 24-hour dose, basal", "basal")
        greatest = _greatest(key)
        yield lay.row(f"greatest.{key}", f"{name} greatest 24-hour dose, every bolus taken", per_day, greatest)
        yield _ratio_row(lay, key, f"{name} 24-hour dose, greatest", "greatest")


def _bolus_rows(lay: _Laying) -> Iterator[Row]:
    if all(side is None or side.program.patient_bolus is None for side in (lay.old, lay.new)):
        return
    source = lay.new if lay.new is not None and lay.new.program.patient_bolus is not None else lay.old
    known = _drug(source.program.components[0].drug) if source.program.components else None
    unit = "mg" if known is None else known.dose_unit

    def of(read: Callable[[Side], Value]) -> Callable[[Side], Value]:
        return lambda side: None if side.program.patient_bolus is None else read(side)

    def bolus(field: str, kind: type[Amount] | None = None) -> Callable[[Side], Value]:
        def read(side: Side) -> Value:
            count: int = getattr(side.program.patient_bolus, field)
            return count if kind is None else kind(count)

        return of(read)

    programmed = of(lambda side: None if side.programmed is None else side.programmed.bolus[0])
    yield lay.row("bolus.programmed", "patient bolus, programmed", unit, programmed)
    yield lay.row("bolus.achievable", "patient bolus, achievable", unit, of(lambda side: side.derived.bolus_doses[0]))
    yield lay.row("bolus.duration", "bolus duration", "min", bolus("duration_ms", Duration))
    yield lay.row("bolus.lockout", "lockout", "h", bolus("lockout_ms", Duration))
    yield lay.row("bolus.maximum", "boluses allotted in any 24 h", "", bolus("maximum_per_24h"))
    yield lay.row(
        "bolus.effective", "boluses possible in any 24 h", "", of(lambda side: side.derived.effective_boluses)
    )


def _date_rows(lay: _Laying) -> Iterator[Row]:
    yield lay.row(
        "low-reservoir", "low-reservoir alarm level", "mL", lambda side: Volume(side.program.low_reservoir_nl)
    )
    for key, label, field in (
        ("days-to-alarm", "days to low-reservoir alarm", "days_to_alarm"),
        ("days-to-empty", "days to empty", "days_to_empty"),
        ("alarm-date", "low-reservoir alarm date", "alarm"),
        ("worst-case-alarm-date", "low-reservoir alarm date, every bolus taken", "worst_case_alarm"),
        ("refill-date", "refill date by volume", "refill"),
    ):
        yield lay.row(key, label, "", _projected(field))


def _projected(field: str) -> Callable[[Side], Value]:
    def read(side: Side) -> Value:
        found: Instant | int | None = getattr(side.projection, field)
        return found

    return read


def _change_row(lay: _Laying, key: str, name: str) -> Row:
    old, new = _achievable(key)(lay.old), None if lay.new is None else _achievable(key)(lay.new)
    text = NOTHING
    if isinstance(old, DoseRate) and old.count and isinstance(new, DoseRate):
        text = percent_text(old.count, new.count)
    return Row(
        f"change.{key}", f"{name} 24-hour dose, change", "", None, text, NOTHING, text, text not in ("0 %", NOTHING)
    )


def _ratio_row(lay: _Laying, key: str, label: str, which: str) -> Row:
    """The ratio a STOP is decided by stands here, computed once in the plan."""
    step = lay.steps.get(key)
    ratio = None if step is None else step.basal_ratio if which == "basal" else step.greatest_ratio
    text = NOTHING if ratio is None else ratio_text(ratio)
    changed = ratio is not None and ratio != 1
    return Row(f"ratio-{which}.{key}", f"{label}, {lay.against}", "", None, text, NOTHING, text, changed)


def _component(program: Program, key: str) -> int | None:
    return next((index for index, each in enumerate(program.components) if each.drug == key), None)


def _concentration(key: str) -> Callable[[Side], Value]:
    def read(side: Side) -> Value:
        index = _component(side.program, key)
        return None if index is None else Concentration(side.program.components[index].concentration_ng_per_ml)

    return read


def _programmed(key: str) -> Callable[[Side], Value]:
    def read(side: Side) -> Value:
        index = _component(side.program, key)
        return None if index is None or side.programmed is None else side.programmed.daily[index]

    return read


def _achievable(key: str) -> Callable[[Side], Value]:
    def read(side: Side) -> Value:
        index = _component(side.program, key)
        return None if index is None else side.derived.daily_doses[index]

    return read


def _greatest(key: str) -> Callable[[Side], Value]:
    def read(side: Side) -> Value:
        index = _component(side.program, key)
        return None if index is None else side.derived.greatest_24h_doses[index]

    return read


def schedule_text(program: Program) -> str | None:
    """``06:00–07:00 60 microgram; …`` for the steps of a flex program; None for any other."""
    if program.mode is not Mode.FLEX:
        return None
    primary = program.components[0]
    known = _drug(primary.drug)
    unit = "mg" if known is None else known.dose_unit
    concentration = Concentration(primary.concentration_ng_per_ml)
    told = [_day_text(steps, concentration, unit) for steps in program.day_groups]
    if len(told) == 1:
        return told[0]
    days = [_days_text(steps[0].days) for steps in program.day_groups]
    return " | ".join(f"{names}: {text}" for names, text in zip(days, told, strict=True))


def _day_text(steps: tuple[FlexStep, ...], concentration: Concentration, unit: str) -> str:
    ends = [*(step.start_min for step in steps[1:]), _MIN_PER_DAY]
    return "; ".join(
        f"{write_clock(step.start_min)}\u2013{write_clock(end)} {step_dose(step, end, concentration).text_in(unit)}"
        for step, end in zip(steps, ends, strict=True)
    )


def _days_text(mask: int) -> str:
    return ", ".join(name for bit, name in enumerate(_WEEKDAYS) if mask >> bit & 1)


def periodic_text(program: Program, derived: Derived) -> str | None:
    """``0.5 mg over 30 min every 6 h``: what is achievable of each periodic bolus; None without any."""
    bolus, primary = program.periodic, program.components[0] if program.components else None
    if bolus is None or primary is None:
        return None
    known = _drug(primary.drug)
    given = mass_given(Volume(derived.profile.bolus_nl), Concentration(primary.concentration_ng_per_ml))
    lasts, every = length_text(Duration(bolus.duration_ms)), length_text(Duration(bolus.interval_ms))
    return f"{amount_text(given, 'mg' if known is None else known.dose_unit)} over {lasts} every {every}"


def _drug(key: str) -> Drug | None:
    try:
        return drug(key)
    except CatalogueError:
        return None
