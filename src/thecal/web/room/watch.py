"""One patient as looked at: truth followed, belief read, course computed; again only when something has changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from asgiref.sync import sync_to_async

from thecal.adapters.memory_file import bank_paths
from thecal.bench.case import Case
from thecal.catalogue.pumps import ConstantFlowPump, pump_model
from thecal.web.case_files import case_of, patient_folder
from thecal.web.room.believed import Believed, believed
from thecal.web.room.course import Course, course_in
from thecal.web.room.drawing import Drawing, drawing
from thecal.web.room.facts import Pair, facts
from thecal.web.room.followed import Followed
from thecal.web.room.window import COLUMNS, Span, Window


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Everything a page about this patient shows, as of ``course.window.to_ms``."""

    case: Case
    belief: Believed | None
    course: Course
    drawing: Drawing
    facts: tuple[Pair, ...]
    constant_flow: bool
    version: str  # changes when the charts do


class Watch:
    """Keeps up with one patient. One look at a time; the numbers are made beside the event loop."""

    def __init__(self, data: Path, patient: str) -> None:
        self._folder = patient_folder(data, patient)
        self.case = case_of(data, patient)
        self._constant_flow = isinstance(pump_model(self.case.system.pump), ConstantFlowPump)
        self._followed: Followed | None = None
        self._courses: dict[Span, tuple[int, Course]] = {}
        self._belief: tuple[tuple[tuple[int, int], ...], Believed | None] | None = None
        self._turn = asyncio.Lock()

    async def look(self, span: Span, bench_ms: int | None) -> Look:
        """The patient now. Raises TruthDamaged, MassBalanceError, OSError."""
        async with self._turn:
            return await sync_to_async(self._look, thread_sensitive=False)(span, bench_ms)

    def _look(self, span: Span, bench_ms: int | None) -> Look:
        if self._followed is None:
            self._followed = Followed.begin(self._folder / "truth.log")
        else:
            self._followed.look()
        followed, belief = self._followed, self._believes()
        course = self._course(followed, span, bench_ms)
        reservoir = followed.path.reservoir
        drawn = drawing(
            course,
            followed.path.line,
            (reservoir.volume_nl, reservoir.capacity_nl, reservoir.fluid),
            None if belief is None else belief.reservoir.count,
            followed.strokes,
        )
        return Look(
            case=self.case,
            belief=belief,
            course=course,
            drawing=drawn,
            facts=facts(self.case, followed, belief, course),
            constant_flow=self._constant_flow,
            version=f"{span.key}-{followed.version}-{course.window.to_ms}",
        )

    def _course(self, followed: Followed, span: Span, bench_ms: int | None) -> Course:
        """Drawn anew when something left the pump, or when a column's worth of time has passed."""
        # What flows out of a gas-driven pump is written down every few minutes: beyond that nothing is known yet.
        now_ms = followed.at_ms if bench_ms is None or self._constant_flow else max(bench_ms, followed.at_ms)
        kept = self._courses.get(span)
        if kept is not None and kept[0] == followed.version:
            window = kept[1].window
            if now_ms - window.to_ms <= (window.to_ms - window.from_ms) // COLUMNS:
                return kept[1]
        begins_ms = followed.implantation.from_ms
        window = Window.ending(span, begins_ms, now_ms, self.case.clock_offset_min)
        course = course_in(self.case, followed, window)
        self._courses[span] = (followed.version, course)
        return course

    def _believes(self) -> Believed | None:
        memory = self._folder / "memory.bin"
        found = [each.stat() for each in bank_paths(memory) if each.exists()]
        if self._constant_flow or not found:
            return None
        stamp = tuple((each.st_mtime_ns, each.st_size) for each in found)
        if self._belief is None or self._belief[0] != stamp:
            self._belief = (stamp, believed(memory))
        return self._belief[1]
