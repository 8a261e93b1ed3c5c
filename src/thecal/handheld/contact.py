"""Whom the patient calls: the clinic that looks after this pump."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """Name and number as they are read out, for instance ``Contact("Demo Pump Clinic", "555 0100")``."""

    name: str
    telephone: str

    @property
    def words(self) -> str:
        """``Demo Pump Clinic, 555 0100``."""
        return f"{self.name}, {self.telephone}"
