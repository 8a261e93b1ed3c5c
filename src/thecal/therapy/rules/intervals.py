"""How long the reservoir lasts, against the clinic's lead, the shortest interval and the interval that is planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from thecal.catalogue.drug_terms import Situation as FillKind
from thecal.catalogue.policy import Policy
from thecal.catalogue.sourced import Sourced
from thecal.quantities import Duration, Instant, Volume
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.plan import Plan
from thecal.therapy.rules.contents import keeps_for
from thecal.therapy.showing import DAY_MS, amount_text, count_text, length_text, ratio_text

_PLANNED = "pending.refill_interval"
_HOURS_PER_DAY = 24


@dataclass(frozen=True, slots=True)
class _Lasts:
    """From the fill to the low-reservoir alarm: with basal only, and with every effective bolus."""

    basal: Duration
    worst: Duration


def days_left(plan: Plan) -> Iterator[Finding]:
    """What is in the reservoir does not reach beyond the refill lead."""
    alarm, policy = plan.projection.worst_case_alarm, plan.standing.policy
    lead = policy.lead_before_alarm
    if not plan.infuses or alarm is None or _until(alarm, plan) >= lead:
        return
    words = "The low-reservoir alarm can come within the refill lead; plan the refill now."
    shown = ("until the alarm, every bolus taken", length_text(_until(alarm, plan))), ("refill lead", length_text(lead))
    source = policy.source_of("lead_before_alarm")
    yield finding("days-left", Verdict.WARN, "reservoir", words, *shown, limit=source, path="current.reservoir")


def refill_interval(plan: Plan) -> Iterator[Finding]:
    """Even a full reservoir would need refilling too often."""
    days, policy = plan.projection.full_reservoir_days, plan.standing.policy
    shortest = policy.shortest_interval
    if not plan.infuses or days is None or days * DAY_MS >= shortest.count:
        return
    words = "A full reservoir would not last as long as a refill interval should; a stronger fluid would do."
    shown = ("full reservoir lasts", count_text(days, "day")), ("shortest interval", length_text(shortest))
    source = policy.source_of("shortest_interval")
    path = plan.written.therapy
    yield finding("refill-interval", Verdict.WARN, "daily volume", words, *shown, limit=source, path=path)


def alarm_level(plan: Plan) -> Iterator[Finding]:
    """The low-reservoir level must leave time, and not sound for half of the therapy."""
    if not plan.infuses:
        return
    policy, level = plan.standing.policy, Volume(plan.translation.program.low_reservoir_nl)
    highest = Volume(int(plan.standing.pump.descriptor.reservoir_nl * policy.highest_alarm_share))
    for wrong, field, limit, words in (
        (level < policy.lowest_alarm_level, "lowest_alarm_level", policy.lowest_alarm_level, "leaves too little time"),
        (level > highest, "highest_alarm_share", highest, "would sound for much of the time between refills"),
    ):
        if wrong:
            shown = ("alarm level", amount_text(level, "mL")), ("limit", amount_text(limit, "mL"))
            sentence = f"The low-reservoir alarm {words}; choose another level."
            source, path = policy.source_of(field), f"{plan.written.therapy}.low_reservoir"
            yield finding("alarm-level", Verdict.WARN, "low reservoir", sentence, *shown, limit=source, path=path)


def interval_inconsistent(plan: Plan) -> Iterator[Finding]:
    """The planned interval and what the reservoir lasts contradict each other, either way."""
    planned, lasts = _planned(plan), _lasts(plan)
    if planned is None or lasts is None:
        return
    policy = plan.standing.policy
    shown = (
        ("until the alarm, basal only", length_text(lasts.basal)),
        ("until the alarm, every bolus taken", length_text(lasts.worst)),
    )
    if planned > lasts.basal:
        ratio = _times(planned, lasts.basal)
        words = f"The reservoir reaches its alarm before the planned refill{_slip(ratio, policy)}; correct one of them."
        yield _inconsistent(Verdict.STOP, words, planned, shown, ratio)
    elif planned > lasts.worst:
        ratio = _times(planned, lasts.worst)
        words = "With every allotted bolus the reservoir reaches its alarm before the planned refill; plan it earlier."
        yield _inconsistent(Verdict.WARN, words, planned, shown, ratio)
    elif _overlong(plan, planned, lasts.worst):
        ratio = _times(lasts.worst, planned)
        words = f"The reservoir lasts far longer than planned{_slip(ratio, policy)}; read dose and concentration again."
        yield _inconsistent(Verdict.STOP, words, planned, shown, ratio, policy.source_of("overlong_factor"))


def interval_of_one_flow(plan: Plan) -> Iterator[Finding]:
    """The same for a pump with one flow for life: no alarm, no bolus, and nobody types its dose."""
    planned, lasts = _planned(plan), _lasts(plan)
    if planned is None or lasts is None:
        return
    shown = (("until it is empty", length_text(lasts.basal)),)
    if planned > lasts.basal:
        words = "The reservoir runs dry before the planned refill, and no alarm tells of it; correct one of them."
        yield _inconsistent(Verdict.STOP, words, planned, shown, _times(planned, lasts.basal))
    elif _overlong(plan, planned, lasts.basal):
        words = "The reservoir lasts far longer than planned; read the planned interval and the volume filled again."
        limit = plan.standing.policy.source_of("overlong_factor")
        yield _inconsistent(Verdict.STOP, words, planned, shown, _times(lasts.basal, planned), limit)


def _inconsistent(
    verdict: Verdict,
    words: str,
    planned: Duration,
    lasts: tuple[tuple[str, str], ...],
    ratio: Fraction | None,
    limit: Sourced | None = None,
) -> Finding:
    times = () if ratio is None else (("ratio", ratio_text(ratio)),)
    shown = (("planned interval", length_text(planned)), *lasts, *times)
    field, rule = "refill interval", "interval-inconsistent"
    return finding(rule, verdict, field, words, *shown, limit=limit, ratio=ratio, path=_PLANNED)


def _planned(plan: Plan) -> Duration | None:
    """The interval the clinician intends; None without one, or while nothing infuses."""
    planned = plan.situation.pending.refill_interval
    return planned if planned is not None and planned.count and plan.infuses else None


def _overlong(plan: Plan, planned: Duration, lasts: Duration) -> bool:
    return lasts.count >= planned.count * plan.standing.policy.overlong_factor and not _short_lived(plan, planned)


def _lasts(plan: Plan) -> _Lasts | None:
    """From this visit's fill; without one from a full reservoir, as intervals are between refills."""
    projection = plan.projection
    if plan.situation.pending.refill is None:
        full = replace(plan.standing, reservoir=Volume(plan.standing.pump.descriptor.reservoir_nl))
        projection = full.projection(plan.translation.program, plan.translation.derived)
    if projection.alarm is None or projection.worst_case_alarm is None:
        return None
    return _Lasts(_until(projection.alarm, plan), _until(projection.worst_case_alarm, plan))


def _short_lived(plan: Plan, planned: Duration) -> bool:
    """Whether this one fill keeps for less time than later ones will, and the planned interval follows from that.

    What every fill of a drug keeps explains no such interval: it would hide a rate per hour taken for one per day.
    """
    keeps, later = keeps_for(plan), keeps_for(plan, FillKind.LATER)
    if keeps is None or later is None or keeps.amount >= later.amount:
        return False
    return keeps.amount.count < planned.count * plan.standing.policy.overlong_factor


def _until(moment: Instant, plan: Plan) -> Duration:
    return moment.since(plan.standing.now)


def _times(longer: Duration, shorter: Duration) -> Fraction | None:
    """How many times as long; None for no time at all."""
    return Fraction(longer.count, shorter.count) if shorter.count else None


def _slip(ratio: Fraction | None, policy: Policy) -> str:
    """What a contradiction of about a day's hours looks like."""
    if ratio is not None and _HOURS_PER_DAY <= ratio * policy.slip_band <= _HOURS_PER_DAY * policy.slip_band**2:
        return ", as if a rate per hour and a rate per day had been exchanged"
    return ""
