"""Every rule, in the order its findings stand within one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from thecal.therapy.findings import Finding
from thecal.therapy.plan import Dosing, Plan
from thecal.therapy.rules import (
    battery,
    bolus,
    bridges,
    contents,
    escalation,
    facts,
    fluids,
    granuloma,
    identity,
    intervals,
    labels,
    limits,
    line_volumes,
    mri,
    pairings,
    patient,
    priming,
    recording,
    repetition,
    residual,
    returns,
    slips,
    starts,
    steps,
)
from thecal.therapy.situation import Situation

# Rules about what is prescribed: they speak whether or not the pump can run it, and of a pump nobody can program.
DOSE_RULES: tuple[Callable[[Dosing], Iterator[Finding]], ...] = (
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
    starts.restart_gap_unknown,
    escalation.too_soon,
    escalation.steps_without_response,
    granuloma.granuloma_watch,
    repetition.repetition,
    patient.precaution,
    fluids.unsupported,
    fluids.off_label,
    fluids.mixture,
    bolus.bolus_allowed,
    contents.fluid,
    contents.stability,
    facts.facts_missing,
)
# Rules about the program it becomes: its counts, what it meets in the line, how long the reservoir lasts.
PROGRAM_RULES: tuple[Callable[[Plan], Iterator[Finding]], ...] = (
    bolus.bolus_share,
    bolus.effective_boluses,
    residual.residual,
    bridges.bridge_missing,
    bridges.bridge_wrong,
    bridges.bridge_long,
    bridges.fluid_change,
    contents.ends_first,
    intervals.interval_inconsistent,
    intervals.days_left,
    intervals.refill_interval,
    intervals.alarm_level,
)
PLAN_RULES: tuple[Callable[[Plan], Iterator[Finding]], ...] = (*DOSE_RULES, *PROGRAM_RULES)
SITUATION_RULES: tuple[Callable[[Situation], Iterator[Finding]], ...] = (
    identity.wrong_pump,
    *recording.REFILL_RULES,
    labels.label_differs,
    returns.drift,
    line_volumes.line_outdated,
    line_volumes.tubing_version,
    priming.prime_line_unknown,
    priming.prime_into_drug,
    bridges.bolus_during_bridge,
    pairings.catheter_fits,
    pairings.drug_fits,
    battery.replacement,
    mri.mri,
    mri.field_too_strong,
)
