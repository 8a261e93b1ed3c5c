"""Preparing a fluid: volume of each stock and of diluent, what the residual makes of it, rinses, and assay range.

V_prep = fill + extra; V_stock = C V_prep / C_stock; diluent = V_prep - sum; in the reservoir C = (Vr Cold + Vn Cnew) /
(Vr + Vn), or, to hit the wanted C exactly, C_new = [C (Vr + Vn) - Vr Cold] / Vn; n rinses leave [Vr / (Vr + Vi)]^n
[constant-flow 3.8, 6.2].
"""

from __future__ import annotations

from thecal.catalogue.policy import policy
from thecal.therapy.calculation import Calculation, Calculator, SourceLine, cited, given
from thecal.therapy.calculators.mixture.inputs import MixtureInputs
from thecal.therapy.calculators.mixture.lines import mixture_lines
from thecal.therapy.calculators.mixture.notes import limit_findings, refusals, residual_findings
from thecal.therapy.calculators.mixture.parts import Mixture
from thecal.therapy.calculators.mixture.recipe import Preparation, preparation, recipe
from thecal.therapy.findings import Verdict
from thecal.therapy.mixing import old_share

_FORMULA = (
    "V_prep = fill + extra",
    "V_stock = C x V_prep / C_stock for each drug; diluent = V_prep - all stocks",
    "in the reservoir: C = (V_residual x C_held + V_fill x C_new) / (V_residual + V_fill)",
    "to hit C exactly: C_new = [C x (V_residual + V_fill) - V_residual x C_held] / V_fill",
    "n rinses leave [V_residual / (V_residual + V_rinse)]^n of the old fluid; so does each further fill",
)
_ASSUMED = (
    "The reservoir mixes completely, at each rinse and at the fill.",
    "Volumes add, and stocks are as strong as their labels.",
    "Stocks are rounded down and diluent makes up the rest: never stronger than wanted.",
)
_EQUATION = SourceLine("stock and diluent volumes", "Codman Archimedes manual, Appendix B", "verified")


def mixture(inputs: MixtureInputs) -> Calculation[Mixture]:
    """The preparation of a fluid, or why it cannot be made. Raises EntryRefused, one line."""
    made = preparation(inputs)
    findings = [*refusals(made), *limit_findings(made)]
    possible = all(each.verdict is not Verdict.REFUSE for each in findings)
    found = recipe(made) if possible else None
    if found is not None:
        findings += residual_findings(inputs, made, found)
    rinse = inputs.rinse_volume
    rinsed = None if rinse is None else old_share(made.reservoir.residual, rinse, inputs.rinses)
    answer = Mixture(found, rinsed)
    return Calculation(
        "mixture", answer, given(inputs), mixture_lines(answer), _FORMULA, _sources(made), _ASSUMED, tuple(findings)
    )


def _sources(made: Preparation) -> tuple[SourceLine, ...]:
    words = (
        (f"{each.stock.drug.display}: diluent, {each.stock.drug.diluent.text}", each.stock.drug.diluent)
        for each in made.draws
        if each.stock.drug.diluent is not None
    )
    return (
        *made.reservoir.sources,
        *(each.stock.source for each in made.draws),
        *(SourceLine(what, told.source, told.confidence.value) for what, told in words),
        cited("volume prepared beyond the fill", policy().source_of("preparation_extra")),
        cited("range of an assay", policy().source_of("assay_tolerance")),
        _EQUATION,
    )


CALCULATOR = Calculator("mixture", "Preparing a fluid", MixtureInputs, mixture)
