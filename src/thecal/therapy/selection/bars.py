"""What stands against a pump for this patient: hard rules H4 to H10, a scan, the market.

Only what is against it, or what a missing fact keeps from speaking, is returned; a rule that is met is silent. No fact
that is added turns something that stood against a pump into something that does not [constant-flow 5.3].
"""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import drug
from thecal.catalogue.labelled_pumps import Placed, placement
from thecal.catalogue.policy import policy
from thecal.catalogue.pump_parts import Market, MriRule
from thecal.catalogue.pumps import ConstantFlowPump, Propellant, Pump
from thecal.catalogue.quoted import Words
from thecal.catalogue.selection import choosing
from thecal.catalogue.selection_terms import HardRule
from thecal.quantities import Duration
from thecal.therapy.patient import Jurisdiction
from thecal.therapy.selection.facts import Life, Needs, Scans, SelectionInputs
from thecal.therapy.selection.fill import Doses, Fill, fill_of, range_of, window_of
from thecal.therapy.selection.height import visited_of
from thecal.therapy.selection.rulings import Ruling, Standing, any_of, every, inverse, ruling
from thecal.therapy.showing import amount_text, count_text, length_text

HOME, VISITED, FLIES = "life.home_altitude_m", "life.visited_altitude_m", "life.flies_often"


def bars(pump: Pump, inputs: SelectionInputs) -> tuple[Ruling, ...]:
    """Every rule that is against this pump or cannot speak. Raises CatalogueError for an unknown drug."""
    found = (
        _label(pump, inputs),
        *_program(pump, inputs),
        *_surroundings(pump, inputs.life),
        *_feasible(pump, inputs),
        _scan(pump, inputs.needs),
        _market(pump, inputs.needs),
    )
    return tuple(each for each in found if each.standing is not Standing.MET)


def fill_for(pump: Pump, inputs: SelectionInputs) -> Fill | None:
    """The fill by which the pump gives the wanted doses; None where they are not known or it cannot."""
    doses = doses_of(inputs.needs)
    if doses is None:
        return None
    return fill_of(pump, doses, shortest_of(inputs.needs), inputs.life.home_altitude_m, visited_of(inputs.life))


def doses_of(needs: Needs) -> Doses | None:
    """Each wanted drug with its dose; None where one is not known."""
    known = tuple((each.drug, each.daily_dose) for each in needs.drugs if each.daily_dose is not None)
    return known if known and len(known) == len(needs.drugs) else None


def shortest_of(needs: Needs) -> Duration:
    """The shortest refill interval that is wanted: the patient's, or the clinic's own."""
    days = needs.shortest_interval_days
    return policy().shortest_interval if days is None else Duration.of(str(days), "day")


def unsteady(pump: Pump) -> bool:
    """Whether changes of pressure around the patient move its flow much."""
    pushed = pump.pushed_by if isinstance(pump, ConstantFlowPump) else None
    return isinstance(pushed, Propellant) and pushed.key not in choosing().steady_propellants


def _label(pump: Pump, inputs: SelectionInputs) -> Ruling:
    """What labels keep out of this pump, wherever that is not known in each place."""
    here = tuple(Jurisdiction) if inputs.jurisdiction is None else (inputs.jurisdiction,)
    unknown = False
    for known in (drug(each.drug) for each in inputs.needs.drugs):
        said = [placement(pump, known, where.value) for where in here]
        kept_out = [each for each in said if each.placed is Placed.FORBIDDEN]
        if len(kept_out) == len(here):
            return ruling(HardRule.LABEL, False, f"{known.display} in {pump.name}", basis=kept_out[0].statement)
        unknown = unknown or bool(kept_out)
    if unknown:
        return ruling(HardRule.LABEL, None, "", "jurisdiction")
    return ruling(HardRule.LABEL, True if inputs.needs.drugs else None, "", "needs.drugs")


def _program(pump: Pump, inputs: SelectionInputs) -> Iterator[Ruling]:
    """H6 and H7: what only a programmable pump can do."""
    needs, constant = inputs.needs, isinstance(pump, ConstantFlowPump)
    if isinstance(pump, ConstantFlowPump) or not pump.patient_bolus:
        yield ruling(HardRule.BOLUS, inverse(needs.patient_bolus), "wanted", "needs.patient_bolus")
    if constant:
        yield ruling(HardRule.PATTERN, inverse(needs.day_night_pattern), "wanted", "needs.day_night_pattern")
        yield _titration(inputs)
        yield _alarm(inputs)


