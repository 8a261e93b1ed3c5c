"""From what is wanted to what is drawn up, and what the reservoir then holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from thecal.catalogue.policy import policy
from thecal.column import Fluid
from thecal.quantities import Volume
from thecal.therapy.arithmetic import mass_given, whole_strokes
from thecal.therapy.calculators.mixture.inputs import (
    MixtureInputs,
    OnResidual,
    Reservoir,
    Stock,
    reservoir_of,
    stocks_of,
)
from thecal.therapy.calculators.mixture.parts import Left, Part, Recipe
from thecal.therapy.mixing import (
    after_fill,
    concentration_counted,
    concentration_given,
    old_share,
    stock_volume,
    to_inject,
)

SHOWN_FILLS = 3  # how far the fading of an old drug is followed


@dataclass(frozen=True, slots=True)
class Draw:
    """One drug: the exact concentration the syringe must hold (ng/mL), and what is drawn from its stock for it.

    A target below zero: the residual alone is stronger than is wanted.
    """

    stock: Stock
    target: Fraction
    volume: Volume


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is drawn up, whether or not it fits: ``prepared`` is the whole, of which ``fill`` is injected."""

    prepared: Volume
    fill: Volume
    draws: tuple[Draw, ...]
    reservoir: Reservoir

    @property
    def stocks(self) -> Volume:
        """All stocks together."""
        return Volume(sum(each.volume.count for each in self.draws))

    @property
    def fluid(self) -> Fluid:
        """What the syringe holds, exactly."""
        return Fluid.of(
            (each.stock.drug.key, Fraction(each.volume.count * each.stock.strength.count, self.prepared.count))
            for each in self.draws
        )

    @property
    def in_reservoir(self) -> Fluid | None:
        """What the reservoir holds after the fill, exactly; None where nobody knows what the residual is."""
        if self.reservoir.residual.count == 0:
            return self.fluid
        held = self.reservoir.fluid
        return None if held is None else after_fill(self.reservoir.residual, held, self.fill, self.fluid)


def preparation(inputs: MixtureInputs) -> Preparation:
    """What would be drawn up. Raises EntryRefused, one line."""
    stocks, reservoir = stocks_of(inputs), reservoir_of(inputs)
    prepared = inputs.fill + (policy().preparation_extra if inputs.extra is None else inputs.extra)
    draws = (
        Draw(stock, target, _drawn(inputs, stock, target, prepared))
        for stock, target in zip(stocks, _targets(inputs, stocks, reservoir), strict=True)
    )
    return Preparation(prepared, inputs.fill, tuple(draws), reservoir)


def recipe(made: Preparation) -> Recipe:
    """The preparation with its rounded concentrations. Raises QuantityError when the stocks do not fit into it."""
    return Recipe(made.prepared, tuple(_parts(made)), made.prepared - made.stocks, tuple(_left(made)))


def _targets(inputs: MixtureInputs, stocks: tuple[Stock, ...], reservoir: Reservoir) -> tuple[Fraction, ...]:
    wanted = Fluid.of((each.drug.key, each.wanted.count) for each in stocks)
    if inputs.on_residual is OnResidual.ACCEPT or reservoir.fluid is None:
        return tuple(wanted.ng_per_ml(each.drug.key) for each in stocks)
    exact = to_inject(wanted, reservoir.residual, reservoir.fluid, inputs.fill)
    return tuple(next(ng for name, ng in exact if name == each.drug.key) for each in stocks)


def _drawn(inputs: MixtureInputs, stock: Stock, target: Fraction, prepared: Volume) -> Volume:
    volume = stock_volume(max(target, Fraction(0)), prepared, stock.strength)
    return volume if inputs.measured_to is None else whole_strokes(volume, inputs.measured_to)


def _parts(made: Preparation) -> Iterator[Part]:
    fluid, held, tolerance = made.fluid, made.in_reservoir, policy().assay_tolerance
    for each in made.draws:
        key = each.stock.drug.key
        yield Part(
            drug=key,
            wanted=each.stock.wanted,
            target=concentration_given(each.target),
            stock=each.stock.strength,
            volume=each.volume,
            amount=mass_given(each.volume, each.stock.strength),
            prepared=concentration_given(fluid.ng_per_ml(key)),
            in_reservoir=None if held is None else concentration_given(held.ng_per_ml(key)),
            assay=(
                concentration_counted(each.target * (1 - tolerance)),
                concentration_given(each.target * (1 + tolerance)),
            ),
        )


def _left(made: Preparation) -> Iterator[Left]:
    reservoir, held = made.reservoir, made.in_reservoir
    if reservoir.held is None or held is None:
        return
    for name, before in reservoir.held.drugs:
        after = held.ng_per_ml(name)
        if after == 0 or name in (each.stock.drug.key for each in made.draws):
            continue
        fading = (old_share(reservoir.residual, made.fill, times) for times in range(SHOWN_FILLS))
        shares = tuple(Fraction(after, before) * share for share in fading)
        yield Left(name, concentration_counted(after), shares)
