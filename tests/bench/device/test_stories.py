"""Long stories in which everything goes wrong at once: pump, supervisor, programmers, link, clocks, power and motor.

Each story follows from its number alone, so that one that fails is told again by it.
"""

from __future__ import annotations

import random

import pytest

from tests.bench.device.benches import BOLUS, HOUR_MS, infusing, program
from thecal.bench.device import Delay, Drop, Duplicate, Flip, Reorder, Truncate, Way
from thecal.device import LogKind, Role
from thecal.telemetry import Applied, NotApplied

STROKE_NL = 500
ACTS = 80


class Story:
    """One device and four programmers; ``chance`` decides everything."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)
        self.bench, self.physician = infusing(seed=str(number), drift_ppm=self.chance.randint(-200, 200))
        self.patients = [self.bench.attach(Role.PATIENT) for _ in range(2)]
        self.emergency = self.bench.attach(Role.EMERGENCY)
        self.cuts = 0
        self.granted = 0
        self.log = {}

    def tell(self) -> None:
        acts = [
            self.ask,
            self.ask,
            self.disturb,
            self.disturb,
            self.cut,
            self.motor,
            self.drift,
            self.knock,
            self.reprogram,
        ]
        for _ in range(ACTS):
            self.chance.choice(acts)()
            self.bench.advance(self.chance.randint(1, 2 * HOUR_MS))
            self.read_log()
            if not self.bench.pump.is_powered and self.chance.random() < 0.7:
                self.bench.faults.restore_power()
            self.check()
        self.quiet()

    def ask(self) -> None:
        patient = self.chance.choice(self.patients)
        patient.patience_ms = self.chance.choice([0, 5_000])
        outcome = patient.request_bolus() if patient.pending is None else patient.settle()
        self.granted += isinstance(outcome, Applied)

    def disturb(self) -> None:
        faults = [Drop(), Duplicate(), Reorder(), Delay(self.chance.randint(1, 40_000)), Flip(77), Truncate(9)]
        client = self.chance.choice(self.patients)
        client.disturb(self.chance.choice(list(Way)), *self.chance.choices(faults, k=2))

    def cut(self) -> None:
        if self.bench.pump.is_powered:
            self.cuts += 1
            self.bench.faults.cut_power_at_byte(self.chance.randint(1, 600))

    def motor(self) -> None:
        if self.chance.random() < 0.5:
            self.bench.faults.miss_strokes(self.chance.randint(1, 2))
        else:
            self.bench.faults.stall(self.chance.randint(1, HOUR_MS))

    def drift(self) -> None:
        self.bench.faults.drift(self.chance.randint(-200, 200))

    def knock(self) -> None:
        client = self.chance.choice(self.bench.clients)
        client.inject(self.chance.randbytes(30))
        if client.recorded:
            client.replay(self.chance.choice(client.recorded))

    def reprogram(self) -> None:
        if self.bench.pump.is_powered and self.physician.pending is None:
            self.physician.program(program(self.bench, self.chance.choice([120_000, 240_000, 480_000]), BOLUS))
        elif self.physician.pending is not None:
            self.physician.settle()

    def read_log(self) -> None:
        self.log |= {entry.sequence: entry for entry in self.bench.believes.log}

    def check(self) -> None:
        over_nl = self.bench.believes.delivered_nl - self.bench.left_tip_nl
        if self.bench.pump.is_powered:
            assert 0 <= over_nl <= self.cuts * STROKE_NL
        assert self.bench.fluid.path.is_balanced

    def quiet(self) -> None:
        """The link is sound again, the power on: what is not known yet is settled."""
        self.bench.faults.cut_power_at_byte(None)
        if not self.bench.pump.is_powered:
            assert self.bench.faults.restore_power()
        for client in self.bench.clients:
            for way in Way:
                client.channel.air.calm(way)
        self.bench.advance(HOUR_MS)
        for patient in self.patients:
            if patient.pending is not None:
                outcome = patient.settle()
                assert isinstance(outcome, Applied | NotApplied) or type(outcome).__name__ == "NoLongerKnown"
                self.granted += isinstance(outcome, Applied)
        self.read_log()

    @property
    def everything(self) -> object:
        bench = self.bench
        frames = tuple(frame for client in bench.clients for frame in client.recorded)
        return bench.pump.memory.banks, frames, bench.fluid.path, bench.left_tip_nl, bench.believes.state


def told(number: int) -> Story:
    story = Story(number)
    story.tell()
    return story


@pytest.mark.parametrize("number", range(12))
def test_whatever_happens_at_once_nothing_is_given_twice_and_every_stroke_but_those_cut_is_counted(number):
    story = told(number)
    boluses = sum(entry.kind is LogKind.BOLUS_GRANTED for entry in story.log.values())
    assert boluses == story.granted


def test_a_story_told_again_is_the_same_to_the_byte():
    assert told(5).everything == told(5).everything
    assert told(5).everything != told(6).everything
