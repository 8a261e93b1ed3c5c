"""The constant-flow calculator's lines, warnings and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from thecal.catalogue.circumstances import circumstances
from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ConstantFlowPump, Propellant
from thecal.catalogue.sourced import Sourced
from thecal.therapy.calculation import Line, SourceLine, cited
from thecal.therapy.calculators.constant_flow.records import Change, ConstantFlow, ConstantFlowInputs, Under
from thecal.therapy.calculators.on_paper import concentration_unit, daily_unit
from thecal.therapy.constant_flow import Flag
from thecal.therapy.due import Bound
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.showing import amount_text, date_text, length_text, ratio_text, share_text

RESTRICTOR_CAUTION_FOR = "morphine"
_FLAG_WORDS = {
    Flag.REPEAT: "The last flow differs from the label: ask for fever, heat and travel, and read the syringe again.",
    Flag.INVESTIGATE: "The last flow is far from the label, or off for the second time: investigate pump and catheter.",
}


def lines_of(inputs: ConstantFlowInputs, answer: ConstantFlow) -> tuple[Line, ...]:
    """Flow, doses, the new fluid, what is feasible, the dates, and every circumstance."""
    known = drug(inputs.fluid[0].drug)
    return (
        *_flow_lines(answer),
        *_dose_lines(inputs, answer, known),
        *_date_lines(answer),
        *_under_lines(answer, known),
    )


def _flow_lines(answer: ConstantFlow) -> Iterator[Line]:
    for number, each in enumerate(answer.measured, start=1):
        yield Line(f"measured.{number}", f"flow of interval {number}", each.flow, "mL/day")
        yield Line(f"measured.{number}.ratio", f"flow of interval {number} to label", each.ratio)
        yield Line(f"measured.{number}.asks", f"what interval {number} asks for", each.asks.value)
    yield Line("flow", "working flow", answer.flow, "mL/day")
    yield Line("most_flow", "most it may flow until the refill", answer.most_flow, "mL/day")


def _dose_lines(inputs: ConstantFlowInputs, answer: ConstantFlow, known: Drug) -> Iterator[Line]:
    for each, dose in zip(inputs.fluid, answer.doses, strict=True):
        named = drug(each.drug)
        yield Line(f"dose.{each.drug}", f"{named.display}, fluid it held", dose, daily_unit(named))
    if inputs.daily_dose is not None:
        yield from _change_lines(answer.change, known)
    if answer.lowest is not None:
        yield Line("lowest", "lowest dose that keeps its strength", answer.lowest, daily_unit(known))
    for highest in answer.highest:
        whose = "stock" if highest.authority is None else highest.authority.value
        yield Line(f"highest.{whose}", f"highest dose, strength by {whose}", highest.dose, daily_unit(known))


def _change_lines(change: Change | None, known: Drug) -> Iterator[Line]:
    strength = concentration_unit(known)
    labels = (
        ("concentration", "concentration for the wanted dose", strength),
        ("gives", "24-hour dose it gives", daily_unit(known)),
        ("inject", "concentration to inject, for what is still inside", strength),
        ("prepared", "volume to prepare, with what fills the set", "mL"),
        ("stock_volume", "stock in it", "mL"),
        ("saline", "saline without preservative in it", "mL"),
    )
    found = (None,) * len(labels) if change is None else tuple(getattr(change, each.name) for each in fields(change))
    for (key, label, unit), value in zip(labels, found, strict=True):
        yield Line(key, label, value, unit)


def _date_lines(answer: ConstantFlow) -> Iterator[Line]:
    yield Line("refill", "refill due", answer.due.at)
    yield Line("refill.binding", "refill due: what binds", answer.due.binding.bound.value)
    for limit in answer.due.limits:
        yield Line(f"refill.{limit.bound.name.lower()}", f"refill due, {limit.bound.value}", limit.at)
    yield Line("empty", "empty at the most flow; no alarm", answer.empty)


def _under_lines(answer: ConstantFlow, known: Drug) -> Iterator[Line]:
    for group, unders in (("coming", answer.coming), ("usual", answer.usual)):
        for number, each in enumerate(unders, start=1):
            key = f"{group}.{number}"
            yield Line(key, f"{each.name}: times the flow", each.share)
            yield Line(f"{key}.dose", f"{each.name}: 24-hour dose", each.dose, daily_unit(known))
            if each.extra is not None:
                yield Line(f"{key}.extra", f"{each.name}: more of one day's dose", each.extra * 100, "%")


def findings_of(inputs: ConstantFlowInputs, answer: ConstantFlow, figures: Policy) -> Iterator[Finding]:
    """The last flow, what is coming, the date and the alarm that does not exist, the fluid in the restrictor."""
    for last in answer.measured[-1:]:
        if last.asks is not Flag.ACCEPT:
            shown = ("flow to label", ratio_text(last.ratio)), ("accepted", share_text(figures.constant_flow_accept))
            limit = figures.source_of("constant_flow_accept")
            yield finding("delivered-ratio", Verdict.WARN, "flow", _FLAG_WORDS[last.asks], *shown, limit=limit)
    for each in answer.coming:
        yield from _coming(each, drug(inputs.fluid[0].drug), figures)
    yield from _date(inputs, answer, figures)
    yield from _restrictor(inputs, answer, figures)


def _coming(under: Under, known: Drug, figures: Policy) -> Iterator[Finding]:
    if abs(under.share - 1) <= figures.constant_flow_accept:
        return
    words = f"{under.name}: the dose changes with the flow; plan for it, and for its end."
    if under.share == 0:
        words = f"{under.name}: nothing flows at all; plan for withdrawal."
    shown = [("flow, times", ratio_text(under.share)), ("24-hour dose", amount_text(under.dose, daily_unit(known)))]
    if under.extra is not None:
        shown.append(("more of one day's dose", share_text(under.extra)))
    limit = figures.source_of("constant_flow_accept")
    yield finding("flow-changes", Verdict.WARN, "circumstances", words, *shown, limit=limit, path="circumstances")


def _date(inputs: ConstantFlowInputs, answer: ConstantFlow, figures: Policy) -> Iterator[Finding]:
    words = "This pump has no alarm: keep to the refill date, it can run dry without a sound."
    shown = [("refill", date_text(answer.due.at, 0))]
    if answer.empty is not None:
        shown.append(("empty", date_text(answer.empty, 0)))
    yield finding("no-alarm", Verdict.INFO, "refill", words, *shown)
    if not any(limit.bound is Bound.STABILITY for limit in answer.due.limits):
        words = "Nobody has said how long this fluid keeps in a pump; ask the pharmacy, the date does not count it."
        yield finding("stability-unknown", Verdict.WARN, "fluid", words, path="fluid")
    lasts = answer.due.at.since(inputs.filled_at)
    if lasts < figures.shortest_interval:
        words = f"The refill comes sooner than an interval should be, by {answer.due.binding.bound.value}."
        told = ("until the refill", length_text(lasts)), ("shortest interval", length_text(figures.shortest_interval))
        limit = figures.source_of("shortest_interval")
        yield finding("refill-interval", Verdict.WARN, "refill interval", words, *told, limit=limit)


def _restrictor(inputs: ConstantFlowInputs, answer: ConstantFlow, figures: Policy) -> Iterator[Finding]:
    primary, caution = inputs.fluid[0], figures.restrictor_caution
    strength = primary.concentration if answer.change is None else answer.change.inject
    if primary.drug != RESTRICTOR_CAUTION_FOR or strength <= caution:
        return
    words = "At this strength morphine can precipitate in the flow restrictor: keep the fluid at pH 6.5 or below."
    shown = ("strength", amount_text(strength, "mg/mL")), ("caution above", amount_text(caution, "mg/mL"))
    limit = figures.source_of("restrictor_caution")
    yield finding("restrictor-precipitate", Verdict.WARN, "concentration", words, *shown, limit=limit)


def sources_of(pump: ConstantFlowPump, known: Drug, answer: ConstantFlow, figures: Policy) -> tuple[SourceLine, ...]:
    """Label, drive, limits, policy and every circumstance."""
    fields_of_policy = ("constant_flow_accept", "constant_flow_investigate", "constant_flow_averaged")
    more = ("constant_flow_worst", "preparation_extra", "shortest_interval")
    named = (cited(f"strength by {whose.value}", limit.origin) for whose, limit in known.concentration.named())
    told = (cited(name, origin) for each in circumstances() for name, origin in each.sources)
    return (
        cited(f"{pump.name}: label flow", pump.source_of("label_flow")),
        cited(f"{pump.name}: what cannot be drawn out", pump.source_of("residual")),
        *(cited(f"{pump.name}: drive, {name}", origin) for name, origin in _drive(pump)),
        *(cited(limit.bound.value, limit.origin) for limit in answer.due.limits),
        *(cited(name.replace("_", " "), figures.source_of(name)) for name in (*fields_of_policy, *more)),
        *named,
        *told,
        SourceLine("dose by concentration", "Codman Archimedes manual, Appendix B", "verified"),
        SourceLine(
            "vapour pressure, standard atmosphere, viscosity", "NIST Antoine sets; ISO 2533; handbook", "recalled"
        ),
    )


def _drive(pump: ConstantFlowPump) -> tuple[tuple[str, Sourced], ...]:
    pushed = pump.pushed_by
    return pushed.sources if isinstance(pushed, Propellant) else pushed.named
