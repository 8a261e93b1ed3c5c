"""A tube pushed so fast that nothing mixes across it: the published anchors of the parabolic profile."""

from __future__ import annotations

import pytest

from thecal.hydraulics.spill import laminar_outlet_share, laminar_spill, laminar_tip_share


@pytest.mark.parametrize("pushed", [0.0, 0.1, 0.3, 0.5])
def test_nothing_leaves_before_half_of_the_tube_is_pushed(pushed):
    """Catheter-lock experiments: spill starts at half of the fill volume [polaschegg]."""
    assert (laminar_outlet_share(pushed), laminar_tip_share(pushed), laminar_spill(pushed)) == (0, 0, 0)


def test_when_one_volume_is_pushed_a_quarter_has_left_and_the_tip_stands_at_one_half():
    assert laminar_spill(1.0) == pytest.approx(0.25)
    assert laminar_tip_share(1.0) == pytest.approx(0.5)
    assert laminar_outlet_share(1.0) == pytest.approx(0.75)
    assert laminar_tip_share(2.0) == pytest.approx(0.75)
