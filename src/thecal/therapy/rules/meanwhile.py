"""What the patient gets until the new fluid arrives when its flow is set at once, drug by drug."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.drugs import Drug
from thecal.quantities import DoseRate, Duration, Volume
from thecal.therapy.arithmetic import rate_for_dose
from thecal.therapy.bridging import without_bridge
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.mixing import as_fluid
from thecal.therapy.plan import Plan
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.rules.known import known_drug
from thecal.therapy.rules.line_before import Crossing
from thecal.therapy.rules.named import concentration_text, dose_text
from thecal.therapy.showing import length_text, ratio_text
from thecal.therapy.situation import Situation
from thecal.therapy.tip import Leg


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """One drug of the line at the new flow. ``before`` 0: the last program did not give it. ``lasts`` None: unknown."""

    drug: Drug
    most: DoseRate
    before: DoseRate
    lasts: Duration | None

    @property
    def ratio(self) -> Fraction | None:
        """How many times the dose before; None where there was none."""
        return Fraction(self.most.count, self.before.count) if self.before.count else None

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """The numbers, as labels and texts."""
        name, ratio = self.drug.display, self.ratio
        shown = [(f"{name} meanwhile", dose_text(self.most, self.drug))]
        if self.lasts is not None:
            shown.append(("for", length_text(self.lasts)))
        if ratio is not None:
            shown += [(f"{name} before", dose_text(self.before, self.drug)), ("ratio", ratio_text(ratio))]
        return tuple(shown)


def meanwhile(plan: Plan, met: Crossing) -> tuple[Meanwhile, ...]:
    """Every drug that the old fluid brings, its primary drug first; where the line is unknown, of what ran last."""
    new, known_line = as_fluid(met.new), met.line is not None and met.line.known
    legs = () if met.line is None else without_bridge(met.change(met.line))
    fluids = [leg.fluid for leg in legs if leg.known and leg.fluid != new]
    if not known_line:
        fluids.append(as_fluid(met.old))
    lasts = Duration(sum(leg.lasts.count for leg in legs)) if known_line else None
    rate = rate_for_dose(met.dose_after, met.new[0].concentration)
    before = {step.drug.key: step.old_daily for step in plan.steps}
    keys = dict.fromkeys([*(each.drug for each in met.old), *(key for fluid in fluids for key, _ in fluid.drugs)])
    found = []
    for key in keys:
        drug = known_drug(key, plan.situation)
        if drug is not None:
            most = max(Leg(Volume(0), fluid, rate).dose(key) for fluid in fluids)
            found.append(Meanwhile(drug, most, before.get(key, DoseRate(0)), lasts))
    return tuple(found)


def ceiling_passed(each: Meanwhile) -> Iterator[Finding]:
    """More than the built-in ceiling is refused, whatever the reason against a bridge."""
    ceiling = each.drug.daily_dose.hard
    if ceiling is None or each.most <= ceiling.amount:
        return
    words = (
        f"Without a bridge the line gives more {each.drug.display} than the built-in ceiling until the new fluid "
        "arrives; program a bridge, or aspirate the line and prime."
    )
    shown = *each.shown, ("built-in ceiling", dose_text(ceiling.amount, each.drug))
    yield refusal("fluid-change", _field(each), words, *shown, limit=ceiling.origin, path="pending.bridge")


def step_passed(each: Meanwhile, path: str) -> Iterator[Finding]:
    """A large step from the dose before is confirmed apart, with its ratio, as if it were prescribed."""
    ratio = each.ratio
    if ratio is None or ratio <= each.drug.step_ratio:
        return
    words = (
        f"Without a bridge the line gives {ratio_text(ratio)} the previous dose of {each.drug.display} until the new "
        "fluid arrives; program a bridge, or confirm the ratio separately."
    )
    limit = each.drug.source_of("step_ratio")
    yield finding("fluid-change", Verdict.STOP, _field(each), words, *each.shown, limit=limit, ratio=ratio, path=path)


def fluid_text(fluid: tuple[FluidComponent, ...], situation: Situation) -> str:
    """Every drug by its name and in its own unit."""
    return ", ".join(_component_text(each, known_drug(each.drug, situation)) for each in fluid)


def _component_text(component: FluidComponent, drug: Drug | None) -> str:
    if drug is None:
        return f"{component.drug} {component.concentration}"
    return f"{drug.display} {concentration_text(component.concentration, drug)}"


def _field(each: Meanwhile) -> str:
    return f"dose of {each.drug.display} without a bridge"
