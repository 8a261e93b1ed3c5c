"""What stands against a bridge: an unknown line, an impossible flow, an impractical length, fluids that meet."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drug_terms import Situation
from thecal.catalogue.drugs import drug
from thecal.catalogue.mixtures import stability_of, unstable_in
from thecal.catalogue.policy import Policy
from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import FlowRate, Volume
from thecal.therapy.arithmetic import dose_counted, dose_given, rate_to_move, time_to_move
from thecal.therapy.bridging import FluidChange
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.prescription import FluidComponent
from thecal.therapy.showing import amount_text, length_text


def line_findings(change: FluidChange) -> Iterator[Finding]:
    """Nobody can bridge a line of which nobody knows what it holds."""
    if change.drug_in_line is None:
        words = (
            "Nobody knows what is in the line: confirm the record, or aspirate through the access port and prime; "
            "a bridge made for a wrong line gives a wrong dose."
        )
        yield refusal("line-unknown", "bridge", words, ("dead volume", _ml(change.line.dead_volume)))


def flow_findings(change: FluidChange, pump: ProgrammablePump) -> Iterator[Finding]:
    """The flow of the bridge, and the one after it, must be flows of this pump."""
    for field, rate, first in (
        ("dose during the bridge", change.rate, change.old[0]),
        ("dose after the bridge", change.rate_after, change.new[0]),
    ):
        if not pump.lowest_rate <= rate <= pump.highest_rate:
            words = f"The pump cannot give the {field} of this fluid; choose a dose between those it can give."
            doses = f"{_dose(pump.lowest_rate, first)} to {_dose(pump.highest_rate, first, given=True)}"
            shown = ("flow", amount_text(rate, "mL/day")), ("possible doses", doses)
            limit = pump.source_of("lowest_rate" if rate < pump.lowest_rate else "highest_rate")
            yield refusal("bridge-rate", field, words, *shown, limit=limit)


def length_findings(change: FluidChange, policy: Policy) -> Iterator[Finding]:
    """A bridge of days is asked about, one of more than a week refused. Raises QuantityError at flow 0."""
    lasts = time_to_move(change.volume, change.rate)
    if lasts <= policy.bridge_ask:
        return
    refused = lasts > policy.bridge_refuse
    limit, field = (policy.bridge_refuse, "bridge_refuse") if refused else (policy.bridge_ask, "bridge_ask")
    words = (
        "The bridge is longer than is practical; give more of the old drug meanwhile, or aspirate the line and prime."
        if refused
        else "The bridge takes days: is that wanted? Until it ends the dose cannot be changed without a new one."
    )
    enough = _dose(rate_to_move(change.volume, policy.bridge_ask), change.old[0])
    shown = (
        ("bridge", length_text(lasts)),
        ("limit", length_text(limit)),
        (f"dose of the old drug for {length_text(policy.bridge_ask)}", enough),
    )
    verdict = Verdict.REFUSE if refused else Verdict.WARN
    yield finding("bridge-long", verdict, "bridge", words, *shown, limit=policy.source_of(field))


def meeting_findings(change: FluidChange) -> Iterator[Finding]:
    """Old and new fluid touch in the line: what is known of their mixture."""
    old, new = ({each.drug for each in fluid} for fluid in (change.old, change.new))
    both = old | new
    if both in (old, new):
        return
    names = ", ".join(drug(key).display for key in sorted(both))
    unstable = unstable_in(both)
    if unstable:
        words = "Old and new fluid meet in the line and do not keep together; aspirate the line before the new one."
        days = unstable[0].days
        yield finding(
            "fluids-meet",
            Verdict.WARN,
            "fluid",
            words,
            ("together", names),
            ("keep", str(days.amount)),
            limit=days.origin,
        )
    elif stability_of(both, Situation.ANY) is None:
        words = "Old and new fluid meet in the line; no study says how they keep together."
        yield finding("fluids-meet", Verdict.INFO, "fluid", words, ("together", names))


def old_drug_findings(change: FluidChange, *, chosen: bool) -> Iterator[Finding]:
    """With another drug, how much of the old one is still given is a decision, not a default."""
    old, new = change.old[0].drug, change.new[0].drug
    if old != new and not chosen:
        words = (
            f"Until the bridge ends {drug(old).display} goes on at its previous dose; "
            "with another drug choose that dose on purpose, and consider less."
        )
        shown = ("dose during the bridge", amount_text(change.dose_during, f"{drug(old).dose_unit}/day"))
        yield finding("bridge-dose-not-chosen", Verdict.WARN, "dose during the bridge", words, shown)


def _dose(rate: FlowRate, of: FluidComponent, *, given: bool = False) -> str:
    dose = dose_given(rate, of.concentration) if given else dose_counted(rate, of.concentration)
    return amount_text(dose, f"{drug(of.drug).dose_unit}/day")


def _ml(volume: Volume) -> str:
    return amount_text(volume, "mL")
