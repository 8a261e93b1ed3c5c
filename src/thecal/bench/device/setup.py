"""What is put on the bench: model, serial, patient, site, fluid path; everything checked in one line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from thecal.bench.case_records import Reservoir, System
from thecal.bench.plumbing import line_nl, true_reservoir
from thecal.catalogue.pumps import Pump, pump_model
from thecal.column import SALINE
from thecal.device.invalid import check_name
from thecal.fluid import FluidPath
from thecal.quantities import Volume

BEGINS_UTC_MS = 1_795_334_400_000  # 22 November 2026, 08:00 UTC


@dataclass(frozen=True, slots=True)
class Setup:
    """One device. ``site`` is the text of a site file: the pump then holds its drug library; without, none.

    ``path`` is reservoir and line as they are at first; left out, an empty reservoir and a line full of saline, with
    ``catheter`` untrimmed. ``seed`` keys the link: the same seed gives the same frames. Drift in ppm of bench time.
    Raises CatalogueError for a model or catheter that does not exist, ValueError for a name that no pump can carry.
    """

    model: str
    serial: str = "BENCH-1"
    patient_token: str = "bench"
    site: str | None = None
    begins_utc_ms: int = BEGINS_UTC_MS
    clock_offset_min: int = 0
    drift_ppm: int = 0
    catheter: str = "ascenda-8780"
    path: FluidPath | None = None
    seed: str = "bench"

    def __post_init__(self) -> None:
        check_name("serial", self.serial)
        check_name("patient token", self.patient_token)
        pump_model(self.model)

    @property
    def pump(self) -> Pump:
        """The catalogue's entry of the model."""
        return pump_model(self.model)

    def path_at_first(self) -> FluidPath:
        """Reservoir and line as they are when the bench is made. Raises CatalogueError."""
        if self.path is not None:
            return self.path
        system = System(self.model, self.serial, self.catheter, Decimal(0), "T10")
        return FluidPath.implanted(true_reservoir(system, Reservoir(Volume(0), ())), line_nl(system), SALINE)
