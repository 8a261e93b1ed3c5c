"""Every calculator, in the order a therapy meets them; ``KINDS`` finds one by the name ``thecal plan`` knows it by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from thecal.therapy.calculation import Calculator
from thecal.therapy.calculators import (
    achievable,
    battery,
    bolus,
    bridge,
    catheter,
    constant_flow,
    conversion,
    discrepancy,
    emergency,
    first_plan,
    mixture,
    mme,
    prime,
    refill,
    selection,
    titration,
    trend,
)

CALCULATORS: tuple[Calculator[Any, Any], ...] = (
    selection.CALCULATOR,
    conversion.CALCULATOR,
    mme.CALCULATOR,
    first_plan.CALCULATOR,
    titration.CALCULATOR,
    achievable.CALCULATOR,
    bolus.CALCULATOR,
    mixture.CALCULATOR,
    catheter.CALCULATOR,
    prime.CALCULATOR,
    bridge.CALCULATOR,
    refill.CALCULATOR,
    discrepancy.CALCULATOR,
    trend.CALCULATOR,
    constant_flow.CALCULATOR,
    battery.CALCULATOR,
    emergency.CALCULATOR,
)
KINDS: Mapping[str, Calculator[Any, Any]] = MappingProxyType({each.kind: each for each in CALCULATORS})
