"""How a record begins: the pump is told what the needle filled in, and programmed if the case says so."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.bench.case_records import Case
from thecal.bench.people import People, spoken
from thecal.bench.physician import Ended
from thecal.device import Mode


@dataclass(frozen=True, slots=True)
class BeginningAct:
    """One act before anything else happens."""

    who: str
    what: str
    ended: Ended

    def __str__(self) -> str:
        return f"{self.who} {self.what}: {self.ended.words}"


def begin_therapy(people: People, case: Case) -> tuple[BeginningAct, ...]:
    """Record the refill and program the case's therapy; a stopped pump is only told what it holds."""
    reservoir = case.reservoir
    told = people.physician.record_refill(0, reservoir.volume.count, reservoir.drugs)
    acts = [BeginningAct("nurse", f"tells the pump of {reservoir.volume} in the reservoir", told)]
    if case.therapy is not None and case.therapy.mode is not Mode.STOPPED:
        programmed = people.physician.program(case.therapy, reservoir.drugs, second_confirmation=False)
        what = f"programs {spoken(case.therapy, reservoir.drugs[0].drug)}"
        acts.append(BeginningAct("physician", what, programmed))
    return tuple(acts)
