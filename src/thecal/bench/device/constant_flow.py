"""A pump without electronics on the bench: one flow for life, refilled by the calendar; no link, no alarm, no belief.

What a person can know of it is its label and the calendar: when by the label the reservoir will have come down to what
no needle reaches. What truly leaves follows from warmth and pressure, and ends when the reservoir is empty.
"""

from __future__ import annotations

from thecal.bench.device.true_fluid import TrueFluid
from thecal.bench.plumbing import flow_at_37_degc, flow_under
from thecal.catalogue.pumps import ConstantFlowPump
from thecal.fluid import outflow_nl
from thecal.hydraulics import Conditions

MS_PER_DAY = 86_400_000


class ConstantFlow:
    """One constant-flow pump that presses. Moments are bench time in ms, and only go forward."""

    def __init__(self, model: ConstantFlowPump, fluid: TrueFluid) -> None:
        self.model = model
        self.flow_nl_per_day = flow_at_37_degc(model)
        self._fluid = fluid
        self._reached_ms = 0
        self._filled_ms = 0
        self._filled_nl = fluid.path.reservoir.volume_nl

    @property
    def next_event_ms(self) -> int | None:
        """Nothing happens to it by itself: it flows."""
        return None

    @property
    def refill_due_ms(self) -> int:
        """The moment, by label and calendar, at which only the residual will be left of what was last filled in."""
        usable_nl = max(0, self._filled_nl - self.model.residual.count)
        return self._filled_ms + usable_nl * MS_PER_DAY // self.model.label_flow.count

    def until(self, at_ms: int) -> None:
        """Let it flow."""
        volume_nl = outflow_nl(self.flow_nl_per_day, self._reached_ms, at_ms)
        if volume_nl:
            self._fluid.flow(self._reached_ms, at_ms, volume_nl)
        self._reached_ms = at_ms

    def note_refill(self, volume_nl: int) -> None:
        """A person writes into the calendar what the reservoir is taken to hold now, wherever the needle was."""
        self._filled_ms, self._filled_nl = self._reached_ms, volume_nl

    def surround(self, now: Conditions) -> None:
        """Warmth and pressure from now on. Raises ValueError where the drive would not push."""
        self.flow_nl_per_day = flow_under(self.model, now)
