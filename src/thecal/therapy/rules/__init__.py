"""Every rule, in the order its findings stand within one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from thecal.therapy import pump_rules
from thecal.therapy.findings import Finding
from thecal.therapy.plan import Plan
from thecal.therapy.rules import bolus, fluids, limits, repetition, residual, steps
from thecal.therapy.situation import Situation

PLAN_RULES: tuple[Callable[[Plan], Iterator[Finding]], ...] = (
    limits.concentration,
    limits.weakest_concentration,
    limits.daily_dose,
    steps.first,
    steps.step_up,
    steps.step_soft,
    steps.step_down,
    steps.abrupt_stop,
    repetition.repetition,
    fluids.mixture,
    bolus.bolus_allowed,
    bolus.bolus_share,
    bolus.effective_boluses,
    residual.residual,
    pump_rules.fluid,
    pump_rules.days_left,
    pump_rules.refill_interval,
    pump_rules.alarm_level,
)
SITUATION_RULES: tuple[Callable[[Situation], Iterator[Finding]], ...] = ()
