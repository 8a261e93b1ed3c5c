"""Every rule, in the order its findings stand within one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from thecal.therapy.findings import Finding
from thecal.therapy.plan import Plan
from thecal.therapy.rules import (
    bolus,
    contents,
    escalation,
    facts,
    filling,
    fluids,
    granuloma,
    identity,
    intervals,
    labels,
    limits,
    mri,
    patient,
    repetition,
    residual,
    slips,
    starts,
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
    slips.slip_of_dose,
    slips.slip_of_concentration,
    starts.start_above_range,
    starts.restart_after_gap,
    escalation.too_soon,
    escalation.steps_without_response,
    granuloma.granuloma_watch,
    repetition.repetition,
    patient.precaution,
    fluids.unsupported,
    fluids.off_label,
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
    facts.facts_missing,
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
