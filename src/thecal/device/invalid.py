"""What is raised for a program or a library that cannot exist in any pump."""

from __future__ import annotations


class ProgramInvalid(ValueError):
    """A program that cannot exist in any pump; the message is one line naming the field."""


def check_name(field: str, text: str) -> None:
    """Raises ProgramInvalid for anything but 1 to 40 printable ASCII characters."""
    if type(text) is not str or not 1 <= len(text) <= 40 or not text.isascii() or not text.isprintable():
        raise ProgramInvalid(f"{field} must be 1 to 40 printable ASCII characters")
