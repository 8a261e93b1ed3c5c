"""What does not fit together is said before it is joined."""

import pytest

from thecal.catalogue.catheters import Connector, catheter, catheters
from thecal.catalogue.pairings import Fit, needle_pairing, pairing
from thecal.catalogue.pumps import pump_model, pump_models
from thecal.catalogue.sourced import Confidence

SC = [key for key in catheters() if catheter(key).connector is Connector.SC]


@pytest.mark.parametrize("pump", [key for key in pump_models() if key.startswith("isomed-")])
def test_no_sc_connector_goes_on_an_isomed(pump):
    for key in SC:
        found = pairing(pump_model(pump), catheter(key))
        assert found.fit is Fit.FORBIDDEN
        assert found.statement.confidence is Confidence.VERIFIED


@pytest.mark.parametrize("key", SC)
@pytest.mark.parametrize("pump", ["synchromed-ii-20", "synchromed-el-18"])
def test_the_same_connector_is_no_hazard_on_the_pumps_it_was_made_for(pump, key):
    assert pairing(pump_model(pump), catheter(key)) is None


@pytest.mark.parametrize(
    ("pump", "key", "fit"),
    [
        ("isomed-20-05", "indura-8709", None),
        ("synchromed-ii-40", "ascenda-8780", None),
        ("prometra-ii-20", "flowonix-11823", None),
        ("prometra-ii-20", "ascenda-8780", Fit.NOT_NAMED),
        ("medstream-40", "surestream", None),
        ("medstream-40", "indura-8709", Fit.NOT_NAMED),
        ("synchromed-iii-20", "flowonix-11823", Fit.NOT_NAMED),
        ("codman-3000-30-10", "codman-3000-outlet", None),
        ("elastic-20-05", "indura-8709sc", None),
    ],
)
def test_makers_name_their_own_catheters(pump, key, fit):
    found = pairing(pump_model(pump), catheter(key))
    assert (found and found.fit) == fit


@pytest.mark.parametrize(
    ("pump", "maker", "is_against"),
    [
        ("codman-3000-16-03", "Medtronic", True),
        ("codman-3000-16-03", "Codman", False),
        ("synchromed-ii-20", "Intera", True),
        ("synchromed-ii-20", "Medtronic", False),
    ],
)
def test_needles_are_not_interchangeable_between_makers(pump, maker, is_against):
    found = needle_pairing(pump_model(pump), maker)
    assert (found is not None and found.fit is Fit.FORBIDDEN) == is_against