def _titration(inputs: SelectionInputs) -> Ruling:
    needs, patient, by = inputs.needs, inputs.patient, choosing()
    drugs: list[bool | None] = [each.drug in by.unsettled_drugs for each in needs.drugs]
    indicated = None if patient.indication is None else patient.indication.value in by.unsettled_indications
    caused = patient.cause is not None and patient.cause.value in by.unsettled_causes
    unsettled = every(any_of(*(drugs or [None]), indicated), inverse(needs.stable_dose))
    facts = (
        ("needs.frequent_titration", needs.frequent_titration),
        ("needs.stable_dose", needs.stable_dose),
        ("needs.drugs", needs.drugs or None),
        ("patient.indication", patient.indication),
    )
    missing = (path for path, known in facts if known is None)
    often = any_of(needs.frequent_titration, caused, unsettled)
    found = "multiple sclerosis" if caused else "not yet at a stable dose" if unsettled else "wanted"
    return ruling(HardRule.TITRATION, inverse(often), found, *missing)


def _alarm(inputs: SelectionInputs) -> Ruling:
    wanted = [drug(each.drug) for each in inputs.needs.drugs]
    endangers = any(known.drug_class in choosing().alarm_classes for known in wanted)
    if not wanted:
        return ruling(HardRule.ALARM, inputs.life.comes_reliably or None, "", "needs.drugs")
    holds = any_of(not endangers, inputs.life.comes_reliably)
    return ruling(HardRule.ALARM, holds, "does not come reliably", "life.comes_reliably")


def _surroundings(pump: Pump, life: Life) -> Iterator[Ruling]:
    """H8: what moves the flow of a vapour drive."""
    if not unsteady(pump):
        return
    most, home = choosing().thresholds.altitude_change.value, life.home_altitude_m
    changes = [] if home is None else [abs(height - home) for height in visited_of(life)]
    facts = ((HOME, home), (VISITED, life.visited_altitude_m), (FLIES, life.flies_often))
    missing = [path for path, known in facts if known is None]
    known = None if missing else True
    large = max(changes, default=0)
    yield ruling(HardRule.ALTITUDE, False if large > most else known, f"changes of {large} m", *missing)
    depth = life.diving_depth_m
    dives = None if depth is None else depth > 0
    pressed = any_of(dives, life.hyperbaric)
    missing = ["life.diving_depth_m"] * (depth is None) + ["life.hyperbaric"] * (life.hyperbaric is None)
    yield ruling(HardRule.PRESSURE, inverse(pressed), "dives" if dives else "hyperbaric treatment", *missing)


def _feasible(pump: Pump, inputs: SelectionInputs) -> Iterator[Ruling]:
    """H10: a fluid within the limits that gives the doses, and for long enough."""
    doses = doses_of(inputs.needs)
    if doses is None:
        drugs = inputs.needs.drugs
        unknown = [f"needs.drugs.{place}.daily_dose" for place, each in enumerate(drugs, 1) if each.daily_dose is None]
        yield ruling(HardRule.CONCENTRATION, None, "", *(unknown or ["needs.drugs"]))
        return
    lowest, highest = range_of(pump, inputs.life.home_altitude_m)
    window = window_of(doses)
    top = highest if window.fastest is None else min(highest, window.fastest)
    if window.strongest is not None and window.slowest > top:
        known, limit = window.strongest
        basis = Words(choosing().rule(HardRule.CONCENTRATION).text, limit.origin.source, limit.origin.confidence)
        needs = f"{known.display} needs {amount_text(window.slowest, 'mL/day')} or more to stay within {limit.amount}"
        yield ruling(HardRule.CONCENTRATION, False, needs, basis=basis)
        return
    if window.thinnest is not None and lowest > top:
        known, least = window.thinnest
        basis = Words(choosing().rule(HardRule.THIN).text, least.origin.source, least.origin.confidence)
        needs = f"{known.display} needs {amount_text(top, 'mL/day')} or less to keep at {least.amount}"
        yield ruling(HardRule.THIN, False, needs, basis=basis)
        return
    fill = fill_for(pump, inputs)
    if fill is None:
        yield ruling(HardRule.RUNS, False, "no program of this pump gives it")
    elif fill.interval < shortest_of(inputs.needs):
        wanted = length_text(shortest_of(inputs.needs))
        yield ruling(HardRule.INTERVAL, False, f"{days_text(fill.interval)}, wanted at least {wanted}")


def _scan(pump: Pump, needs: Needs) -> Ruling:
    if pump.mri.rule is not MriRule.UNSAFE:
        return ruling(HardRule.MRI_UNSAFE, True)
    scanned = None if needs.scans is None else needs.scans is not Scans.NONE
    return ruling(HardRule.MRI_UNSAFE, inverse(scanned), "scans are to be expected", "needs.scans")


def _market(pump: Pump, needs: Needs) -> Ruling:
    standing = pump.standing
    sold = standing.market is Market.SOLD or not needs.on_sale_only
    return ruling(HardRule.ON_SALE, sold, standing.market.value, basis=None if sold else standing.statement)


def days_text(length: Duration) -> str:
    """Whole days, rounded down: ``89 days``."""
    return count_text(length.count // Duration.UNITS["day"], "day")
