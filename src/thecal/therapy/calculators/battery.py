"""By when a pump is replaced: from the flows since it was implanted, or from its own warning once that has sounded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from thecal.catalogue.policy import Policy, policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.documents import About
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Instant
from thecal.therapy.arithmetic import rate_to_fit
from thecal.therapy.calculation import Calculation, Calculator, Line, SourceLine, cited, given
from thecal.therapy.calculators.on_paper import programmable
from thecal.therapy.entry import EntryRefused
from thecal.therapy.replacement import FlowSince, battery_life, replace_by, used_until
from thecal.therapy.replacement_findings import due_findings, shown_findings


@dataclass(frozen=True, slots=True)
class DoseSince:
    """The dose from a moment until the next one named, and the fluid it came from; the last one is taken to go on."""

    since: Annotated[Instant, About("from when")]
    daily_dose: Annotated[DoseRate, About("24-hour dose of the primary drug, boluses counted")]
    concentration: Annotated[Concentration, About("primary drug per fluid at that time")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryInputs:
    """One pump: what flowed since it was implanted, what is planned, and what it has said itself."""

    pump: Annotated[str, About("programmable pump model of the catalogue")]
    flows: Annotated[tuple[FlowSince, ...], About("mean flows since implantation, oldest first")] = ()
    doses: Annotated[tuple[DoseSince, ...], About("doses since implantation, oldest first, instead of flows")] = ()
    now: Annotated[Instant, About("the moment of asking")]
    planned_flow: Annotated[FlowRate | None, About("mean flow from now on; as it is now if left out")] = None
    warned: Annotated[Instant | None, About("when the elective replacement indicator sounded")] = None
    shown: Annotated[Instant | None, About("replacement date as a programmer or a report shows it")] = None


@dataclass(frozen=True, slots=True)
class Battery:
    """``used`` is the share of the battery used until now; ``life``: a whole battery at the flow from now on."""

    replace_by: Instant
    warning: Instant
    warning_sounded: bool
    used: Fraction
    life: Duration


def battery(inputs: BatteryInputs) -> Calculation[Battery]:
    """When the pump is to be replaced, when its warning is expected, and how much of the battery is used.

    Raises EntryRefused for an unknown or a constant-flow pump, and for flows out of order.
    """
    model, figures = programmable(inputs.pump), policy()
    flows = _flows(inputs)
    found = replace_by(model.longevity, model.battery_warning.amount, flows, inputs.warned)
    answer = Battery(
        replace_by=found.replace_by,
        warning=found.warning,
        warning_sounded=found.sounded,
        used=used_until(model.longevity, flows, inputs.now),
        life=Duration(int(battery_life(model.longevity, flows[-1].flow))),
    )
    return Calculation(
        kind="battery",
        answer=answer,
        inputs=given(inputs),
        outputs=_lines(answer),
        formula=_FORMULA,
        sources=_sources(model, figures),
        assumptions=_ASSUMED,
        findings=(*due_findings(found, inputs.now, figures), *shown_findings(found, inputs.shown, figures)),
    )


def _flows(inputs: BatteryInputs) -> tuple[FlowSince, ...]:
    told = inputs.flows or tuple(_flow_of(at, each) for at, each in enumerate(inputs.doses))
    if not told:
        raise EntryRefused("flows", "name at least the mean flow since implantation, or the doses and their fluids")
    if inputs.flows and inputs.doses:
        raise EntryRefused("doses", "flows are given too; give one of them, the other follows")
    if any(following.since < each.since for each, following in pairwise(told)):
        raise EntryRefused("flows" if inputs.flows else "doses", "write them oldest first")
    if inputs.now < told[-1].since:
        raise EntryRefused("now", "is before the last flow begins; give the moment of asking")
    if inputs.warned is not None and inputs.now < inputs.warned:
        raise EntryRefused("warned", "is after the moment of asking; give when the warning has sounded")
    if inputs.planned_flow is None:
        return told
    return (*told, FlowSince(inputs.now, inputs.planned_flow))


def _flow_of(at: int, each: DoseSince) -> FlowSince:
    """The flow that gives this dose, rounded up: it is held against the battery."""
    if each.concentration.count == 0:
        raise EntryRefused(f"doses[{at}].concentration", "must be more than zero")
    return FlowSince(each.since, rate_to_fit(each.daily_dose, each.concentration))


_FORMULA = (
    "flow of a dose = dose / concentration, rounded up",
    "life at a flow: in a straight line between the points of the curve, never longer at more flow",
    "used = sum of (time at each flow / life at that flow); replace by = when used reaches 1",
    "warning expected = replace by - time from warning to end; once it has sounded, replace by = warning + that time",
)
_ASSUMED = (
    "The curve ends with the service of the pump; the time from its warning to there is the shortest by design.",
    "Above the fastest flow of the curve life falls in inverse proportion to flow: a lower bound.",
    "A month is a twelfth of 365.25 days; a battery without fault; the date does not depend on when it is asked.",
)


def _lines(answer: Battery) -> tuple[Line, ...]:
    return (
        Line("replace_by", "replace by", answer.replace_by),
        Line("warning", "warning sounded" if answer.warning_sounded else "warning expected", answer.warning),
        Line("used", "share of the battery used until now", answer.used),
        Line("life", "a whole battery at the flow from now on", answer.life, "day"),
    )


def _sources(model: ProgrammablePump, figures: Policy) -> tuple[SourceLine, ...]:
    points = (cited(f"{model.name}: life at {each.flow}", each.months.origin) for each in model.longevity)
    return (
        *points,
        cited(f"{model.name}: from warning to end of service", model.battery_warning.origin),
        cited("how far a shown date may differ", figures.source_of("replacement_tolerance")),
        SourceLine("one derived date, never later at more flow", "recall Z-1338-2012, 12 March 2012", "verified"),
    )


CALCULATOR = Calculator("battery", "Battery and replacement date of a pump", BatteryInputs, battery)
