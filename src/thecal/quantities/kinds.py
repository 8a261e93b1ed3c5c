"""The kinds of quantity Thecal speaks: what each counts and which units may be typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from thecal.quantities import units
from thecal.quantities.amount import Amount


@dataclass(frozen=True, slots=True, order=True)
class Volume(Amount):
    """An amount of fluid, counted in whole nanolitres (nL)."""

    KIND: ClassVar[str] = "volume"
    UNITS: ClassVar[Mapping[str, int]] = units.VOLUME


@dataclass(frozen=True, slots=True, order=True)
class Mass(Amount):
    """An amount of drug, counted in whole nanograms (ng)."""

    KIND: ClassVar[str] = "mass"
    UNITS: ClassVar[Mapping[str, int]] = units.MASS


@dataclass(frozen=True, slots=True, order=True)
class Concentration(Amount):
    """Drug per fluid, counted in whole nanograms per millilitre (ng/mL)."""

    KIND: ClassVar[str] = "concentration"
    UNITS: ClassVar[Mapping[str, int]] = units.CONCENTRATION


@dataclass(frozen=True, slots=True, order=True)
class FlowRate(Amount):
    """Fluid per time, counted in whole nanolitres per day (nL/day)."""

    KIND: ClassVar[str] = "flow rate"
    UNITS: ClassVar[Mapping[str, int]] = units.FLOW_RATE


@dataclass(frozen=True, slots=True, order=True)
class DoseRate(Amount):
    """Drug per time, counted in whole nanograms per day (ng/day)."""

    KIND: ClassVar[str] = "dose rate"
    UNITS: ClassVar[Mapping[str, int]] = units.DOSE_RATE


@dataclass(frozen=True, slots=True, order=True)
class Duration(Amount):
    """A length of time, counted in whole milliseconds (ms)."""

    KIND: ClassVar[str] = "duration"
    UNITS: ClassVar[Mapping[str, int]] = units.DURATION
