"""Closed-form laws of flow: pressures, viscosity, constant-flow pumps, resistances, transit, spreading fronts.

Floats in names that carry their unit; ``flow_share``, ``front_arrival`` and their like take and give whole numbers and
Fractions for the rooms that count.
"""

from thecal.hydraulics.arrival import Arrival, arrival
from thecal.hydraulics.constant_flow import Conditions, Drive, ElasticDrive, flow_ratio, with_spring
from thecal.hydraulics.dispersion import (
    back_diffusion_m,
    crossings,
    effective_dispersion_m2_per_s,
    peclet,
    resting_spread_m,
    spread_share,
    tip_share,
)
from thecal.hydraulics.lumen import Lumen
from thecal.hydraulics.pressure import (
    KPA_PER_MMHG,
    ambient_pressure_kpa,
    pressure_under_sea_kpa,
    vapour_pressure_kpa,
)
from thecal.hydraulics.resistance import (
    capillary_length_m,
    kink_bore_m,
    lumen_resistance_pa_s_per_m3,
    restricted_share,
    restrictor_resistance_pa_s_per_m3,
)
from thecal.hydraulics.spill import (
    early_spill_share,
    laminar_outlet_share,
    laminar_spill,
    laminar_tip_share,
    spill_share,
)
from thecal.hydraulics.transit import transit_ms
from thecal.hydraulics.viscosity import glycerol_thickness, glycerol_viscosity_mpa_s, water_viscosity_mpa_s
from thecal.hydraulics.whole import (
    FrontArrival,
    WholeConditions,
    ambient_pa,
    flow_share,
    front_arrival,
    glycerol_thickness_of,
    kinked_share,
    pa_of_mmhg,
    under_sea_pa,
)

__all__ = [
    "KPA_PER_MMHG",
    "Arrival",
    "Conditions",
    "Drive",
    "ElasticDrive",
    "FrontArrival",
    "Lumen",
    "WholeConditions",
    "ambient_pa",
    "ambient_pressure_kpa",
    "arrival",
    "back_diffusion_m",
    "capillary_length_m",
    "crossings",
    "early_spill_share",
    "effective_dispersion_m2_per_s",
    "flow_ratio",
    "flow_share",
    "front_arrival",
    "glycerol_thickness",
    "glycerol_thickness_of",
    "glycerol_viscosity_mpa_s",
    "kink_bore_m",
    "kinked_share",
    "laminar_outlet_share",
    "laminar_spill",
    "laminar_tip_share",
    "lumen_resistance_pa_s_per_m3",
    "pa_of_mmhg",
    "peclet",
    "pressure_under_sea_kpa",
    "resting_spread_m",
    "restricted_share",
    "restrictor_resistance_pa_s_per_m3",
    "spill_share",
    "spread_share",
    "tip_share",
    "transit_ms",
    "under_sea_pa",
    "vapour_pressure_kpa",
    "water_viscosity_mpa_s",
    "with_spring",
]
