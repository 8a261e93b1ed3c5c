"""The closed list of units, each as a whole number of the counted unit of its kind."""

from __future__ import annotations

from types import MappingProxyType

# One spelling per unit. "microgram" is written out: "µg" and "mg" are mistaken for each other in handwriting
# and on small screens (ISMP list of error-prone abbreviations).
VOLUME = MappingProxyType({"nL": 1, "µL": 1_000, "mL": 1_000_000})
MASS = MappingProxyType({"ng": 1, "microgram": 1_000, "mg": 1_000_000})
CONCENTRATION = MappingProxyType({"ng/mL": 1, "microgram/mL": 1_000, "mg/mL": 1_000_000})
FLOW_RATE = MappingProxyType({"nL/day": 1, "µL/day": 1_000, "µL/h": 24_000, "mL/day": 1_000_000, "mL/h": 24_000_000})
DOSE_RATE = MappingProxyType(
    {"ng/day": 1, "microgram/day": 1_000, "microgram/h": 24_000, "mg/day": 1_000_000, "mg/h": 24_000_000}
)
DURATION = MappingProxyType({"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "day": 86_400_000})
