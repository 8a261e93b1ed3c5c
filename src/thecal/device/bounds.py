"""What each number on the link may be: refused before it is encoded, refused again when it is decoded."""

from __future__ import annotations

from dataclasses import dataclass


class OutOfBounds(ValueError):
    """A number outside its field; the message names the field and what is accepted."""

    def __init__(self, field: Bound, value: object) -> None:
        super().__init__(f"{field.name} must be a whole number of {field.unit} from {field.low} to {field.high}")
        self.field = field
        self.value = value


@dataclass(frozen=True, slots=True)
class Bound:
    """A named whole number with unit and inclusive limits. Nothing wraps and nothing turns into zero."""

    name: str
    unit: str
    low: int
    high: int

    def check(self, value: object) -> int:
        """Return ``value`` unchanged. Raises OutOfBounds (booleans are not numbers)."""
        if type(value) is not int or not self.low <= value <= self.high:
            raise OutOfBounds(self, value)
        return value


# The widest model in the catalogue delivers 28.8 mL/day and holds 60 mL.
STROKE = Bound("stroke", "nL", 1, 10_000)  # the largest in the catalogue: 2500 nL, one actuation of a metered valve
RATE = Bound("rate", "nL/day", 0, 28_800_000)
STEP_START = Bound("step start", "min after midnight", 0, 1_439)
BOLUS_VOLUME = Bound("bolus volume", "nL", 1, 5_000_000)
BOLUS_DURATION = Bound("bolus duration", "ms", 60_000, 7_200_000)
LOCKOUT = Bound("lockout", "ms", 900_000, 86_400_000)
BOLUSES_PER_24H = Bound("patient boluses per 24 h", "boluses", 1, 24)
VOLUME_LIMIT = Bound("volume limit", "nL per 24 h", 0, 28_800_000)
RESERVOIR = Bound("reservoir volume", "nL", 0, 60_000_000)
CONCENTRATION = Bound("concentration", "ng/mL", 1, 100_000_000)
DAILY_DOSE = Bound("daily dose", "ng/day", 0, 2_880_000_000)
TICK = Bound("pump tick", "ms", 0, 2**53)
UTC = Bound("utc", "ms", 0, 2**53)
COUNT = Bound("count", "", 0, 2**53)
CLOCK_OFFSET = Bound("clock offset", "min from UTC", -840, 840)
WEEKDAYS = Bound("weekdays", "bits, Monday the lowest,", 1, 0b111_1111)
PERIODIC_INTERVAL = Bound("periodic interval", "ms", 900_000, 604_800_000)
ONCE_DURATION = Bound("single or priming bolus duration", "ms", 60_000, 86_400_000)
BRIDGE_DURATION = Bound("bridge bolus duration", "ms", 60_000, 604_800_000)  # 168 h: longer ones are refused
DELAYED_START = Bound("delayed start", "ms ahead", 0, 604_800_000)
SILENCE = Bound("silence", "ms", 60_000, 86_400_000)
CRITICAL_INTERVAL = Bound("interval of critical tones", "ms", 600_000, 7_200_000)
NON_CRITICAL_INTERVAL = Bound("interval of non-critical tones", "ms", 600_000, 86_400_000)
PERCENT = Bound("percent", "%", 0, 100_000)
