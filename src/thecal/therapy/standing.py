"""The pump as it stands before a change: what it runs, what it holds, and when it said so."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.catalogue.policy import Policy, policy
from thecal.device import INFUSING, Component, Program, Report
from thecal.quantities import Instant, Volume
from thecal.therapy.derived import Derived, derive
from thecal.therapy.models import PumpInHand, pump_in_hand
from thecal.therapy.projection import Fill, Projection, daily_boluses, project


@dataclass(frozen=True, slots=True)
class Standing:
    """The pump as it stands before the change: what it runs, what it holds, and when it said so."""

    pump: PumpInHand
    program: Program
    last_infusing: Program  # what a ratio is taken against: ``program``, or what ran before it was stopped
    reservoir: Volume
    fluid: tuple[Component, ...]
    now: Instant
    clock_offset_min: int
    policy: Policy

    @property
    def derived(self) -> Derived:
        """The daily numbers of the program now in the pump."""
        return derive(self.program, self.pump.descriptor)

    @property
    def resumes(self) -> bool:
        """Whether the pump is still now, and a dose is compared with what ran before."""
        return self.program.mode not in INFUSING and self.last_infusing.mode in INFUSING

    def projection(self, program: Program, derived: Derived) -> Projection:
        """How long the reservoir would last under ``program``."""
        fill = Fill(
            reservoir=self.reservoir,
            capacity=Volume(self.pump.descriptor.reservoir_nl),
            low_reservoir=Volume(program.low_reservoir_nl),
            unusable=self.pump.unusable,
            now=self.now,
            clock_offset_min=self.clock_offset_min,
        )
        return project(derived.profile, daily_boluses(derived), fill, self.policy.lead_before_alarm.count)


def standing(report: Report, last_infusing: Program | None = None) -> Standing:
    """The pump as this report describes it. ``last_infusing``: the program before a stop, where records hold it.

    Raises CatalogueError for a pump model the catalogue does not know.
    """
    infuses = report.program.mode in INFUSING
    return Standing(
        pump=pump_in_hand(report),
        program=report.program,
        last_infusing=report.program if infuses or last_infusing is None else last_infusing,
        reservoir=Volume(report.status.reservoir_nl),
        fluid=report.status.components,
        now=Instant(report.status.utc_ms),
        clock_offset_min=report.status.clock_offset_min,
        policy=policy(),
    )
