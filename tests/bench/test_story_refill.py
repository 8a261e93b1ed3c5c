"""A nurse of a story tells the pump of a refill with or without the proof of place, and the programmer answers."""

from __future__ import annotations

import pytest

from thecal.bench.scenario import load_scenario
from thecal.bench.story import tell
from thecal.cli.link_protection import protected

from .bench_cases import EXAMPLES

TOLD = """
title = "A refill of 38 mL"
source = "refill protocol: the first part injected is drawn back to prove the place"
case_file = "winkelmueller-1996.toml"

[[steps]]
at = "10 day"
who = "nurse"
does = "records the refill"
volume = "38 mL"
"""


def ended(told):
    story = load_scenario(TOLD + told, lambda name: (EXAMPLES / name).read_text(encoding="utf-8"))
    (step,) = tell(story, protected(story.title)).told
    return step.answered.outcome


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ('withdrawn = "35.3 mL"', "verified"),  # the physician of the bench acknowledges what is only warned of
        ('withdrawn = "30 mL"', "second confirmation needed"),
        ('withdrawn = "30 mL"\nrecovered = "1.9 mL"', "second confirmation needed"),
        ('withdrawn = "30 mL"\nrecovered = "5 mL"', "verified"),
        ('withdrawn = "35.3 mL"\nrecovered = "5 mL"\ninjected = "38 mL"', "verified"),
        ('withdrawn = "35.3 mL"\nrecovered = "5 mL"\ninjected = "19 mL"', "refused"),
    ],
)
def test_what_the_nurse_tells_of_injected_and_drawn_back_decides(told, outcome):
    assert ended(told) == outcome
