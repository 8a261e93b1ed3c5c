"""Closed-form laws of flow: vapour pressure, ambient pressure, viscosity, constant-flow pumps, transit."""

from thecal.hydraulics.constant_flow import Conditions, Drive, ElasticDrive, flow_ratio
from thecal.hydraulics.pressure import (
    KPA_PER_MMHG,
    ambient_pressure_kpa,
    pressure_under_sea_kpa,
    vapour_pressure_kpa,
)
from thecal.hydraulics.transit import transit_ms
from thecal.hydraulics.viscosity import water_viscosity_mpa_s

__all__ = [
    "KPA_PER_MMHG",
    "Conditions",
    "Drive",
    "ElasticDrive",
    "ambient_pressure_kpa",
    "flow_ratio",
    "pressure_under_sea_kpa",
    "transit_ms",
    "vapour_pressure_kpa",
    "water_viscosity_mpa_s",
]
