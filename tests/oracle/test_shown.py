"""What a patient is shown of the bolus agrees with what a press would answer."""

from __future__ import annotations

from dataclasses import replace

from tests.oracle.bedside import BOLUS, HOUR, Bench, program
from thecal.device import Done


def left(bench: Bench) -> tuple[int, int | None]:
    """Doses left, and how long until the next is possible."""
    bolus = bench.report().status.bolus
    return bolus.remaining, bolus.next_possible_in_ms


def test_a_dose_that_would_be_granted_now_is_not_shown_as_none_left_after_a_larger_dose_was_prescribed():
    """The limit leaves one of the larger doses a day, beside the small one that was granted before."""
    bench = Bench(program((0, 240_000), bolus=BOLUS, limit_nl=5_000_000))
    bench.wait(4 * HOUR)
    assert isinstance(bench.press(), Done)
    bench.wait(HOUR)
    larger = replace(BOLUS, volume_nl=160_000)
    bench.commit(program((0, 240_000), bolus=larger, limit_nl=240_000 + 20_000 + 160_000))
    bench.wait(4 * HOUR)
    assert left(bench) == (1, 0)
    assert isinstance(bench.press(), Done)
    assert left(bench)[0] == 0


def test_doses_of_an_earlier_program_with_a_short_lockout_do_not_hide_those_a_longer_lockout_leaves():
    bench = Bench(program((0, 240_000), bolus=replace(BOLUS, lockout_ms=HOUR, maximum_per_24h=24)))
    for _ in range(3):
        bench.wait(HOUR)
        assert isinstance(bench.press(), Done)
    bench.wait(HOUR)
    bench.commit(program((0, 240_000), bolus=replace(BOLUS, lockout_ms=12 * HOUR, maximum_per_24h=24)))
    bench.wait(12 * HOUR)
    assert left(bench) == (2, 0)
    assert isinstance(bench.press(), Done)
    assert left(bench) == (1, 12 * HOUR)
