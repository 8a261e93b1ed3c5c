"""What stands against a preparation, and what must be known before it is injected."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.drugs import Authority, Drug, drug
from thecal.catalogue.policy import policy
from thecal.quantities import Concentration
from thecal.therapy.calculators.mixture.inputs import MixtureInputs
from thecal.therapy.calculators.mixture.parts import Recipe
from thecal.therapy.calculators.mixture.recipe import Draw, Preparation
from thecal.therapy.calculators.on_paper import concentration_unit
from thecal.therapy.findings import Finding, Verdict, finding, refusal
from thecal.therapy.mixing import concentration_counted, concentration_given
from thecal.therapy.showing import amount_text, share_text

_ABOVE = {
    Authority.LABEL: ("concentration-above-label", Verdict.WARN),
    Authority.PACC_2017: ("concentration-above-consensus", Verdict.WARN),
    Authority.SITE: ("concentration-above-site", Verdict.STOP),
    Authority.BUILT_IN: ("concentration-above-ceiling", Verdict.REFUSE),
}


def refusals(made: Preparation) -> Iterator[Finding]:
    """Why it cannot be made from these stocks, or not injected into this reservoir."""
    for each in made.draws:
        if each.target < 0:
            words = (
                f"What is left in the reservoir already holds more {each.stock.drug.display} than is wanted after the "
                "fill; rinse first, fill more, or accept the stronger mix."
            )
            wanted = ("wanted", _text(each.stock.wanted, each.stock.drug))
            yield refusal("residual-too-strong", "residual", words, wanted)
    if made.stocks > made.prepared:
        words = "The stocks alone are more than the volume to prepare; use stronger stocks, or want less."
        shown = (
            ("stocks", amount_text(made.stocks, "mL")),
            ("to prepare", amount_text(made.prepared, "mL")),
            *(_strongest(made, each) for each in made.draws),
        )
        yield refusal("stock-too-weak", "stock", words, *shown)
    pump, then = made.reservoir.pump, made.reservoir.residual + made.fill
    if pump is not None and then > pump.capacity:
        words = "Fill and residual together are more than the reservoir holds; inject less."
        shown = ("then in it", amount_text(then, "mL")), ("reservoir", amount_text(pump.capacity, "mL"))
        yield refusal("fill-too-large", "fill", words, *shown, limit=pump.source_of("capacity"))


def limit_findings(made: Preparation) -> Iterator[Finding]:
    """Each drug of the preparation against each of its limits."""
    for each in made.draws:
        known, strength = each.stock.drug, concentration_counted(max(each.target, Fraction(0)))
        field = f"concentration of {known.display}"
        for whose, limit in known.concentration.named():
            if whose not in _ABOVE or strength <= limit.amount:
                continue
            rule, verdict = _ABOVE[whose]
            words = f"{known.display} would be more concentrated than {whose.value} has it."
            shown = ("to prepare", _text(strength, known)), (whose.value, _text(limit.amount, known))
            yield finding(rule, verdict, field, words, *shown, limit=limit.origin)
        lowest = known.lowest_concentration
        if lowest is not None and each.stock.wanted < lowest.amount:
            words = f"{known.display} would be thinner than it may be in an implanted reservoir."
            shown = ("wanted", _text(each.stock.wanted, known)), ("lowest", _text(lowest.amount, known))
            yield finding("concentration-below-lowest", Verdict.WARN, field, words, *shown, limit=lowest.origin)


def residual_findings(inputs: MixtureInputs, made: Preparation, recipe: Recipe) -> Iterator[Finding]:
    """What the residual does to the fluid, and what it still holds of the old one."""
    tolerance = policy().assay_tolerance
    for part, draw in zip(recipe.parts, made.draws, strict=True):
        known, now = draw.stock.drug, part.in_reservoir
        change = Fraction(1) if now is None else Fraction(now.count, part.wanted.count)
        if now is None or share_text(change) == share_text(Fraction(1)):
            continue
        words = f"In the reservoir {known.display} is {share_text(change)} of what is wanted."
        shown = ("in the reservoir", _text(now, known)), ("wanted", _text(part.wanted, known))
        far = abs(change - 1) > tolerance
        limit = policy().source_of("assay_tolerance") if far else None
        verdict = Verdict.WARN if far else Verdict.INFO
        yield finding("residual-dilutes", verdict, f"concentration of {known.display}", words, *shown, limit=limit)
    for left in recipe.left:
        words = (
            f"The reservoir still holds {share_text(left.shares[0])} of the old {drug(left.drug).display}; "
            f"{share_text(left.shares[1])} after the next fill."
        )
        yield finding("old-drug-left", Verdict.INFO, "residual", words)
    if made.reservoir.residual.count and made.reservoir.held is None:
        words = "Nobody said what the residual holds, so what the reservoir holds after the fill is not known."
        size = ("residual", amount_text(made.reservoir.residual, "mL"))
        yield finding("residual-unknown", Verdict.INFO, "residual", words, size)
    yield from _rinses(inputs, made)


def _rinses(inputs: MixtureInputs, made: Preparation) -> Iterator[Finding]:
    """A drug whose label asks for rinses before its first fill of a pump."""
    held = made.reservoir.held
    for each in made.draws:
        known = each.stock.drug
        if known.rinse is None or held is None or held.ng_per_ml(known.key):
            continue
        times, volume = known.rinse.times, known.rinse.volume.amount
        with_it = any(rinse.drug == known.key for rinse in inputs.rinse_fluid)
        enough = inputs.rinses >= times.amount and inputs.rinse_volume is not None and inputs.rinse_volume >= volume
        if with_it and enough:
            continue
        words = f"A pump that never held {known.display} is rinsed with it first, or it is lost to the walls."
        asked = f"{times.amount} x {amount_text(volume, 'mL')}"
        strength = _text(known.rinse.concentration.amount, known)
        yield finding(
            "rinse-missing", Verdict.WARN, "rinses", words, ("rinses", asked), ("with", strength), limit=times.origin
        )


def _strongest(made: Preparation, each: Draw) -> tuple[str, str]:
    possible = concentration_given(each.target * Fraction(made.prepared.count, made.stocks.count))
    return f"possible {each.stock.drug.display}", _text(possible, each.stock.drug)


def _text(concentration: Concentration, known: Drug) -> str:
    return amount_text(concentration, concentration_unit(known))
