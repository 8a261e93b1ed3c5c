"""Rules about the reservoir: what it holds, how long it lasts, and when it sounds."""

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
