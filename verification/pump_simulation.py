"""The pump among people, on a bad link and under every fault: whole pump-days from one seed, the same each time.

A seed decides everything: the model, the keys, what people do and when, what strikes each frame, which fault befalls
the pump. What is looked at is counted from outside: the strokes that the motor truly made, the log as it grew, and what
each programmer was told became of each of its commands. ``python -m verification.pump_simulation SEED`` replays it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from random import Random

from thecal.bench.command_ids import command_ids
from thecal.bench.device import Client, Delay, DeviceBench, Drop, Duplicate, Flip, Keys, Reorder, Setup, Truncate, Way
from thecal.bench.handset import Handset
from thecal.catalogue.pumps import programmable_models, programmable_pump
from thecal.cli.link_protection import protected
from thecal.column import Fluid
from thecal.device import Alarm, Component, Mode, Role, SetAlarmIntervals, SetClock, SilenceAlarm, Staged
from thecal.device.commands import AlarmTest, CancelBolus, ClearAlarm
from thecal.handheld import Answer
from thecal.pump import SelfTest
from thecal.telemetry import Applied, NoLongerKnown, Outcome, let_go
from verification.pump_seen import Seen, Wrong
from verification.pump_stub import checksummed
from verification.pump_tally import Tally
from verification.pump_written import any_program

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
DAYS = 25
STRENGTH = 1_000_000
TWICE_EVERY = 4  # one seed of so many is played twice, to the bit
MODELS = tuple(key for key in programmable_models() if programmable_pump(key).longevity)


class Simulation:
    """One pump with its people for ``days``. Raises Wrong where something is seen that must not be."""

    def __init__(self, seed: int, days: int = DAYS) -> None:
        self.chance = chance = Random(seed)
        keys: Keys = protected if seed % 2 else checksummed
        self.model = chance.choice(MODELS)
        setup = Setup(self.model, seed=f"simulation {seed}", drift_ppm=chance.randint(-500, 500))
        self.bench = DeviceBench(setup, keys)
        self.seen = Seen(self.bench)
        self.programmers = tuple(self.bench.attach(Role.PHYSICIAN, name) for name in ("clinic", "ward"))
        phone = self.bench.attach(Role.PATIENT, "handset")
        self.handset, self.phone = Handset(phone.channel, command_ids(f"handset {seed}")), phone
        self.ends_ms = days * DAY
        self.last_fault = seed % 5
        self.trouble = 0.01 if seed % 3 == 0 else 0.2  # in calm days a program runs long enough to meet its limits
        self.acts: Counter[str] = Counter()

    def play(self) -> str:
        """Live the days, settle what is open, and compare. Returns the hash of everything that was seen."""
        self._refill()
        self._program()
        while self.bench.at_ms < self.ends_ms:
            self._pause()
            if not self.bench.pump.is_powered:
                self._restore()
                continue
            people, faults = (self._people(), self._faults())
            name, act = self.chance.choice(people if self.chance.random() >= self.trouble else faults)
            self._act(name, act)
        self._settle_all()
        self.seen.compare()
        self._last()
        return self.seen.trace(client.recorded for client in (*self.programmers, self.phone))

    def _pause(self) -> None:
        """Mostly hours, sometimes no time at all; the link is bad for half of what follows."""
        self.bench.advance(int(self.chance.choice((0, MINUTE, HOUR, HOUR, 4 * HOUR)) * self.chance.random()))
        for client in (*self.programmers, self.phone):
            client.patience_ms = self.chance.choice((0, 0, 15_000))
            for way in Way:
                client.channel.air.calm(way)
                if self.chance.random() < 2.5 * self.trouble:
                    client.disturb(way, *(self._in_the_air() for _ in range(4)))

    def _in_the_air(self) -> Drop | Delay | Duplicate | Reorder | Flip | Truncate:
        chance = self.chance
        made: Callable[[], Drop | Delay | Duplicate | Reorder | Flip | Truncate] = chance.choice(
            (
                Drop,
                Duplicate,
                Reorder,
                lambda: Delay(chance.choice((1, 500, 20_000, 40_000))),
                lambda: Flip(chance.randrange(4_000)),
                lambda: Truncate(chance.randrange(60)),
                lambda: Delay(1),
            )
        )
        return made()

    def _act(self, name: str, act: Callable[[], object]) -> None:
        self.acts[name] += 1
        self.seen.after(name, act())

    # people

    def _people(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        return (
            *(("ask", self._ask),) * (6 if self.trouble > 0.1 else 90),
            ("look", self.handset.look),
            ("read", lambda: self.chance.choice(self.programmers).interrogate()),
            *(("program", self._program),) * 2,
            ("refill", self._refill),
            ("stop", lambda: self._command("stop infusion", lambda by: by.stop())),
            ("cancel", lambda: self._command("cancel bolus", lambda by: by.change(CancelBolus()))),
            ("setting", self._setting),
            ("replay", self._replay),
        )

    def _ask(self) -> object:
        answer = self.handset.ask()
        if answer.answer is Answer.GRANTED and answer.at_tick_ms is not None:
            self.seen.told("request bolus", Applied(answer.at_tick_ms))
        elif answer.answer is Answer.NO_LONGER_KNOWN:
            self.seen.forgotten["request bolus"] += 1
        return answer

    def _command(self, kind: str, say: Callable[[Client], Outcome]) -> object:
        """One of the programmers gives a command, or settles first what it does not know."""
        by = self.chance.choice(self.programmers)
        if by.pending is not None:
            return self._settle(by)
        outcome = say(by)
        if isinstance(outcome, Applied):
            self.seen.told(kind, outcome)
        return outcome

    def _settle(self, by: Client) -> object:
        pending = by.pending
        if pending is None:
            return None
        settled = by.settle()
        if isinstance(settled, NoLongerKnown):
            self.seen.forgotten[pending.kind] += 1
            by.carry_out(lambda session: let_go(session, settled))
        elif isinstance(settled, Applied):
            self.seen.told(pending.kind, settled)
        return settled

    def _program(self) -> object:
        by = self.chance.choice(self.programmers)
        if by.pending is not None:
            return self._settle(by)
        found = by.interrogate()
        wanted = any_program(self.chance, found, COMPONENTS)
        if wanted is None:
            return found
        staged = by.stage(wanted[0], wanted[1])
        if not isinstance(staged, Staged):
            return staged
        outcome = by.commit(staged.staged_hash, staged.soft_limits)
        if isinstance(outcome, Applied):
            self.seen.told("commit", outcome)
        return outcome

    def _refill(self) -> object:
        """The reservoir is emptied and filled; what the pump is told may be a little wrong."""
        by = self.chance.choice(self.programmers)
        if by.pending is not None:
            return self._settle(by)
        most_nl = self.seen.descriptor.reservoir_nl
        volume_nl = self.chance.randint(most_nl // 8, most_nl)
        if self.bench.reservoir_nl:
            self.bench.withdraw(self.bench.reservoir_nl)
        self.bench.inject(volume_nl, Fluid.of([("morphine", STRENGTH)]))
        told_nl = volume_nl - self.chance.choice((0, 0, 0, volume_nl // 20))
        outcome = by.record_refill(told_nl, COMPONENTS)
        self.seen.rebase()
        if isinstance(outcome, Applied):
            self.seen.told("record refill", outcome)
        return outcome

    def _setting(self) -> object:
        chance = self.chance
        alarm = chance.choice(list(Alarm))
        change, kind = chance.choice(
            (
                (SilenceAlarm(alarm, HOUR), "silence alarm"),
                (ClearAlarm(alarm), "clear alarm"),
                (AlarmTest(critical=chance.random() < 0.5), "test alarm"),
                (SetAlarmIntervals(10 * MINUTE, chance.choice((HOUR, 2 * HOUR))), "set alarm tones"),
                (SetClock(self.bench.civil_utc_ms + chance.randint(-HOUR, HOUR), 0), "set clock"),
            )
        )
        return self._command(kind, lambda by: by.change(change))

    def _replay(self) -> None:
        """Somebody sends again what was in the air before, and bytes that nobody sent."""
        client = self.chance.choice((*self.programmers, self.phone))
        for frame in self.chance.choices(client.recorded, k=3) if client.recorded else ():
            client.replay(frame)
        client.inject(self.chance.randbytes(self.chance.randrange(80)))

    # faults

    def _faults(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        faults, chance = self.bench.faults, self.chance
        return (
            ("cut", faults.cut_power),
            ("cut in stroke", faults.cut_power_in_next_stroke),
            *(("cut at byte", lambda: faults.cut_power_at_byte(chance.randint(1, 3_000))),) * 3,
            ("miss", lambda: faults.miss_strokes(chance.randint(1, 4))),
            ("stall", lambda: faults.stall(chance.randint(1, 6 * HOUR))),
            ("run away", self._run_away),
            ("hang", lambda: self._causes_trip(lambda: faults.hang_controller(chance.randint(1, 600_000)))),
            ("field", self._field),
            ("drift", lambda: faults.drift(chance.randint(-500, 500))),
            ("wall clock", lambda: faults.step_clock(chance.choice((-HOUR, HOUR)))),
            ("doubt", faults.doubt_clock),
            ("self test", lambda: faults.fail_self_test(chance.choice(list(SelfTest)))),
            ("sag", faults.sag_battery),
            ("corrected", faults.correct_memory),
            ("gain", lambda: faults.gain_fluid(chance.choice((0, 5_000)))),
        )

    def _causes_trip(self, fault: Callable[[], object]) -> None:
        self.seen.may_trip = True
        fault()

    def _run_away(self) -> None:
        """Strokes that nobody asked for can only be counted afterwards: the power holds, the controller hears them."""
        if self.bench.pump.is_hung:
            return
        self.bench.faults.cut_power_at_byte(None)
        self._causes_trip(lambda: self.bench.faults.run_away(self.chance.randint(1, 3)))

    def _restore(self) -> None:
        self.seen.losses += 1
        self._act("restore", self.bench.faults.restore_power)

    def _field(self) -> None:
        faults = self.bench.faults
        faults.enter_field()
        self.bench.advance(self.chance.randint(1, HOUR))
        if self.bench.pump.is_powered:
            faults.leave_field(self.chance.choice((1, 2 * HOUR)))
        else:
            faults.magnet.leave(self.bench.at_ms, 1)
        if self.bench.fluid.is_shut:
            faults.magnet.reset_flow_valve()
        self.seen.rebase()

    # the end

    def _settle_all(self) -> None:
        """The air is calm and the power on: whatever is open is asked for until the pump has said."""
        self.bench.faults.cut_power_at_byte(None)
        if not self.bench.pump.is_powered:
            self._restore()
        self.bench.advance(HOUR)
        for client in (*self.programmers, self.phone):
            for way in Way:
                client.channel.air.calm(way)
        for _ in range(2):  # one frame may still lie in the air of each way, and takes the place of the first answer
            for by in self.programmers:
                self.seen.after("settle", self._settle(by))
            if self.handset.store.pending is not None:
                self._act("ask", self._ask)
        open_ = [by.name for by in self.programmers if by.pending is not None]
        if open_ or self.handset.store.pending is not None:
            raise Wrong(f"on a calm link something stays unknown: {open_ or 'the handset'}")

    def _last(self) -> None:
        """What no pump comes back from, after all else was compared: it must give nothing any more."""
        bench, faults = self.bench, self.bench.faults
        if self.last_fault == 0:
            faults.kill_supervisor()
        elif self.last_fault == 1:
            faults.cut_power()
            bank = self.chance.randrange(2)
            faults.flip_bit(bank, self.chance.randrange(8 * len(bench.pump.memory.banks[bank])))
            faults.restore_power()
        before = self.seen.strokes
        bench.advance(DAY)
        stopped = bench.believes.program.mode is Mode.STOPPED
        damaged = Alarm.MEMORY_FAULT in bench.believes.alarms
        if (self.last_fault == 0 or (damaged and stopped)) and self.seen.strokes != before:
            raise Wrong("a pump without supervisor, or with a memory fault, made strokes")


COMPONENTS = (Component("morphine", STRENGTH),)


def run(first_seed: int, last_seed: int) -> Tally:
    """Play these seeds, both included; ``done`` counts pump-days, each seed once."""
    days, failures, acts = 0, [], Counter[str]()
    for seed in range(first_seed, last_seed + 1):
        simulation = Simulation(seed)
        try:
            trace = simulation.play()
            if seed % TWICE_EVERY == 0 and Simulation(seed).play() != trace:
                failures.append(f"seed {seed}: the same seed gave another trace")
        except (Wrong, ValueError, RuntimeError, AssertionError) as wrong:
            failures.append(f"seed {seed}: {type(wrong).__name__}: {str(wrong).splitlines()[0]}")
            continue
        days += DAYS
        acts += simulation.acts
    return Tally(days, tuple(failures), ", ".join(f"{count} {name}" for name, count in acts.most_common()))


if __name__ == "__main__":
    print(Simulation(int(sys.argv[1])).play())
