"""What a fluid is after it mixed: with the residual of a reservoir, and through rinses. Exact, drug by drug.

The reservoir mixes completely: C = (Vr Cold + Vn Cnew) / (Vr + Vn), and n rinses leave [Vr / (Vr + Vi)]^n of the old
fluid [constant-flow 3.8, 6.2]. Concentrations are Fractions; whoever shows or gives one rounds it by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol

from thecal.column import Fluid, Segment, mixed
from thecal.quantities import Concentration, Mass, QuantityError, Volume


class Labelled(Protocol):
    """One drug of a fluid, as on a label, in a prescription or in a document."""

    @property
    def drug(self) -> str:
        """Catalogue key."""

    @property
    def concentration(self) -> Concentration:
        """Drug per fluid."""


def as_fluid(components: Iterable[Labelled]) -> Fluid:
    """The fluid with these components. Raises QuantityError when one drug is named twice."""
    found = [(each.drug, each.concentration.count) for each in components]
    if len({name for name, _ in found}) != len(found):
        raise QuantityError("fluid: each drug is named once")
    return Fluid.of(found)


def after_fill(residual: Volume, held: Fluid, injected: Volume, fluid: Fluid) -> Fluid:
    """What the reservoir holds after ``injected`` of ``fluid`` met ``residual`` of what it held."""
    return mixed((*_stretch(residual, held), *_stretch(injected, fluid)))


def after_rinses(residual: Volume, held: Fluid, rinse: Volume, fluid: Fluid, times: int) -> Fluid:
    """What the residual is after so many rinses, each put in, mixed, and drawn out again down to the residual."""
    for _ in range(times):
        held = after_fill(residual, held, rinse, fluid)
    return held


def old_share(residual: Volume, added: Volume, times: int) -> Fraction:
    """The share of the first fluid that is left after so many fills or rinses, f^n with f = Vr / (Vr + Va).

    Raises QuantityError when both volumes are zero.
    """
    if residual.count + added.count == 0:
        raise QuantityError("volume: nothing is mixed with nothing")
    return Fraction(residual.count, residual.count + added.count) ** times


def to_inject(wanted: Fluid, residual: Volume, held: Fluid, injected: Volume) -> tuple[tuple[str, Fraction], ...]:
    """Drug by drug, the ng/mL to inject so that the reservoir then holds ``wanted`` exactly.

    A concentration below zero: the residual alone already holds more of that drug than is wanted. Raises QuantityError
    when nothing is injected.
    """
    if injected.count == 0:
        raise QuantityError("fill volume: must be more than zero")
    whole = residual.count + injected.count
    drugs = sorted({name for name, _ in (*wanted.drugs, *held.drugs)})
    return tuple(
        (drug, (wanted.ng_per_ml(drug) * whole - held.ng_per_ml(drug) * residual.count) * Fraction(1, injected.count))
        for drug in drugs
    )


def stock_volume(concentration: Fraction, prepared: Volume, stock: Concentration) -> Volume:
    """How much of a stock gives this concentration in ``prepared``, V = C V_prep / C_stock, rounded down.

    Raises QuantityError for a stock without drug.
    """
    if stock.count == 0:
        raise QuantityError("stock: must be more than zero")
    return Volume(int(concentration * Fraction(prepared.count, stock.count)))


def concentration_given(exact: Fraction) -> Concentration:
    """An exact concentration in ng/mL as whole counts, rounded down: never more than there is."""
    return Concentration(int(exact))


def concentration_counted(exact: Fraction) -> Concentration:
    """An exact concentration in ng/mL as whole counts, rounded up: what is held against a limit."""
    return Concentration(-(-exact.numerator // exact.denominator))


def mass_counted_of(exact_ng: Fraction) -> Mass:
    """An exact mass in ng as whole counts, rounded up: what may reach a patient."""
    return Mass(-(-exact_ng.numerator // exact_ng.denominator))


def _stretch(volume: Volume, fluid: Fluid) -> tuple[Segment, ...]:
    return (Segment(volume.count, fluid),) if volume.count else ()
