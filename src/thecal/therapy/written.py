"""Where a check document writes what is planned, so that a finding leads back to the field it is about."""

from __future__ import annotations

from dataclasses import dataclass

from thecal.therapy.prescription import Flex, Regimen, SimpleContinuous

PRESCRIPTION = "pending.prescription"


@dataclass(frozen=True, slots=True)
class Written:
    """Paths of the therapy and of the fluid it is meant for.

    ``one_flow``: nothing is prescribed, for the pump has one flow for life; its doses are those of the fluid.
    """

    therapy: str = PRESCRIPTION
    fluid: str = f"{PRESCRIPTION}.fluid"
    one_flow: bool = False

    def dose(self, regimen: Regimen) -> str:
        """The 24-hour dose; a stopped therapy has only its mode."""
        if self.one_flow:
            return self.fluid
        if isinstance(regimen, Flex):
            return f"{self.therapy}.steps"
        return f"{self.therapy}.{'daily_dose' if isinstance(regimen, SimpleContinuous) else 'mode'}"

    def concentration(self, place: int) -> str:
        """The concentration of one drug of the fluid, counted from 0."""
        return f"{self.fluid}[{place}].concentration"


AS_PRESCRIBED = Written()
