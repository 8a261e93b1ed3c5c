"""Every rule, in the order its findings stand within one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from thecal.therapy.findings import Finding
from thecal.therapy.plan import Plan
from thecal.therapy.rules import (
    bolus,
    contents,
    filling,
    fluids,
    identity,
    intervals,
    labels,
    limits,
    mri,
    repetition,
    residual,
    steps,
)
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
    contents.fluid,
    contents.stability,
    intervals.interval_inconsistent,
    intervals.days_left,
    intervals.refill_interval,
    intervals.alarm_level,
)
SITUATION_RULES: tuple[Callable[[Situation], Iterator[Finding]], ...] = (
    identity.wrong_pump,
    filling.fill_too_large,
    filling.fill_inconsistent,
    labels.drugs_known,
    labels.label_differs,
    labels.concentration_step,
    labels.assay_outside,
    mri.mri,
)
