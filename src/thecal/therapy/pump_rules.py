"""Rules about reservoir, patient bolus and what the pump can really give."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.quantities import Duration, Volume
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.plan import Plan
from thecal.therapy.showing import DAY_MS, amount_text, length_text


def fluid(plan: Plan) -> Iterator[Finding]:
    """The program must be written for the fluid the reservoir was told to hold."""
    wanted = tuple((each.drug, each.concentration.count) for each in plan.prescription.components)
    held = tuple((each.drug, each.concentration_ng_per_ml) for each in plan.standing.fluid)
    if wanted != held:
        words = "The reservoir holds another fluid; record the refill first, then program."
        yield refusal("fluid-differs", "fluid", words)


def bolus_allowed(plan: Plan) -> Iterator[Finding]:
    """Some drugs are not given on a patient's request."""
    if plan.prescription.patient_bolus is None:
        return
    for step in plan.steps:
        if step.concentration is not None and not step.drug.patient_bolus_allowed:
            words = f"{step.drug.display} is not given as a patient bolus; prescribe it without."
            yield refusal("bolus-not-allowed", "patient bolus", words)


def effective_boluses(plan: Plan) -> Iterator[Finding]:
    """More boluses allotted than lockout and volume limit leave room for."""
    bolus, effective = plan.prescription.patient_bolus, plan.translation.derived.effective_boluses
    if bolus is None or effective is None or effective >= bolus.maximum_per_24h:
        return
    words = f"Of {bolus.maximum_per_24h} boluses in 24 h only {effective} are possible; acknowledge that number."
    shown = ("allotted", str(bolus.maximum_per_24h)), ("effective", str(effective))
    yield finding(
        "effective-boluses", Verdict.WARN, "boluses per 24 h", words, *shown, ("lockout", length_text(bolus.lockout))
    )


def days_left(plan: Plan) -> Iterator[Finding]:
    """What is in the reservoir now does not reach beyond the refill lead."""
    alarm = plan.projection.worst_case_alarm
    lead = plan.standing.policy.lead_before_alarm
    if not plan.infuses or alarm is None or alarm.epoch_ms - plan.standing.now.epoch_ms >= lead.count:
        return
    left = Duration(alarm.epoch_ms - plan.standing.now.epoch_ms)
    words = "The low-reservoir alarm can come within the refill lead; plan the refill now."
    shown = ("until the alarm, every bolus taken", length_text(left)), ("refill lead", length_text(lead))
    source = plan.standing.policy.source_of("lead_before_alarm")
    yield finding("days-left", Verdict.WARN, "reservoir", words, *shown, limit=source)


def refill_interval(plan: Plan) -> Iterator[Finding]:
    """Even a full reservoir would need refilling too often."""
    days = plan.projection.full_reservoir_days
    shortest = plan.standing.policy.shortest_interval
    if not plan.infuses or days is None or days * DAY_MS >= shortest.count:
        return
    words = "A full reservoir would not last as long as a refill interval should; a stronger fluid would do."
    shown = ("full reservoir lasts", f"{days} days"), ("shortest interval", length_text(shortest))
    source = plan.standing.policy.source_of("shortest_interval")
    yield finding("refill-interval", Verdict.WARN, "daily volume", words, *shown, limit=source)


def alarm_level(plan: Plan) -> Iterator[Finding]:
    """The low-reservoir level must leave time, and not sound for half of the therapy."""
    if not plan.infuses:
        return
    policy, level = plan.standing.policy, Volume(plan.translation.program.low_reservoir_nl)
    capacity = plan.standing.pump.descriptor.reservoir_nl
    highest = Volume(int(capacity * policy.highest_alarm_share))
    for wrong, field, limit, words in (
        (level < policy.lowest_alarm_level, "lowest_alarm_level", policy.lowest_alarm_level, "leaves too little time"),
        (level > highest, "highest_alarm_share", highest, "would sound for much of the time between refills"),
    ):
        if wrong:
            shown = ("alarm level", amount_text(level, "mL")), ("limit", amount_text(limit, "mL"))
            sentence = f"The low-reservoir alarm {words}; choose another level."
            source = policy.source_of(field)
            yield finding("alarm-level", Verdict.WARN, "low reservoir", sentence, *shown, limit=source)


def residual(plan: Plan) -> Iterator[Finding]:
    """The pump's counts cannot give exactly what was typed."""
    if not plan.infuses:
        return
    step, left = plan.steps[0], plan.translation.residual
    unit = step.drug.dose_unit
    if left.daily[0].count:
        programmed, achievable = plan.translation.programmed.daily[0], plan.translation.achievable.daily[0]
        words = "The pump gives a little less than was typed."
        shown = (
            ("programmed", amount_text(programmed, f"{unit}/day")),
            (
                "achievable",
                amount_text(achievable, f"{unit}/day"),
            ),
        )
        yield finding("residual-daily", Verdict.INFO, "daily dose", words, *shown)
    if left.bolus and left.bolus[0].count:
        words = "A bolus is whole strokes of the pump and a little less than was typed."
        given = ("achievable", amount_text(plan.translation.achievable.bolus[0], unit))
        asked = ("programmed", amount_text(plan.translation.programmed.bolus[0], unit))
        yield finding("residual-bolus", Verdict.INFO, "bolus dose", words, asked, given)
