"""What was expected after a step of a story, beside what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from fractions import Fraction

from thecal.bench.answered import Answered
from thecal.bench.body import course_of, score_of
from thecal.bench.patient import WiredPatient
from thecal.bench.people import People
from thecal.bench.scenario import Expect
from thecal.column import Masses
from thecal.device import Mode, Reason
from thecal.handheld import PatientView
from thecal.quantities import Amount, Duration, Mass, Volume

LOOK_MS = 600_000  # concentrations are means over the ten minutes before the look


@dataclass(frozen=True, slots=True)
class Checked:
    """One expectation, both sides in words."""

    field: str
    expected: str
    found: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """What can be looked at after a step."""

    patient: WiredPatient
    people: People
    answered: Answered

    def primary(self, masses: Masses) -> Mass | Fraction:
        """Mass of the primary drug; in exact ng where mixing left a fraction of one."""
        ng = masses.ng(self.patient.case.reservoir.drugs[0].drug)
        return Mass(ng.numerator) if ng.denominator == 1 else ng


def checked(expect: Expect, scene: Scene) -> Iterator[Checked]:
    """Every expectation that was stated, in the order of the record."""
    for field in fields(Expect):
        expected = getattr(expect, field.name)
        if expected is None:
            continue
        if field.name in _ALIKE:
            found = _ALIKE[field.name](scene)
            yield Checked(field.name, _words(expected), _words(found), _number(found) == _number(expected))
        else:
            found, holds = _MEASURED[field.name](scene, float(str(_number(expected))))
            yield Checked(field.name, _words(expected), found, holds)


def _remaining(scene: Scene) -> int | None:
    view = scene.people.handset.look()
    return view.remaining if isinstance(view, PatientView) else None


def _possible_in(scene: Scene) -> Duration | None:
    waits_ms = scene.answered.possible_in_ms
    return None if waits_ms is None else Duration(waits_ms)


def _believed(scene: Scene) -> Volume | None:
    believes = scene.patient.believes
    return None if believes is None else Volume(believes.reservoir.volume_nl)


def _counted(scene: Scene) -> int | None:
    believes = scene.patient.believes
    return None if believes is None else believes.strokes_total


def _mode(scene: Scene) -> Mode | None:
    believes = scene.patient.believes
    return None if believes is None else believes.program.mode


def _csf_at_tip(scene: Scene) -> float:
    patient = scene.patient
    drug, tip = patient.case.reservoir.drugs[0].drug, patient.case.system.tip
    samples = course_of(drug, tip, patient.releases, _times(patient.at_ms)).samples
    return float(samples.csf_ng_per_ml[-1, samples.spine.tip_cell])


def _score(scene: Scene) -> float:
    patient = scene.patient
    drug, tip = patient.case.reservoir.drugs[0].drug, patient.case.system.tip
    samples = course_of(drug, tip, patient.releases, _times(patient.at_ms)).samples
    return float(score_of(patient.case, samples).values[-1])


def _times(at_ms: int) -> tuple[int, ...]:
    return tuple(sorted({0, max(0, at_ms - LOOK_MS), at_ms}))


def _above(scene: Scene, limit: float) -> tuple[str, bool]:
    found = _csf_at_tip(scene)
    return f"{found:.0f} ng/mL", found > limit


def _below(scene: Scene, limit: float) -> tuple[str, bool]:
    found = _csf_at_tip(scene)
    return f"{found:.0f} ng/mL", found < limit


def _score_below(scene: Scene, limit: float) -> tuple[str, bool]:
    found = _score(scene)
    return f"{found:.2f}", found < limit


_ALIKE: dict[str, Callable[[Scene], object]] = {
    "outcome": lambda scene: scene.answered.outcome,
    "reason": lambda scene: scene.answered.reason,
    "possible_in": _possible_in,
    "ratio": lambda scene: scene.answered.ratio,
    "remaining": _remaining,
    "mode": _mode,
    "strokes_made": lambda scene: scene.patient.strokes_made,
    "strokes_counted": _counted,
    "delivered": lambda scene: scene.primary(scene.patient.given),
    "released": lambda scene: scene.primary(scene.patient.path.books.released),
    "reservoir_true": lambda scene: Volume(scene.patient.path.reservoir.volume_nl),
    "reservoir_believed": _believed,
}
_MEASURED: dict[str, Callable[[Scene, float], tuple[str, bool]]] = {
    "csf_at_tip_above": _above,
    "csf_at_tip_below": _below,
    "score_below": _score_below,
}


def _number(value: object) -> object:
    """A quantity as its count, so that exact masses of any kind compare; anything else as it is."""
    return value.count if isinstance(value, Amount) else value


def _words(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case Reason() | Mode():
            return str(value.value)
        case Fraction():
            return f"{float(value):.12g}"
        case _:
            return str(value)
