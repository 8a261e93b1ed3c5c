"""The stretch of time that is looked at: how far back, in how many columns, with which marks on the axis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from thecal.quantities import Instant
from thecal.therapy.showing import clock_text, date_text

HOUR_MS = 3_600_000
DAY_MS = 86_400_000
COLUMNS = 240


class Span(Enum):
    """How far back: name in the address, words, length, and one bar of the dose strip (ms)."""

    HALF_DAY = ("half-day", "12 hours", DAY_MS // 2, HOUR_MS)
    TWO_DAYS = ("two-days", "2 days", 2 * DAY_MS, HOUR_MS)
    WEEK = ("week", "7 days", 7 * DAY_MS, 6 * HOUR_MS)
    MONTH = ("month", "30 days", 30 * DAY_MS, DAY_MS)

    def __init__(self, key: str, words: str, length_ms: int, bar_ms: int) -> None:
        self.key, self.words, self.length_ms, self.bar_ms = key, words, length_ms, bar_ms

    @classmethod
    def of(cls, key: str) -> Span:
        """The span of this name; two days when there is none such."""
        return next((span for span in cls if span.key == key), cls.TWO_DAYS)

    @property
    def bar_words(self) -> str:
        """``hour``, ``6 hours``, ``day``."""
        hours = self.bar_ms // HOUR_MS
        return "hour" if hours == 1 else "day" if hours == 24 else f"{hours} hours"


@dataclass(frozen=True, slots=True)
class Window:
    """Bench time from ``from_ms`` to ``to_ms`` on a clock ``offset_min`` from UTC. All lists are bench ms."""

    span: Span
    from_ms: int
    to_ms: int
    offset_min: int

    @classmethod
    def ending(cls, span: Span, begins_ms: int, now_ms: int, offset_min: int) -> Window:
        """The last ``span``, but not from before the record begins; at least a minute."""
        to_ms = max(now_ms, begins_ms + 60_000)
        return cls(span, max(begins_ms, to_ms - span.length_ms), to_ms, offset_min)

    @property
    def columns_ms(self) -> tuple[int, ...]:
        """The moments drawn, oldest first, the last one now."""
        return tuple(self.from_ms + (self.to_ms - self.from_ms) * each // COLUMNS for each in range(COLUMNS + 1))

    @property
    def bars_ms(self) -> tuple[int, ...]:
        """Borders of the dose strip: round times of the civil clock, the last one beyond now."""
        return self._round(self.span.bar_ms, self._floor(self.from_ms, self.span.bar_ms))

    @property
    def marks(self) -> tuple[tuple[int, str], ...]:
        """Where the axis is marked, and how: the date at midnight, else the time of day."""
        length = self.to_ms - self.from_ms
        every = next((ms for ms in _MARKS if length <= 8 * ms), _MARKS[-1])
        return tuple((at, self._mark(at)) for at in self._round(every, self._ceil(every)) if at <= self.to_ms)

    def civil_s(self, at_ms: int) -> float:
        """Seconds of the civil clock, as a chart wants them."""
        return (at_ms + self.offset_min * 60_000) / 1_000

    def _mark(self, at_ms: int) -> str:
        moment = Instant(at_ms)
        if (at_ms + self.offset_min * 60_000) % DAY_MS:
            return clock_text(moment, self.offset_min)
        return date_text(moment, self.offset_min).rsplit(" ", 1)[0]

    def _floor(self, at_ms: int, every_ms: int) -> int:
        civil = at_ms + self.offset_min * 60_000
        return at_ms - civil % every_ms

    def _ceil(self, every_ms: int) -> int:
        floor = self._floor(self.from_ms, every_ms)
        return floor if floor == self.from_ms else floor + every_ms

    def _round(self, every_ms: int, first_ms: int) -> tuple[int, ...]:
        return tuple(range(first_ms, self.to_ms + every_ms, every_ms))


_MARKS = (60_000, 300_000, 900_000, HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 2 * DAY_MS, 5 * DAY_MS)
