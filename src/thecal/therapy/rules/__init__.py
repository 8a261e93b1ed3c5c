"""Every rule, in the order its findings stand within one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from thecal.therapy import dose_rules, pump_rules
from thecal.therapy.findings import Finding
from thecal.therapy.plan import Plan
from thecal.therapy.situation import Situation

PLAN_RULES: tuple[Callable[[Plan], Iterator[Finding]], ...] = (
    dose_rules.concentration,
    dose_rules.daily_dose,
    dose_rules.dose_step,
    dose_rules.repetition,
    dose_rules.abrupt_stop,
    dose_rules.mixture,
    pump_rules.fluid,
    pump_rules.bolus_allowed,
    pump_rules.effective_boluses,
    pump_rules.days_left,
    pump_rules.refill_interval,
    pump_rules.alarm_level,
    pump_rules.residual,
)
SITUATION_RULES: tuple[Callable[[Situation], Iterator[Finding]], ...] = ()
