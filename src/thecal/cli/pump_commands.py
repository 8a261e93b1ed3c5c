"""What a person may type while a pump is inspected, and what is answered, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from thecal.bench.device.inspection import Inspection
from thecal.cli.pump_text import fields_lines, memory_lines, moment_text, step_lines
from thecal.quantities import Duration, QuantityError

HELP = (
    "next          the next event, and what it changed (also: an empty line)",
    "next N        the next N events, 1 to 1000",
    "until TIME    every event up to a moment since the beginning: until 2 h",
    "state         the controller's state",
    "supervisor    the supervisor's state",
    "truth         what is truly so, whatever the pump believes",
    "memory        both banks, record by record, in hexadecimal",
    "help          this list",
    "quit          the end",
)
NEXT_MAX = 1_000


class Commands:
    """One conversation. What cannot be understood is answered in one line and changes nothing."""

    def __init__(self, inspection: Inspection) -> None:
        self.is_over = False
        self._inspection = inspection

    def answer(self, line: str) -> Iterator[str]:
        """The lines that answer one typed line."""
        word, _, rest = line.strip().partition(" ")
        plain: dict[str, Callable[[], Iterator[str]]] = {
            "state": lambda: fields_lines(self._inspection.controller),
            "supervisor": lambda: fields_lines(self._inspection.supervisor),
            "truth": lambda: fields_lines(self._inspection.truth),
            "memory": lambda: memory_lines(self._inspection.memory),
            "help": lambda: iter(HELP),
            "quit": self._quit,
        }
        if word in plain and not rest:
            return plain[word]()
        if word in ("", "next"):
            return self._next(rest.strip() or "1")
        if word == "until":
            return self._until(rest.strip())
        return iter((f"not a command: {line.strip()!r}; help lists them",))

    def _quit(self) -> Iterator[str]:
        self.is_over = True
        return iter(())

    def _next(self, count: str) -> Iterator[str]:
        if not count.isascii() or not count.isdigit() or not 1 <= int(count) <= NEXT_MAX:
            yield f"next: a whole number from 1 to {NEXT_MAX}, not {count!r}"
            return
        for _ in range(int(count)):
            yield from step_lines(self._inspection.next())

    def _until(self, moment: str) -> Iterator[str]:
        try:
            at_ms = Duration.parse(moment).count
        except QuantityError as refused:
            yield f"until: {refused}"
            return
        now_ms = self._inspection.bench.at_ms
        if at_ms < now_ms:
            yield f"until: it is {moment_text(now_ms)} already, and time does not run back"
            return
        while self._inspection.is_due_by(at_ms):
            yield from step_lines(self._inspection.next())
        self._inspection.rest_until(at_ms)
        yield f"It is {moment_text(at_ms)}."
