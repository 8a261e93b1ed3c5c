"""The answer of the prime calculation as lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import drug
from thecal.therapy.calculation import Line
from thecal.therapy.calculators.prime.parts import EarlyArrival, NamedPush, Prime, PrimePlan
from thecal.therapy.mixing import mass_counted_of


def prime_lines(answer: Prime) -> tuple[Line, ...]:
    """Every number of the answer."""
    return (
        *_plan(answer.plan),
        Line("unprimed", "without a prime, fluid at the tip and no gap behind it after", answer.unprimed, "h"),
        *(line for each in answer.pushes for line in _push(each)),
    )


def _plan(plan: PrimePlan | None) -> Iterator[Line]:
    if plan is None:
        yield Line("volume", "prime", None)
        return
    yield Line("on_the_table", "prime before the pump is connected", plan.on_the_table, "mL")
    yield Line("table_duration", "time for that", plan.table_duration, "min")
    yield Line("volume", "prime in the patient", plan.volume, "mL")
    yield Line("rate", "flow of the prime", plan.rate, "mL/day")
    yield Line("duration", "time of the prime", plan.duration, "min")
    yield Line("to_bridge", "other fluid still in the line, to bridge", plan.to_bridge, "mL")
    for each in plan.early:
        yield from _early(each)


def _early(each: EarlyArrival) -> Iterator[Line]:
    known, key = drug(each.drug), f"early.{each.drug}"
    yield Line(f"{key}.tenth", f"{known.display} at 10 % of its strength at the tip after", each.front.tenth, "min")
    yield Line(f"{key}.half", f"{known.display} at 50 %", each.front.half, "min")
    yield Line(f"{key}.nine_tenths", f"{known.display} at 90 %", each.front.nine_tenths, "min")
    yield Line(f"{key}.volume", f"{known.display} fluid out before the prime ends", each.front.early, "µL")
    yield Line(f"{key}.mass", f"{known.display} out before the prime ends", each.mass, known.dose_unit)


def _push(each: NamedPush) -> Iterator[Line]:
    key, words, push = f"push.{each.key}", each.words, each.push
    yield Line(f"{key}.volume", words, push.volume, "mL")
    yield Line(f"{key}.duration", f"{words}: time", push.duration, "min")
    for name, ng in () if push.out is None else push.out.entries:
        known = drug(name)
        yield Line(f"{key}.out.{name}", f"{words}: {known.display} pushed out", mass_counted_of(ng), known.dose_unit)
    yield Line(f"{key}.gap", f"{words}: gap left in the line", push.gap, "mL")
    yield Line(f"{key}.gap_starts", f"{words}: the gap reaches the tip after", each.gap_starts, "h")
    yield Line(f"{key}.gap_lasts", f"{words}: the gap lasts", each.gap_lasts, "h")
