"""A key that is in no file of the catalogue is refused."""

import pytest

from thecal.catalogue.catheters import catheter
from thecal.catalogue.drugs import drug
from thecal.catalogue.pumps import pump_model
from thecal.catalogue.sourced import CatalogueError


@pytest.mark.parametrize(("load", "listed"), [(pump_model, "isomed"), (catheter, "ascenda"), (drug, "morphine")])
def test_an_unknown_entry_is_refused_with_the_ones_there_are(load, listed):
    with pytest.raises(CatalogueError, match=listed):
        load("nothing-like-it")
