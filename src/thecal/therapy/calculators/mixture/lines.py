"""The answer of the preparation calculation as lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from thecal.catalogue.drugs import drug
from thecal.therapy.calculation import Line
from thecal.therapy.calculators.mixture.parts import Left, Mixture, Part, Recipe
from thecal.therapy.calculators.on_paper import concentration_unit
from thecal.therapy.showing import share_text


def mixture_lines(answer: Mixture) -> tuple[Line, ...]:
    """Every number of the answer."""
    rinsed = None if answer.rinsed is None else share_text(answer.rinsed)
    return (*_recipe(answer.recipe), Line("rinsed", "old fluid left in the residual after the rinses", rinsed))


def _recipe(recipe: Recipe | None) -> Iterator[Line]:
    if recipe is None:
        yield Line("prepared", "volume to prepare", None)
        return
    yield Line("prepared", "volume to prepare", recipe.prepared, "mL")
    for part in recipe.parts:
        yield from _part(part)
    yield Line("diluent", "diluent", recipe.diluent, "mL")
    for left in recipe.left:
        yield from _left(left)


def _part(part: Part) -> Iterator[Line]:
    known = drug(part.drug)
    name, unit = known.display, concentration_unit(known)
    yield Line(f"{part.drug}.stock", f"{name} is drawn from", part.stock, unit)
    yield Line(f"{part.drug}.volume", f"{name} to draw up", part.volume, "mL")
    yield Line(f"{part.drug}.amount", f"{name} in it", part.amount, known.dose_unit)
    yield Line(f"{part.drug}.target", f"{name} the syringe must hold", part.target, unit)
    yield Line(f"{part.drug}.prepared", f"{name} the syringe holds", part.prepared, unit)
    yield Line(f"{part.drug}.in_reservoir", f"{name} in the reservoir after the fill", part.in_reservoir, unit)
    yield Line(f"{part.drug}.assay_low", f"{name}, least a sample may show", part.assay[0], unit)
    yield Line(f"{part.drug}.assay_high", f"{name}, most a sample may show", part.assay[1], unit)


def _left(left: Left) -> Iterator[Line]:
    known = drug(left.drug)
    words = f"{known.display} of the old fluid in the reservoir"
    yield Line(f"{left.drug}.left", words, left.in_reservoir, concentration_unit(known))
    for number, share in enumerate(left.shares, start=1):
        yield Line(f"{left.drug}.left.{number}", f"{words}, share after fill {number}", share_text(share))
