"""How the emergency facts are written: lines in the order in which they are asked for, and their sources."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.catalogue.quoted import Words
from thecal.column import Segment
from thecal.quantities import Concentration, Volume
from thecal.therapy.calculation import Line, SourceLine, cited
from thecal.therapy.calculators.emergency.records import DrugThere, EmergencyFacts
from thecal.therapy.calculators.on_paper import concentration_unit, daily_unit
from thecal.therapy.calculators.pump_and_fluid import figures_of
from thecal.therapy.showing import amount_text

_NOT_PUBLISHED = "no volume is published for this class"


def emergency_lines(answer: EmergencyFacts) -> Iterator[Line]:
    """Time of the data, drugs, time left, line, ports, scan, and orders."""
    yield Line("at", "time of these data", answer.at)
    yield Line("pump", "pump", answer.model.name)
    for each in answer.drugs:
        yield from _drug_lines(each)
    yield Line("to_alarm", "until the low-reservoir alarm", answer.to_alarm, "h")
    yield Line("to_empty", "until the reservoir is empty", answer.to_empty, "h")
    yield Line("to_empty_with_boluses", "until empty with every bolus taken", answer.to_empty_with_boluses, "h")
    yield from _line_lines(answer)
    yield from _port_lines(answer.model)
    for number, order in enumerate(answer.orders, start=1):
        yield Line(f"order.{number}.{order.kind.value}", order.kind.value, order.words.text)


def emergency_sources(answer: EmergencyFacts) -> Iterator[SourceLine]:
    """Words and volumes of every drug, ports and scan of the pump, and each order."""
    for each in answer.drugs:
        of = each.known.display
        for what, words in _words_of(each.known):
            yield _said(f"{of}: {what}", words)
        if each.csf is not None:
            yield cited(f"{of}: CSF to withdraw", each.csf.low.origin)
    model, ports = answer.model, answer.model.ports
    flow = "label_flow" if isinstance(model, ConstantFlowPump) else "highest_rate"
    yield from figures_of(model, flow, "residual")
    yield _said(f"{model.name}: refill needle", ports.refill_needle)
    if ports.access_needle is not None:
        yield _said(f"{model.name}: access needle", ports.access_needle)
    yield _said(f"{model.name}: ports told apart", ports.tell_apart)
    yield SourceLine(f"{model.name}: magnetic resonance", model.mri.source, model.mri.confidence.value)
    yield from (_said(f"order: {order.words.text}", order.words) for order in answer.orders)


def _drug_lines(each: DrugThere) -> Iterator[Line]:
    key, of, mass = each.known.key, each.known.display, each.known.dose_unit
    yield Line(f"{key}.status", f"{of}, label", each.known.label_status)
    yield Line(f"{key}.in_reservoir", f"{of} in the reservoir", each.in_reservoir, mass)
    yield Line(f"{key}.in_line", f"{of} in the line", each.in_line, mass)
    yield Line(f"{key}.daily", f"{of}, 24-hour dose", each.daily, daily_unit(each.known))
    yield Line(f"{key}.greatest", f"{of}, greatest dose in 24 h", each.greatest, daily_unit(each.known))
    if each.csf is None:
        yield Line(f"{key}.csf", f"{of}, CSF to withdraw after an overdose", _NOT_PUBLISHED)
    else:
        yield Line(f"{key}.csf.least", f"{of}, CSF to withdraw after an overdose, least", each.csf.low.amount, "mL")
        yield Line(f"{key}.csf.most", f"{of}, CSF to withdraw after an overdose, most", each.csf.high.amount, "mL")
    for what, words in _words_of(each.known):
        yield Line(f"{key}.{what}", f"{of}, {what}", words.text)


def _words_of(known: Drug) -> Iterator[tuple[str, Words]]:
    named = (("overdose", known.overdose), ("antidote", known.antidote), ("withdrawal", known.withdrawal))
    return ((what, words) for what, words in named if words is not None)


def _line_lines(answer: EmergencyFacts) -> Iterator[Line]:
    if answer.line is None:
        yield Line("line", "tubing and catheter", None)
        return
    yield Line("line", "tubing and catheter", answer.line.dead_volume, "mL")
    for number, segment in enumerate(answer.line.stretches, start=1):
        yield Line(f"line.{number}", f"in the line, pump end first, {number}", Volume(segment.volume_nl), "mL")
        yield Line(f"line.{number}.fluid", f"fluid of stretch {number}", _named(segment))


def _named(segment: Segment) -> str:
    """``morphine 10 mg/mL``: what is told of a line is whole ng/mL."""
    drugs = ((drug(name), Concentration(int(ng_per_ml))) for name, ng_per_ml in segment.fluid.drugs)
    named = (f"{known.display} {amount_text(amount, concentration_unit(known))}" for known, amount in drugs)
    return ", ".join(named) or "saline or CSF"


def _port_lines(model: Pump) -> Iterator[Line]:
    ports = model.ports
    yield Line("refill_needle", "needle for the reservoir", ports.refill_needle.text)
    access = (
        "none: this pump has no access to the catheter" if ports.access_needle is None else ports.access_needle.text
    )
    yield Line("access_needle", "needle for the access port", access)
    yield Line("tell_apart", "how the ports are told apart", ports.tell_apart.text)
    if ports.smallest_syringe is not None:
        yield Line("smallest_syringe", "smallest syringe at the access port", ports.smallest_syringe.amount, "mL")
    yield Line("mri", f"magnetic resonance: {model.mri.rule.value}", model.mri.words)


def _said(what: str, words: Words) -> SourceLine:
    return SourceLine(what, words.source, words.confidence.value)
