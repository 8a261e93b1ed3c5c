"""What does not belong together: catheter and pump, drug and pump."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.catheters import catheter
from thecal.catalogue.labelled_pumps import Placed, placement
from thecal.catalogue.pairings import Fit, pairing
from thecal.therapy.findings import Finding, Verdict, finding
from thecal.therapy.rules.known import known_drug, known_model
from thecal.therapy.situation import Situation


def catheter_fits(situation: Situation) -> Iterator[Finding]:
    """A catheter whose end at the pump must not, or is not known to, go on it."""
    model, tube = known_model(situation), situation.devices.catheter
    if model is None or tube is None:
        return
    nearest = catheter(tube.segments[0].model)
    found = pairing(model, nearest)
    if found is None:
        return
    shown, path = (("pump", model.name), ("catheter", nearest.name)), "devices.catheter"
    if found.fit is Fit.FORBIDDEN:
        words = f"This catheter must not go on this pump: {found.statement.text}."
        rule, verdict = "pairing-forbidden", Verdict.REFUSE
    else:
        words = f"This catheter is not one that the maker of the pump names: {found.statement.text}."
        rule, verdict = "pairing-not-named", Verdict.INFO
    yield finding(rule, verdict, "catheter", words, *shown, limit=found.statement, path=path)


def drug_fits(situation: Situation) -> Iterator[Finding]:
    """A drug that must not go into this pump, and one that its label does not name."""
    model, order = known_model(situation), situation.pending.refill
    fluid = situation.pending.prescription.components if order is None else order.fluid
    path = situation.pending.written.fluid if order is None else "pending.refill.fluid"
    if model is None:
        return
    for reading in fluid:
        drug = known_drug(reading.drug, situation)
        if drug is None:
            continue
        found = placement(model, drug, situation.patient.jurisdiction.value)
        if found.placed is Placed.LABELLED:
            continue
        forbidden = found.placed is Placed.FORBIDDEN
        words = (
            f"{drug.display} must not go into {model.name}; use a pump that its label names."
            if forbidden
            else f"{drug.display} is not on the label of {model.name}."
        )
        shown = (("pump", model.name), ("label", found.statement.text))
        verdict = Verdict.REFUSE if forbidden else Verdict.INFO
        yield finding("not-for-this-pump", verdict, "fluid", words, *shown, limit=found.statement, path=path)
