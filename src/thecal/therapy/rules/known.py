"""What the catalogue holds for a situation: drugs with the site's limits, and the pump's model."""

from __future__ import annotations

from thecal.catalogue.drugs import Drug, drug
from thecal.catalogue.pumps import ConstantFlowPump, Pump
from thecal.catalogue.sourced import CatalogueError
from thecal.therapy.models import named_model
from thecal.therapy.situation import Situation


def known_drug(key: str, situation: Situation) -> Drug | None:
    """The drug as this site limits it; None when the catalogue does not hold it, which is another rule's to say."""
    try:
        found = drug(key)
    except CatalogueError:
        return None
    site = situation.devices.site
    return found if site is None else found.at_site(site)


def known_model(situation: Situation) -> Pump | None:
    """The model of the record, else the one that answers; None when the catalogue holds neither."""
    return situation.devices.model or _answering(situation)


def one_flow(situation: Situation) -> bool:
    """Whether the pump that is here has one flow for life: no program, no bolus, and no alarm."""
    return isinstance(_answering(situation), ConstantFlowPump)


def _answering(situation: Situation) -> Pump | None:
    try:
        return named_model(situation.current.pump.descriptor.model)
    except CatalogueError:
        return None
