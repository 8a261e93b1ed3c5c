"""When a programmable pump is refilled: expected and worst-case date, what limits each, and what would come next."""

from __future__ import annotations

from thecal.catalogue.policy import Policy, policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import FlowRate, Volume
from thecal.therapy.calculation import Calculation, Calculator, given
from thecal.therapy.calculators.on_paper import prescribed, programmable
from thecal.therapy.calculators.refill.records import RefillDates, RefillInputs
from thecal.therapy.calculators.refill.shown import NO_LINES, findings_of, lines_of, sources_of
from thecal.therapy.due import Bound, Limit, as_given, by_policy, by_stability, due
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, refusal
from thecal.therapy.models import in_hand
from thecal.therapy.projection import (
    NO_MORE,
    Fill,
    allotted_boluses,
    daily_boluses,
    dry_before_alarm,
    project,
    reaches,
)
from thecal.therapy.replacement import FlowSince, replace_by
from thecal.therapy.showing import amount_text
from thecal.therapy.translation import CannotTranslate, Translation, translate
from thecal.therapy.volume_limits import DayOfFlow, by_volume

NOTHING = Volume(0)


def refill(inputs: RefillInputs) -> Calculation[RefillDates | None]:
    """When the refill is due, as the earliest of volume, stability, label, clinic and replacement.

    No answer where the pump cannot hold the fill or run the therapy; a REFUSE says why. Raises CatalogueError for
    unknown names; EntryRefused for a constant-flow pump, for a therapy that contradicts itself and for a pump
    implanted after its fill.
    """
    model = programmable(inputs.pump)
    own = ("lead_before_alarm", inputs.lead), ("longest_interval", inputs.longest_interval)
    figures = as_given(policy(), own)
    answer, findings = None, _too_much(inputs, model)
    if not findings:
        translated = translate(prescribed(inputs.therapy, inputs.fluid), in_hand(model))
        if isinstance(translated, CannotTranslate):
            findings = translated.findings
        else:
            answer = _dates(inputs, model, translated, figures)
            findings = tuple(findings_of(inputs, model, answer, figures))
    return Calculation(
        kind="refill",
        answer=answer,
        inputs=given(inputs),
        outputs=NO_LINES if answer is None else lines_of(answer),
        formula=_FORMULA,
        sources=sources_of(model, figures, answer),
        assumptions=_ASSUMED,
        findings=findings,
    )


def _too_much(inputs: RefillInputs, model: ProgrammablePump) -> tuple[Finding, ...]:
    if inputs.filled <= model.capacity:
        return ()
    shown = ("filled", amount_text(inputs.filled, "mL")), ("reservoir", amount_text(model.capacity, "mL"))
    words = "The fill is larger than the reservoir; measure again."
    return (refusal("fill-too-large", "filled volume", words, *shown, path="filled"),)


def _dates(inputs: RefillInputs, model: ProgrammablePump, translated: Translation, figures: Policy) -> RefillDates:
    derived, at = translated.derived, inputs.filled_at
    level = Volume(translated.program.low_reservoir_nl)
    fill = Fill(inputs.filled, model.capacity, level, model.residual, at, inputs.clock_offset_min)
    lead, more = figures.lead_before_alarm, model.accuracy.amount
    bolus = inputs.therapy.patient_bolus
    allotted = 0 if bolus is None else allotted_boluses(derived, bolus.maximum_per_24h)
    boluses, profile = daily_boluses(derived), derived.profile
    day = DayOfFlow(profile, boluses, allotted)
    keeps = by_stability((each.drug for each in inputs.fluid), inputs.kind, at)
    replaced = _replacement(inputs, model, FlowRate(derived.greatest_24h_volume.count))
    always = (*by_policy(at, figures), *(each for each in (keeps, replaced) if each is not None))
    return RefillDates(
        expected=due((*by_volume(model, day, fill, figures, NO_MORE), *always)),
        worst=due((*by_volume(model, day, fill, figures, more), *always)),
        projection=project(profile, boluses, fill, lead.count),
        worst_alarm_level=reaches(profile, boluses, fill, level, more),
        worst_empty=reaches(profile, boluses, fill, model.residual, more),
        dry_before_alarm=dry_before_alarm(inputs.filled, level, NOTHING),
        empty_before_alarm=dry_before_alarm(inputs.filled, level, model.residual),
    )


def _replacement(inputs: RefillInputs, model: ProgrammablePump, flow: FlowRate) -> Limit | None:
    if inputs.implanted is None and inputs.warned is None:
        return None
    if inputs.implanted is not None and inputs.implanted > inputs.filled_at:
        raise EntryRefused("implanted", "is after the fill; give when the pump was implanted")
    since = inputs.implanted or inputs.filled_at  # without it the warning alone counts, and the flows do not
    flows = (FlowSince(since, inputs.flow_since_implant or flow), FlowSince(inputs.filled_at, flow))
    found = replace_by(model.longevity, model.battery_warning.amount, flows, inputs.warned)
    origin = model.battery_warning.origin if found.sounded else model.longevity[0].months.origin
    return Limit(Bound.REPLACEMENT, max(found.replace_by, inputs.filled_at), origin)


_FORMULA = (
    "expected: earliest of (alarm with every effective bolus - lead), stability, label, longest interval, replacement",
    "worst: the same with a pump that gives its label accuracy more than it counts: volume / (1 + accuracy)",
    "empty, or dry, before the alarm above (filled - left) / (filled - alarm level) - 1, left = residual, or 0",
    "patient programmer of a valve-gated pump: when its level is reached, every allotted bolus taken",
)
_ASSUMED = (
    "Every effective bolus is taken, each day's at the start of the day; a patient programmer counts every allotted.",
    "The pump subtracts what it counts and does not measure; what is really left can differ by the label accuracy.",
    "Without a mean flow since implantation the flow planned now is taken to have run since then.",
    "The alarm is not the plan: a patient may not hear it.",
)
CALCULATOR = Calculator("refill", "Refill dates: expected, worst case, and what limits them", RefillInputs, refill)
