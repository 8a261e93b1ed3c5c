"""What a prime is asked with, and the line as it stands when the pump would push."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from thecal.column import Fluid
from thecal.documents import About
from thecal.quantities import DoseRate, Volume
from thecal.therapy.believed import BelievedLine
from thecal.therapy.calculators.line_inputs import LineInputs, LineVolumes
from thecal.therapy.calculators.on_paper import fluid_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.mixing import as_fluid
from thecal.therapy.prescribed import DrugIn

_NONE = Volume(0)


class PrimeCase(Enum):
    """What was done to pump or catheter."""

    NEW_SYSTEM = "new pump and new catheter"
    FULL_CATHETER = "new pump, old catheter full of drug"
    ASPIRATED_CATHETER = "new pump, old catheter aspirated"
    NEW_CATHETER = "new catheter"
    REVISED_ASPIRATED = "catheter revised and aspirated"
    REVISED = "catheter revised, not aspirated"
    PORT_ASPIRATED = "access port aspirated"
    ON_THE_TABLE = "new pump primed before it is connected to a new catheter"


class NewPart(Enum):
    """Which end of the old catheter a new part was joined to."""

    PUMP_END = "pump end"
    TIP = "tip"


_WITH_ASPIRATION = (PrimeCase.ASPIRATED_CATHETER, PrimeCase.REVISED_ASPIRATED, PrimeCase.PORT_ASPIRATED)
_WITH_OLD_FLUID = (*_WITH_ASPIRATION, PrimeCase.FULL_CATHETER, PrimeCase.NEW_CATHETER, PrimeCase.REVISED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimeInputs(LineInputs):
    """What was done, and the fluid in the reservoir. The catheter is the one that lies there now."""

    case: Annotated[PrimeCase, About("what was done to pump or catheter")]
    fluid: Annotated[tuple[DrugIn, ...], About("fluid in the reservoir, primary drug first")]
    old_fluid: Annotated[tuple[DrugIn, ...], About("what the line held before, if another fluid")] = ()
    daily_dose: Annotated[DoseRate | None, About("24-hour dose of the primary drug that runs afterwards")] = None
    aspirated: Annotated[Volume | None, About("drawn from the access port; the whole catheter if left out")] = None
    new_part: Annotated[Volume | None, About("volume of the new part, if the rest kept its fluid in place")] = None
    new_part_at: Annotated[NewPart, About("end of the old catheter it was joined to")] = NewPart.TIP
    intended: Annotated[Volume | None, About("prime somebody means to give once all is connected")] = None


@dataclass(frozen=True, slots=True)
class LineNow:
    """The line when the pump is connected, and what was primed on the table before.

    ``as_delivered``: with the sterile water that a new pump's tubing is delivered with, where it was primed out only
    to spare a catheter full of drug; else the same as ``line``.
    """

    line: BelievedLine
    as_delivered: BelievedLine
    on_the_table: Volume


def line_now(inputs: PrimeInputs, volumes: LineVolumes) -> LineNow:
    """What tubing and catheter hold in this case. Raises EntryRefused for facts that do not belong to it."""
    _belongs(inputs)
    fluid = as_fluid(fluid_of(inputs.fluid))
    old = as_fluid(fluid_of(inputs.old_fluid, "old_fluid")) if inputs.old_fluid else fluid
    tubing, catheter = volumes.tubing, volumes.catheter
    if inputs.case is PrimeCase.FULL_CATHETER:
        held = BelievedLine.holding(tubing, catheter, old)
        return LineNow(held.with_pump(tubing, fluid), held.with_pump(tubing), tubing)
    if inputs.case is PrimeCase.ON_THE_TABLE:
        line = BelievedLine.implanted(tubing, catheter).with_pump(tubing, fluid)
        return LineNow(line, line, tubing)
    line = _connected(inputs, tubing, catheter, old)
    return LineNow(line, line, _NONE)


def _connected(inputs: PrimeInputs, tubing: Volume, catheter: Volume, old: Fluid) -> BelievedLine:
    drawn = catheter if inputs.aspirated is None else inputs.aspirated
    full = BelievedLine.holding(tubing, catheter, old)
    match inputs.case:
        case PrimeCase.NEW_SYSTEM:
            return BelievedLine.implanted(tubing, catheter)
        case PrimeCase.ASPIRATED_CATHETER:
            return full.with_pump(tubing).aspirated(drawn)
        case PrimeCase.NEW_CATHETER:
            return full.with_catheter(catheter)
        case PrimeCase.REVISED_ASPIRATED:
            return full.revised(catheter).aspirated(drawn)
        case PrimeCase.PORT_ASPIRATED:
            return full.aspirated(drawn)
    return _revised(inputs, full, catheter)


def _revised(inputs: PrimeInputs, full: BelievedLine, catheter: Volume) -> BelievedLine:
    """The line held ``catheter`` less the new part before; where nobody says that, its fluids went nobody knows where.

    What is cut off beforehand does not matter: it was full of the same fluid as the rest.
    """
    new = inputs.new_part
    if new is None:
        return full.revised(catheter)
    if not _NONE < new < catheter:
        raise EntryRefused("new_part", "must be above 0 mL and below the volume of the whole catheter as it is now")
    if inputs.new_part_at is NewPart.TIP:
        return full.spliced(_NONE, _NONE, new, new)
    return full.spliced(new, new, _NONE, _NONE)


def _belongs(inputs: PrimeInputs) -> None:
    for field, told, cases in (
        ("aspirated", inputs.aspirated is not None, _WITH_ASPIRATION),
        ("new_part", inputs.new_part is not None, (PrimeCase.REVISED,)),
        ("old_fluid", bool(inputs.old_fluid), _WITH_OLD_FLUID),
    ):
        if told and inputs.case not in cases:
            raise EntryRefused(field, f"does not belong to {inputs.case.value!r}")
    if inputs.daily_dose is not None and inputs.daily_dose.count == 0:
        raise EntryRefused("daily_dose", "must be more than zero, or left out")
