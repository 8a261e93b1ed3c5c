"""The discrepancy calculator's lines, warnings and sources."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.catalogue.returned_volumes import Came, Effect
from thecal.quantities import Volume
from thecal.therapy.calculation import Line, SourceLine, cited
from thecal.therapy.calculators.discrepancy.records import Discrepancy, DiscrepancyInputs
from thecal.therapy.constant_flow import Flag
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.showing import amount_text, ratio_text, share_text

_FLAG_WORDS = {
    Flag.REPEAT: "The flow differs from its label: ask for fever, heat and travel, read the syringe again.",
    Flag.INVESTIGATE: "The flow is far off, or off for the second time: investigate pump, restrictor and catheter.",
}


def lines_of(answer: Discrepancy) -> tuple[Line, ...]:
    """The numbers first, then causes by kind with what to do next, then failures, most fitting first."""
    error = None if answer.error is None else answer.error * 100
    found = [
        Line("expected", "expected in the reservoir", answer.expected, "mL"),
        Line("difference", "difference from what was drawn out", answer.difference, "mL"),
        Line("class", "what came out", answer.came.value),
        Line("tolerance", "tolerance for this reservoir", answer.tolerance.amount, "mL"),
        Line("ratio", "delivered to supposed", answer.ratio),
        Line("error", "error of delivery", error, "%"),
    ]
    if answer.flag is not None:
        found.append(Line("flow", "measured flow", answer.flow, "mL/day"))
        found.append(Line("flag", "what the flow asks for", answer.flag.value))
    if answer.place is not None:
        found.append(Line("place", "injected against drawn back", answer.place, "mL"))
    for number, cause in enumerate(answer.causes, start=1):
        found.append(Line(f"cause.{number}", f"possible cause ({cause.kind.value})", cause.statement.text))
        found.append(Line(f"cause.{number}.then", "what to do next", cause.then))
    for number, each in enumerate(answer.failures, start=1):
        fits = "; ".join(f"fits: {what}" for what in each.agrees)
        against = "".join(f"; not so: {what}" for what in each.not_so)
        found.append(Line(f"failure.{number}", each.failure.statement.text, f"{fits}{against}"))
    return tuple(found)


def findings_of(inputs: DiscrepancyInputs, answer: Discrepancy, figures: Policy) -> Iterator[Finding]:
    """Difference, place of the needle, a reservoir that ran dry, the ratio, and an effect the volume cannot explain."""
    yield from _volume(inputs, answer)
    yield from _place(inputs, answer)
    if answer.about_nothing:
        yield _ran_dry(inputs, figures)
    yield from _ratio(answer)
    yield from _effect(inputs, answer)


def _volume(inputs: DiscrepancyInputs, answer: Discrepancy) -> Iterator[Finding]:
    if answer.came is Came.AS_EXPECTED:
        return
    words = f"The volume drawn out is {answer.came.value}; go through the causes, each asks for something else."
    limit, shown = answer.tolerance.origin, _shown(inputs, answer)
    yield finding("volume-differs", Verdict.WARN, "withdrawn volume", words, *shown, limit=limit)


def _shown(inputs: DiscrepancyInputs, answer: Discrepancy) -> tuple[tuple[str, str], ...]:
    return (
        ("expected", _ml(answer.expected)),
        ("withdrawn", _ml(inputs.withdrawn)),
        ("tolerance", _ml(answer.tolerance.amount)),
    )


def _place(inputs: DiscrepancyInputs, answer: Discrepancy) -> Iterator[Finding]:
    if answer.place is None:
        if answer.came is Came.LESS:
            words = (
                "Less came out than expected and nothing was drawn back to prove the place; prove it before filling."
            )
            yield finding("place-unproven", Verdict.STOP, "place of the needle", words, *_shown(inputs, answer))
    elif answer.place > answer.tolerance.amount:
        words = "What was drawn back is not what was injected: the needle may lie beside the reservoir; do not fill."
        shown = ("apart", _ml(answer.place)), ("tolerance", _ml(answer.tolerance.amount))
        yield finding("place-unproven", Verdict.STOP, "place of the needle", words, *shown)


def _ran_dry(inputs: DiscrepancyInputs, figures: Policy) -> Finding:
    words = "About nothing came out: the reservoir may have run dry. Restart as for a patient not used to the drug."
    if inputs.alarm is not None and inputs.now is not None and inputs.now >= inputs.alarm:
        words = (
            "About nothing came out and the alarm date is past: there has been a drug-free interval. "
            "Restart as for a patient not used to the drug."
        )
    shown = ("withdrawn", _ml(inputs.withdrawn)), ("counts as nothing", _ml(figures.about_empty))
    limit = figures.source_of("about_empty")
    return finding("drug-free-interval", Verdict.STOP, "withdrawn volume", words, *shown, limit=limit)


def _ratio(answer: Discrepancy) -> Iterator[Finding]:
    """Within what syringes can be misread a ratio is only followed: it says nothing after a short interval."""
    if answer.ratio is None or not answer.outside_accuracy:
        return
    words = (
        "The delivered ratio is outside the label accuracy; compare with earlier refills, and report it if it stays."
    )
    if answer.flag is not None:
        words = _FLAG_WORDS[answer.flag]
    shown = ("delivered to supposed", ratio_text(answer.ratio)), ("accepted", share_text(answer.accuracy.amount))
    verdict = Verdict.INFO if answer.came is Came.AS_EXPECTED else Verdict.WARN
    yield finding("delivered-ratio", verdict, "withdrawn volume", words, *shown, limit=answer.accuracy.origin)


def _effect(inputs: DiscrepancyInputs, answer: Discrepancy) -> Iterator[Finding]:
    """A volume as expected does not explain what the patient feels."""
    if answer.came is not Came.AS_EXPECTED:
        return
    if inputs.effect is Effect.TOO_LITTLE:
        words = "The volume is as expected and the effect is lost: look at catheter, drug and disease, not at the pump."
        yield finding("effect-unexplained", Verdict.WARN, "effect", words)
    elif inputs.effect is Effect.TOO_MUCH:
        words = "The volume is as expected and the effect too strong: check concentration, dose and other medicines."
        yield finding("effect-unexplained", Verdict.WARN, "effect", words)
    elif inputs.effect is Effect.NEW_SIGN:
        words = "A new neurological sign: image the catheter tip for an inflammatory mass before any further dose step."
        yield finding("granuloma-watch", Verdict.WARN, "effect", words)


def sources_of(model: Pump, answer: Discrepancy, figures: Policy) -> tuple[SourceLine, ...]:
    """Tolerance, accuracy, and who says what of each cause and failure shown."""
    found = [
        cited("tolerance by reservoir size", answer.tolerance.origin),
        cited("accepted ratio", answer.accuracy.origin),
        cited("counts as nothing", figures.source_of("about_empty")),
        SourceLine("delivered ratio", "TGA RC-2014-RN-00357-1; Wesemann 2014, PMC4218763", "verified"),
    ]
    if isinstance(model, ConstantFlowPump):
        found.append(cited(f"{model.name}: label flow", model.source_of("label_flow")))
        found.append(cited("when to investigate at once", figures.source_of("constant_flow_investigate")))
    said = [cause.statement for cause in answer.causes] + [each.failure.statement for each in answer.failures]
    return (*found, *(SourceLine(each.text, each.source, each.confidence.value) for each in said))


def _ml(volume: Volume) -> str:
    return amount_text(volume, "mL")
