"""A priming bolus, asked of the believed line: what must be pushed, what leaves the tip meanwhile, what gap follows.

To prime is to push water or CSF out of the way while the patient is watched, not to give drug [programmable 3.1].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from thecal.column import Fluid, Masses
from thecal.quantities import Duration, FlowRate, Volume
from thecal.therapy.arithmetic import follows, time_to_move
from thecal.therapy.believed import BelievedLine
from thecal.therapy.mixing import Labelled


@dataclass(frozen=True, slots=True)
class Push:
    """The pump moves ``volume`` of ``fluid`` into ``line`` at one flow."""

    line: BelievedLine
    volume: Volume
    fluid: Fluid
    rate: FlowRate

    @property
    def duration(self) -> Duration:
        """How long it takes, rounded up."""
        return time_to_move(self.volume, self.rate)

    @property
    def out(self) -> Masses | None:
        """Drug that reaches the patient meanwhile, exactly, with sharp fronts; None when some of it is unknown."""
        return self.line.drug_leaving(self.volume, self.fluid)

    @property
    def after(self) -> BelievedLine:
        """The line afterwards."""
        return self.line.pushed(self.volume, self.fluid)

    @property
    def gap(self) -> Volume:
        """What is not yet ``fluid`` between pump and tip afterwards."""
        return self.after.gap(self.fluid)

    @property
    def before_gap(self) -> Volume:
        """How much of ``fluid`` still leaves before the gap does; 0 where the gap is at the tip, or there is none."""
        tip = self.after.contents.tip
        return Volume(tip.volume_nl if self.gap.count and tip.fluid == self.fluid else 0)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Drug that a prime gives at once, exactly, and what a day of the therapy gives of it; both in ng."""

    drug: str
    ng: Fraction
    daily_ng: int


def prime_volume(line: BelievedLine) -> Volume | None:
    """The prime that brings drug to the tip and gives none: all water or CSF, if it lies ahead of all drug.

    0 where there is drug all the way to the tip. None where no such prime exists: some of the line is
    unknown, or water stands behind drug, so that pushing it out would push that drug into the patient.
    """
    behind = line.stretches[:-1]
    if not line.known or any(not segment.fluid.drugs for segment in behind):
        return None
    return line.drug_free_at_tip()


def given_at_once(out: Masses, fluid: Sequence[Labelled], daily_ng: Fraction, share: Fraction) -> tuple[AtOnce, ...]:
    """What of ``out`` is more than this share of its own day's dose.

    ``daily_ng``: of the first drug of ``fluid``, in ng; the others follow by their concentration. A drug that is not
    in the fluid has no dose, so that any of it is too much.
    """
    concentrations = {each.drug: each.concentration for each in fluid}
    found = []
    for drug, ng in out.entries:
        held = concentrations.get(drug)
        daily = 0 if held is None else follows(daily_ng, held, fluid[0].concentration)
        if ng > daily * share:
            found.append(AtOnce(drug, ng, daily))
    return tuple(found)
