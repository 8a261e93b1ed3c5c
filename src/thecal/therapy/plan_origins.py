"""Where the numbers of a plan come from: pump model, drug limits and the clinic's planning figures."""

from __future__ import annotations

from collections.abc import Iterable

from thecal.catalogue.drugs import drug
from thecal.catalogue.listing import entries
from thecal.catalogue.origins import Origin, origins_of, ranged
from thecal.catalogue.policy import policy
from thecal.catalogue.pumps import ConstantFlowPump, ProgrammablePump


def plan_origins(model: ProgrammablePump | ConstantFlowPump, drugs: Iterable[str]) -> tuple[Origin, ...]:
    """Every catalogue number a plan for this pump and these drugs rests on; a drug without an entry has none."""
    known = [drug(key) for key in dict.fromkeys(drugs) if key in entries("drugs")]
    return (
        *origins_of(model.name, model.sources),
        *(line for each in known for line in ranged(f"{each.display}, limits and doses", each.sources)),
        *origins_of("planning", policy().sources),
    )
