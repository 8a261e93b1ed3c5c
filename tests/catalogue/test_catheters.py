"""A catheter holds what its implanted length holds."""

from decimal import Decimal

import pytest

from thecal.catalogue.catheters import catheter
from thecal.catalogue.sourced import CatalogueError
from thecal.quantities import Volume


def test_a_catheter_volume_follows_from_the_implanted_length():
    whole = catheter("ascenda-8780")
    assert whole.lumen(Decimal(0)) == Volume(251_460)
    assert whole.lumen(Decimal("14.3")) == Volume(220_000)
    with pytest.raises(CatalogueError, match="trimmed length"):
        whole.lumen(Decimal("114.3"))
