"""A moment on the bench clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from thecal.quantities.amount import QuantityError
from thecal.quantities.kinds import Duration

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """A moment in UTC, counted in whole milliseconds since 1970-01-01T00:00:00Z."""

    epoch_ms: int

    def __post_init__(self) -> None:
        if type(self.epoch_ms) is not int:
            raise TypeError("Instant counts whole milliseconds; use parse() for text")
        if not 0 <= self.epoch_ms < 253_402_300_800_000:
            raise QuantityError("an instant must lie between the years 1970 and 9999")

    @classmethod
    def parse(cls, text: str) -> Instant:
        """Read ``2026-11-22T08:00:00Z``. Raises QuantityError; a text without an offset is refused."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise QuantityError(f"{text!r} is not an instant: write it as 2026-11-22T08:00:00Z") from None
        if moment.tzinfo is None:
            raise QuantityError(f"{text!r} has no offset from UTC: write it as 2026-11-22T08:00:00Z")
        return cls((moment - _EPOCH) // timedelta(milliseconds=1))

    def plus(self, duration: Duration) -> Instant:
        """The moment ``duration`` later."""
        return Instant(self.epoch_ms + duration.count)

    def since(self, earlier: Instant) -> Duration:
        """How long after ``earlier`` this moment is. Raises QuantityError when it is before it."""
        return Duration(self.epoch_ms - earlier.epoch_ms)

    def __str__(self) -> str:
        moment = _EPOCH + timedelta(milliseconds=self.epoch_ms)
        return moment.isoformat(timespec="milliseconds").replace(".000", "").replace("+00:00", "Z")
