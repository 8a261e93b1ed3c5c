"""The pump against a second pump: many random stories, each judged by the oracle of ``tests.oracle``."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.oracle.played import check_lockout, check_strokes, check_windows
from tests.oracle.programs import random_descriptor
from tests.oracle.whole_played import WholePlayed, check_whole_log, play_whole

ACTS = 40
TOP_STROKES_PER_DAY = 300
SAMPLES = 20  # strokes of each kind and story whose very millisecond is looked at


@dataclass
class Figures:
    """What was compared. ``disagreements`` are seeds with the first line of what differs: play them again by seed."""

    stories: int = 0
    programs: int = 0
    strokes: int = 0
    days: int = 0
    boluses: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    disagreements: list[tuple[int, str]] = field(default_factory=list)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.stories + other.stories,
            self.programs + other.programs,
            self.strokes + other.strokes,
            self.days + other.days,
            self.boluses + other.boluses,
            self.outcomes + other.outcomes,
            self.disagreements + other.disagreements,
        )


def run(first_seed: int, last_seed: int) -> Figures:
    """Play and judge the stories of these seeds, both included. Equal seeds give equal figures, in any process."""
    figures = Figures()
    for seed in range(first_seed, last_seed + 1):
        try:
            played = judged(seed)
        except AssertionError as differs:
            figures.disagreements.append((seed, str(differs).split("\n")[0]))
            continue
        figures.stories += 1
        figures.programs += played.committed
        figures.strokes += sum(map(len, played.ticks.values()))
        figures.days += played.now // 86_400_000
        figures.boluses.update(each.kind.value for each in played.reference.given)
        figures.outcomes.update(played.outcomes)
    return figures


def judged(seed: int) -> WholePlayed:
    """One story. Raises AssertionError, with the story to play again, where the two pumps differ."""
    chance = Random(seed)
    played = play_whole(chance, random_descriptor(chance, least_stroke_nl=250), ACTS, TOP_STROKES_PER_DAY)
    check_strokes(played, chance, SAMPLES)
    check_lockout(played)
    check_windows(played)
    check_whole_log(played)
    return played


def main(first_seed: int, last_seed: int) -> int:
    """Print the figures of a range of seeds; 0 when the two pumps agree."""
    began_s = time.monotonic()
    figures = run(first_seed, last_seed)
    seconds = time.monotonic() - began_s
    print(
        f"{figures.programs} programs in {figures.stories} stories, {figures.strokes} strokes in {figures.days} days, "
        f"{figures.programs / seconds:.0f} programs/s, {len(figures.disagreements)} disagreements"
    )
    for seed, line in figures.disagreements[:10]:
        print(f"seed {seed}: {line}")
    return 1 if figures.disagreements else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
