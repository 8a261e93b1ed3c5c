"""Truth beside belief, line by line, as it is written."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.bench.case import Case
from thecal.bench.written import three_digits
from thecal.column import Fluid
from thecal.fluid import Act
from thecal.quantities import Instant, Volume
from thecal.therapy.showing import amount_text, clock_text, moment_text
from thecal.web.room.believed import Believed, LastBolus
from thecal.web.room.chart_data import amount_of, concentration_text
from thecal.web.room.course import Course
from thecal.web.room.followed import Followed

NO_BELIEF = "–"


@dataclass(frozen=True, slots=True)
class Pair:
    """One line: what is true, and what the pump believes."""

    label: str
    truth: str
    belief: str
    differs: bool = False


def facts(case: Case, followed: Followed, belief: Believed | None, course: Course) -> tuple[Pair, ...]:
    """The lines, most looked-at first."""
    path = followed.path
    reservoir = Volume(path.reservoir.volume_nl)
    at_tip = path.line.tip.fluid
    released_ng = float(path.books.released.ng(course.drug.key))
    tip_cell = course.samples.spine.tip_cell
    pairs = [
        Pair(
            "Reservoir",
            amount_text(reservoir, "mL"),
            NO_BELIEF if belief is None else amount_text(belief.reservoir, "mL"),
            belief is not None and belief.reservoir != reservoir,
        ),
        Pair(
            "Strokes",
            str(followed.strokes) if followed.implantation.stroke_nl else "none: gas pressure",
            NO_BELIEF if belief is None else str(belief.strokes),
            belief is not None and belief.strokes != followed.strokes,
        ),
        Pair(f"{course.drug.display} that left the tip", amount_of(course.drug, released_ng), _delivered(belief)),
        Pair("Next to leave the tip", _fluid_text(at_tip), NO_BELIEF),
    ]
    pairs.append(_refill(case, followed, belief))
    if belief is not None:
        pairs.append(_bolus(belief.last_bolus, followed, belief.clock_offset_min))
    return (
        *pairs,
        Pair(
            f"In the CSF at {case.system.tip}",
            concentration_text(float(course.samples.csf_ng_per_ml[-1, tip_cell])),
            NO_BELIEF,
        ),
        Pair("In plasma", concentration_text(float(course.samples.plasma_ng_per_ml[-1])), NO_BELIEF),
        Pair(
            f"{course.score.name.capitalize()} at {course.score.level}",
            f"{course.score.values[-1]:.1f} (without drug {three_digits(course.score.without_drug)})",
            NO_BELIEF,
        ),
    )


def _delivered(belief: Believed | None) -> str:
    return NO_BELIEF if belief is None else f"{amount_text(belief.delivered, 'mL')} pumped"


def _bolus(last: LastBolus | None, followed: Followed, offset_min: int) -> Pair:
    if last is None:
        return Pair("Last patient bolus", "none", "none")
    granted = Instant(last.granted.utc_ms)
    words = f"granted {clock_text(granted, offset_min)}"
    until_ms = followed.at_ms
    if last.ended is not None:
        how = last.ended.kind.value.removeprefix("patient bolus ")
        words += f", {how} {clock_text(Instant(last.ended.utc_ms), offset_min)}"
        until_ms = last.ended.utc_ms
    if last.granted.volume_nl is not None:
        words += f", {amount_text(Volume(last.granted.volume_nl), 'µL')}"
    made = followed.strokes_between(last.granted.utc_ms, until_ms)
    return Pair("Last patient bolus", f"{made} strokes in that time, basal among them", words)


def _refill(case: Case, followed: Followed, belief: Believed | None) -> Pair:
    """What the needle last did, and what the pump was last told: two acts, which nothing but care keeps together."""
    truth = f"filled before {moment_text(Instant(followed.implantation.from_ms), case.clock_offset_min)}"
    needle = followed.last_needle
    if needle is not None:
        verb = "withdrew" if needle.act is Act.WITHDRAW else "filled in"
        volume = amount_text(Volume(needle.volume_nl), "mL")
        truth = f"{verb} {volume}, {moment_text(Instant(needle.at_ms), case.clock_offset_min)}"
    told = NO_BELIEF
    if belief is not None and belief.refilled_utc_ms is not None:
        at = moment_text(Instant(belief.refilled_utc_ms), belief.clock_offset_min)
        told = f"told: filled to {amount_text(belief.filled, 'mL')}, {at}"
    return Pair("Last needle, last refill told", truth, told)


def _fluid_text(fluid: Fluid) -> str:
    spoken = ", ".join(f"{name} {concentration_text(float(each))}" for name, each in fluid.drugs)
    return spoken or "no drug"
