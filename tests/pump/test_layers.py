"""The layers of ``make verify-pump``: what was done is not done again, and holds for the code it was done with."""

from __future__ import annotations

import pytest
from verification import pump
from verification.pump import Kept
from verification.pump_contracts import CONTRACTS
from verification.pump_layers import LAYERS, Layer
from verification.pump_tally import Tally
from verification.pump_worlds import WORLDS

SEEDS = (1, 3)


def _layer(name: str) -> Layer:
    return next(layer for layer in LAYERS if layer.name == name)


def test_every_world_and_every_contract_has_its_seed():
    """Verify: no small pump is left out of the search, no contract out of the check, which has its control beside."""
    assert _layer("states").seeds == len(WORLDS)
    assert _layer("contracts").seeds == len(CONTRACTS) + 1


@pytest.mark.parametrize("layer", LAYERS, ids=[layer.name for layer in LAYERS])
def test_the_batches_of_a_layer_are_its_seeds(layer):
    """Verify: every seed stands in exactly one batch."""
    seeds = [seed for first, last in layer.ranges() for seed in range(first, last + 1)]
    assert seeds == list(range(1, layer.seeds + 1))


def test_a_batch_is_known_again_for_the_same_code_only(monkeypatch, tmp_path):
    """Verify: what a batch gave is read back as it was, and forgotten when the code has changed."""
    monkeypatch.setattr(pump, "WORK", tmp_path)
    given = Kept(Tally(7, ("seed 2: wrong",), "3 stories"), 1.5)
    pump._remember(_layer("oracle"), SEEDS, "this code", given)
    assert pump._recalled(_layer("oracle"), SEEDS, "this code") == given
    assert pump._recalled(_layer("oracle"), SEEDS, "other code") is None
    assert pump._recalled(_layer("oracle"), (4, 6), "this code") is None


def test_a_figure_is_met_only_when_all_was_done_without_failure():
    """Verify: a failure, too little, or a batch that is left make a figure that is not met; words are added up."""
    layer = Layer("two", "nothing", lambda _module, _first, _last: Tally(1), 2, 1, 10, "steps")
    good = Kept(Tally(6, (), "2 stories; slow"), 1.0)
    figure = pump._figure(layer, [good, good])
    assert (figure.met, figure.measured, figure.seconds) == (True, "12; 0 failures; 4 stories; slow", 1.0)
    assert not pump._figure(layer, [good]).met
    assert not pump._figure(layer, [good, Kept(Tally(6, ("broken",)), 1.0)]).met
    assert not pump._figure(layer, [good, Kept(Tally(3), 1.0)]).met


def test_a_layer_that_asserts_and_does_not_find_has_failed():
    """Verify: what a layer asserts is told as its failure, with the words of its first line."""

    def broken(_module, first, _last):
        raise AssertionError(f"seed {first}: lost\nmore")

    layer = Layer("one", "pump_tally", broken, 1, 1, 1, "steps")
    assert layer.tally(1, 1) == Tally(0, ("seed 1: lost",))
