"""The end of the pump's service, derived in one place, against today and against what is shown elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.pumps import ProgrammablePump
from thecal.quantities import FlowRate
from thecal.therapy.derived import derive
from thecal.therapy.findings import Finding
from thecal.therapy.replacement import FlowSince, replace_by
from thecal.therapy.replacement_findings import due_findings, shown_findings
from thecal.therapy.rules.known import known_model
from thecal.therapy.situation import Situation


def replacement(situation: Situation) -> Iterator[Finding]:
    """A replacement that is due, and a date shown elsewhere that does not follow from the flow.

    The flow is taken to have been since implantation what the last program gives, boluses not counted.
    """
    model, implanted, current = known_model(situation), situation.devices.implanted, situation.current
    if implanted is None or not isinstance(model, ProgrammablePump):
        return
    daily = derive(current.last_infusing, current.pump.descriptor).daily_volume
    flows = (FlowSince(implanted, FlowRate(daily.count)),)
    found = replace_by(model.longevity, model.battery_warning.amount, flows)
    yield from due_findings(found, current.now, current.policy)
    yield from shown_findings(found, situation.devices.shown_replace_by, current.policy)
