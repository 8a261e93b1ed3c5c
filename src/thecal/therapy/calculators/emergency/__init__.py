"""What an emergency department asks of a pump: how much drug is where, what it gives, how long it lasts, what to do.

Everything is belief at the time of the data. A dose or a mass that may reach a patient is rounded up, the time that is
left down [clinical 8].
"""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.emergency import Order, OrderKind, emergency
from thecal.catalogue.pumps import Pump
from thecal.quantities import DoseRate, Duration, Instant, Mass
from thecal.therapy.arithmetic import mass_counted
from thecal.therapy.believed import BelievedLine
from thecal.therapy.calculation import Calculation, Calculator, given
from thecal.therapy.calculators.emergency.belief import believed_line, supply_of
from thecal.therapy.calculators.emergency.records import DrugThere, EmergencyFacts, EmergencyInputs, Supply
from thecal.therapy.calculators.emergency.shown import emergency_lines, emergency_sources
from thecal.therapy.calculators.on_paper import any_pump, fluid_of
from thecal.therapy.entry import EntryRefused
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.mixing import mass_counted_of


def emergency_facts(inputs: EmergencyInputs) -> Calculation[EmergencyFacts]:
    """Drug in reservoir and line, 24-hour doses, hours left, CSF to withdraw, needles, and what never to do.

    Raises EntryRefused for data that contradict themselves and for an unknown drug or pump.
    """
    model, fluid = any_pump(inputs.pump), fluid_of(inputs.fluid)
    if inputs.reservoir > model.capacity:
        raise EntryRefused("reservoir", f"{model.name} holds {model.capacity.text_in('mL')} at most")
    line = believed_line(inputs, model)
    supply, refused = supply_of(inputs, model)
    in_line = () if line is None else (name for segment in line.stretches for name, _ in segment.fluid.drugs)
    drugs = tuple(drug(key) for key in dict.fromkeys((*(each.drug for each in fluid), *in_line)))
    answer = EmergencyFacts(
        at=inputs.at,
        model=model,
        drugs=tuple(_there(index, known, inputs, line, supply) for index, known in enumerate(drugs)),
        line=line,
        to_alarm=None if supply is None else _left(inputs.at, supply.alarm),
        to_empty=None if supply is None else _left(inputs.at, supply.empty),
        to_empty_with_boluses=None if supply is None else _left(inputs.at, supply.worst_case_empty),
        orders=_orders(model, drugs),
    )
    return Calculation(
        kind="emergency",
        answer=answer,
        inputs=given(inputs),
        outputs=tuple(emergency_lines(answer)),
        formula=_FORMULA,
        sources=tuple(emergency_sources(answer)),
        assumptions=_ASSUMED,
        findings=(*refused, *_about_the_line(inputs)),
    )


def _there(
    index: int, known: Drug, inputs: EmergencyInputs, line: BelievedLine | None, supply: Supply | None
) -> DrugThere:
    """``index`` among the drugs: those of the reservoir come first, then what only the line still holds."""
    held = index < len(inputs.fluid)
    return DrugThere(
        known=known,
        in_reservoir=mass_counted(inputs.reservoir, inputs.fluid[index].concentration) if held else Mass(0),
        in_line=None if line is None else mass_counted_of(line.contents.mass.ng(known.key)),
        daily=None if supply is None else supply.daily[index] if held else DoseRate(0),
        greatest=None if supply is None else supply.greatest[index] if held else DoseRate(0),
        csf=emergency().csf_volume(known.drug_class),
    )


def _left(at: Instant, until: Instant | None) -> Duration | None:
    return None if until is None else until.since(at)


def _orders(model: Pump, drugs: tuple[Drug, ...]) -> tuple[Order, ...]:
    access_port = model.ports.access_needle is not None
    known = emergency()
    return tuple(order for kind in OrderKind for order in known.orders_for(kind, drugs, access_port=access_port))


def _about_the_line(inputs: EmergencyInputs) -> Iterator[Finding]:
    if inputs.catheter_volume is None:
        words = "What is in the line is not known: the catheter volume is missing. Take it to hold drug."
        yield finding("line-unknown", Verdict.INFO, "catheter volume", words, path="catheter_volume")
    elif not inputs.line:
        words = "The line is taken to hold the reservoir's fluid; after a refill, prime or bridge it may hold another."
        yield finding("line-assumed", Verdict.INFO, "line", words)


_FORMULA = (
    "drug in the reservoir = believed volume x concentration; in the line = sum of stretch x concentration; rounded up",
    "24-hour doses = those of the program, basal rounded down, greatest with every effective bolus rounded up",
    "time left = until the believed reservoir reaches the alarm level, or what the pump cannot give",
)
_ASSUMED = (
    "All of it is what the pump and the clinic believed at the time of the data; ask the pump again.",
    "What is drawn out of the reservoir is measured and written down, for it may differ.",
    "The sheet replaces neither the treating clinic nor the manufacturer's hotline.",
)
CALCULATOR = Calculator("emergency", "Emergency facts of a pump", EmergencyInputs, emergency_facts)
