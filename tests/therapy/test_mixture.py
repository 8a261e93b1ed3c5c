"""A fluid is prepared as strong as wanted and never stronger, and what the reservoir makes of it is worked out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thecal.column import SALINE, Fluid
from thecal.documents import read
from thecal.quantities import Concentration, QuantityError, Volume
from thecal.therapy import EntryRefused, FluidComponent, Verdict
from thecal.therapy.calculation import Calculation
from thecal.therapy.calculators.mixture import CALCULATOR
from thecal.therapy.calculators.mixture.parts import Mixture
from thecal.therapy.mixing import (
    after_fill,
    after_rinses,
    as_fluid,
    concentration_counted,
    concentration_given,
    mass_counted_of,
    old_share,
    stock_volume,
    to_inject,
)

MORPHINE = "morphine 10 mg/mL of 25 mg/mL"
BUPIVACAINE = "bupivacaine 5 mg/mL of 30 mg/mL"


def wanted(text: str) -> list[dict[str, str]]:
    found = []
    for each in text.split(" + "):
        drug, strength = each.split(" ", 1)
        concentration, _, stock = strength.partition(" of ")
        found.append({"drug": drug, "concentration": concentration} | ({"stock": stock} if stock else {}))
    return found


def held(text: str) -> list[dict[str, str]]:
    pairs = (each.split(" ", 1) for each in text.split(" + ") if each)
    return [{"drug": drug, "concentration": concentration} for drug, concentration in pairs]


def asked(drugs: str = MORPHINE, fill: str = "18 mL", **more: Any) -> Calculation[Mixture]:
    for field in ("held", "rinse_fluid"):
        if field in more:
            more[field] = held(more[field])
    return CALCULATOR.calculate(read(CALCULATOR.inputs, {"drugs": wanted(drugs), "fill": fill, **more}))


def numbers(found: Calculation[Mixture]) -> dict[str, str]:
    return {line.key: f"{line.text} {line.unit}".strip() for line in found.outputs}


def said(found: Calculation[Mixture]) -> dict[str, Verdict]:
    return {each.rule: each.verdict for each in found.findings}


WORKED = [
    # fill + 3 mL, V = C V_prep / C_stock (Codman Archimedes manual, Appendix B)
    (
        {},
        {
            "prepared": "21 mL",
            "morphine.volume": "8.4 mL",
            "morphine.amount": "210 mg",
            "diluent": "12.6 mL",
            "morphine.prepared": "10 mg/mL",
            "morphine.in_reservoir": "10 mg/mL",
            "morphine.assay_low": "8.5 mg/mL",
            "morphine.assay_high": "11.5 mg/mL",
        },
    ),
    (
        {"drugs": f"{MORPHINE} + {BUPIVACAINE}"},
        {"morphine.volume": "8.4 mL", "bupivacaine.volume": "3.5 mL", "diluent": "9.1 mL"},
    ),
    ({"extra": "0 mL"}, {"prepared": "18 mL", "morphine.volume": "7.2 mL", "diluent": "10.8 mL"}),
    # the strongest presentation where no stock is named
    ({"drugs": "morphine 10 mg/mL"}, {"morphine.stock": "25 mg/mL", "morphine.volume": "8.4 mL"}),
    # a third of a millilitre is rounded down, and what is drawn up can be no finer than the syringe
    ({"drugs": "morphine 10 mg/mL of 30 mg/mL", "fill": "17 mL"}, {"morphine.volume": "6.666666 mL"}),
    (
        {"drugs": "morphine 10 mg/mL of 30 mg/mL", "fill": "17 mL", "measured_to": "0.01 mL"},
        {"morphine.volume": "6.66 mL", "diluent": "13.34 mL", "morphine.prepared": "9.99 mg/mL"},
    ),
    # MedStream 20 and 40 mL with 2 mL left: 90 % and 95 % of the strength (MedStream manual p. 61)
    ({"residual": "2 mL", "held": ""}, {"morphine.in_reservoir": "9 mg/mL"}),
    ({"fill": "38 mL", "residual": "2 mL", "held": ""}, {"morphine.in_reservoir": "9.5 mg/mL"}),
    # the same, compensated: C_new = [C (Vr + Vn) - Vr Cold] / Vn
    (
        {"fill": "20 mL", "residual": "2 mL", "held": "", "on_residual": "compensate"},
        {"morphine.target": "11 mg/mL", "morphine.volume": "10.12 mL", "morphine.in_reservoir": "10 mg/mL"},
    ),
    (
        {"fill": "20 mL", "residual": "2 mL", "held": "morphine 5 mg/mL", "on_residual": "compensate"},
        {"morphine.target": "10.5 mg/mL", "morphine.in_reservoir": "10 mg/mL"},
    ),
    # a residual of exactly the concentration that is wanted needs nothing
    (
        {"residual": "2 mL", "held": "morphine 10 mg/mL", "on_residual": "compensate"},
        {"morphine.target": "10 mg/mL", "morphine.in_reservoir": "10 mg/mL"},
    ),
    # rinses: n rinses leave [Vr / (Vr + Vi)]^n, here (1/2)^3
    (
        {"residual": "2 mL", "held": "hydromorphone 8 mg/mL", "rinses": 3, "rinse_volume": "2 mL"},
        {"rinsed": "12.5 %", "hydromorphone.left": "0.1 mg/mL", "hydromorphone.left.1": "1.25 %"},
    ),
    # another drug without a rinse: f, f^2, f^3 with f = Vr / (Vr + Vn) = 1/10
    (
        {"residual": "2 mL", "held": "hydromorphone 5 mg/mL"},
        {
            "hydromorphone.left": "0.5 mg/mL",
            "hydromorphone.left.1": "10 %",
            "hydromorphone.left.2": "1 %",
            "hydromorphone.left.3": "0.1 %",
            "rinsed": "–",
        },
    ),
    # the pump model's own residual, 1.4 mL
    ({"pump": "synchromed-ii-20", "held": "", "fill": "12.6 mL"}, {"morphine.in_reservoir": "9 mg/mL"}),
    ({"pump": "synchromed-ii-20"}, {"morphine.in_reservoir": "– mg/mL"}),
]


@pytest.mark.parametrize(("told", "expected"), WORKED, ids=[str(number) for number in range(len(WORKED))])
def test_worked_examples_come_out_to_the_last_digit(told, expected):
    shown = numbers(asked(**dict(told)))
    assert {key: shown.get(key) for key in expected} == expected


strengths = st.integers(1, 50_000_000)
amounts = st.integers(1, 40_000_000).map(Volume)


@st.composite
def mixed_fluids(draw: st.DrawFn) -> Fluid:
    return Fluid.of((name, draw(strengths)) for name in draw(st.sets(st.sampled_from(["a", "b", "c"]))))


@given(amounts, mixed_fluids(), amounts, mixed_fluids(), st.integers(0, 6))
@settings(max_examples=80)
def test_no_drug_is_made_or_lost_at_a_fill_or_a_rinse(residual, old, added, new, times):
    """Verify that a fill keeps every drug, and that n rinses with water leave [Vr / (Vr + Vi)]^n of each."""
    together = after_fill(residual, old, added, new).mass_in(residual.count + added.count)
    assert together == old.mass_in(residual.count) + new.mass_in(added.count)
    rinsed = after_rinses(residual, old, added, SALINE, times)
    share = old_share(residual, added, times)
    assert all(rinsed.ng_per_ml(name) == ng * share for name, ng in old.drugs)
    assert rinsed == Fluid.of((name, ng * share) for name, ng in old.drugs)


@given(amounts, mixed_fluids(), amounts, mixed_fluids())
@settings(max_examples=80)
def test_what_is_injected_to_compensate_makes_exactly_what_is_wanted(residual, old, injected, target):
    exact = to_inject(target, residual, old, injected)
    if any(ng < 0 for _, ng in exact):
        impossible = [name for name, ng in exact if ng < 0]
        assert all(
            old.ng_per_ml(name) * residual.count > target.ng_per_ml(name) * (residual.count + injected.count)
            for name in impossible
        )
        return
    assert after_fill(residual, old, injected, Fluid.of(exact)) == target


def test_mixing_nothing_with_nothing_is_refused():
    nothing = Volume(0)
    assert after_fill(nothing, SALINE, Volume(1), Fluid.of([("a", 1)])) == Fluid.of([("a", 1)])
    with pytest.raises(QuantityError, match="nothing is mixed"):
        old_share(nothing, nothing, 1)
    with pytest.raises(QuantityError, match="fill volume"):
        to_inject(SALINE, Volume(1), SALINE, nothing)
    with pytest.raises(QuantityError, match="stock"):
        stock_volume(Fraction(1), Volume(1), Concentration(0))
    with pytest.raises(QuantityError, match="each drug is named once"):
        as_fluid([FluidComponent("morphine", Concentration(1)), FluidComponent("morphine", Concentration(2))])


@given(st.fractions(0, 1_000))
@settings(max_examples=40)
def test_what_is_given_is_rounded_down_and_what_counts_up(exact):
    assert 0 <= exact - concentration_given(exact).count < 1
    assert 0 <= concentration_counted(exact).count - exact < 1
    assert 0 <= mass_counted_of(exact).count - exact < 1


@given(
    st.integers(1, 25_000_000), st.integers(25_000_000, 60_000_000), st.integers(1_000_000, 20_000_000),
    st.sampled_from([None, "1 µL", "0.01 mL", "0.1 mL"]),
)  # fmt: skip
@settings(max_examples=60)
def test_a_preparation_adds_up_and_is_never_stronger_than_wanted(strength, stock, fill_nl, finest):
    more = {} if finest is None else {"measured_to": finest}
    found = asked(f"morphine {strength} ng/mL of {stock} ng/mL", f"{fill_nl} nL", **more)
    recipe = found.answer.recipe
    assert recipe is not None
    (part,) = recipe.parts
    assert part.volume + recipe.diluent == recipe.prepared
    assert part.prepared <= part.wanted == part.target
    step_nl = 1 if finest is None else Volume.parse(finest).count
    assert part.wanted.count - part.prepared.count <= 1 + Fraction(step_nl * stock, recipe.prepared.count)
    low, high = part.assay
    assert low <= part.wanted <= high


# what is asked -> the finding that it draws
TOLD = [
    ({}, None, None),
    ({"drugs": f"{MORPHINE} + {BUPIVACAINE}"}, None, None),
    ({"drugs": "morphine 20 mg/mL of 25 mg/mL"}, "concentration-above-consensus", None),
    ({"drugs": "morphine 20.001 mg/mL of 25 mg/mL"}, "concentration-above-consensus", Verdict.WARN),
    ({"drugs": "morphine 30 mg/mL of 50 mg/mL"}, "concentration-above-label", Verdict.WARN),
    ({"drugs": "morphine 101 mg/mL of 200 mg/mL"}, "concentration-above-ceiling", Verdict.REFUSE),
    ({"drugs": "morphine 30 mg/mL of 25 mg/mL"}, "stock-too-weak", Verdict.REFUSE),
    ({"drugs": "morphine 15 mg/mL of 25 mg/mL + bupivacaine 15 mg/mL of 30 mg/mL"}, "stock-too-weak", Verdict.REFUSE),
    ({"drugs": "morphine 15 mg/mL of 25 mg/mL + bupivacaine 12 mg/mL of 30 mg/mL"}, "stock-too-weak", None),
    ({"drugs": "ziconotide 20 microgram/mL"}, "concentration-below-lowest", Verdict.WARN),
    ({"drugs": "ziconotide 25 microgram/mL"}, "concentration-below-lowest", None),
    ({"pump": "synchromed-ii-20", "fill": "18.6 mL"}, "fill-too-large", None),
    ({"pump": "synchromed-ii-20", "fill": "18.7 mL"}, "fill-too-large", Verdict.REFUSE),
    ({"residual": "2 mL"}, "residual-unknown", Verdict.INFO),
    ({"residual": "2 mL", "held": "morphine 10 mg/mL"}, "residual-dilutes", None),
    ({"residual": "2 mL", "held": ""}, "residual-dilutes", Verdict.INFO),
    ({"residual": "4 mL", "held": "morphine 1 mg/mL"}, "residual-dilutes", Verdict.WARN),
    ({"residual": "2 mL", "held": "hydromorphone 5 mg/mL"}, "old-drug-left", Verdict.INFO),
    ({"residual": "2 mL", "held": "morphine 5 mg/mL"}, "old-drug-left", None),
    (
        {"residual": "5 mL", "held": "morphine 50 mg/mL", "on_residual": "compensate"},
        "residual-too-strong",
        Verdict.REFUSE,
    ),
    ({"drugs": "ziconotide 25 microgram/mL", "residual": "1.4 mL", "held": ""}, "rinse-missing", Verdict.WARN),
    ({"drugs": "ziconotide 25 microgram/mL", "residual": "1.4 mL"}, "rinse-missing", None),
    (
        {"drugs": "ziconotide 25 microgram/mL", "residual": "1.4 mL", "held": "ziconotide 25 microgram/mL"},
        "rinse-missing",
        None,
    ),
]


@pytest.mark.parametrize(("told", "rule", "verdict"), TOLD)
def test_what_stands_against_a_preparation_is_said_and_nothing_else(told, rule, verdict):
    found = asked(**dict(told))
    if rule is None:
        assert said(found) == {}
    assert said(found).get(rule) is verdict
    assert (found.answer.recipe is None) == (Verdict.REFUSE in said(found).values())
    assert (numbers(found)["prepared"] == "–") == (found.answer.recipe is None)


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"rinses": 3, "rinse_volume": "2 mL", "rinse_fluid": "ziconotide 25 microgram/mL"}, None),
        ({"rinses": 2, "rinse_volume": "2 mL", "rinse_fluid": "ziconotide 25 microgram/mL"}, Verdict.WARN),
        ({"rinses": 3, "rinse_volume": "1 mL", "rinse_fluid": "ziconotide 25 microgram/mL"}, Verdict.WARN),
        ({"rinses": 3, "rinse_volume": "2 mL"}, Verdict.WARN),
    ],
)
def test_the_label_of_ziconotide_asks_for_three_rinses_of_two_millilitres_with_the_drug_itself(more, verdict):
    found = asked("ziconotide 25 microgram/mL", residual="1.4 mL", held="", **more)
    assert said(found).get("rinse-missing") is verdict


def test_stocks_that_are_too_weak_say_what_they_would_do():
    found = asked("morphine 30 mg/mL of 25 mg/mL")
    (weak,) = (each for each in found.findings if each.rule == "stock-too-weak")
    assert {each.label: each.text for each in weak.compared} == {
        "stocks": "25.2 mL",
        "to prepare": "21 mL",
        "possible morphine": "25 mg/mL",
    }


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"fill": "0 mL"}, "fill: must be more than 0 mL"),
        ({"measured_to": "0 mL"}, "measured_to: must be more than 0 mL"),
        ({"rinses": 2}, "rinse_volume: belongs to rinses"),
        ({"rinse_volume": "2 mL"}, "rinse_volume: belongs to rinses"),
        ({"rinses": 2, "rinse_volume": "2 mL"}, "held: say what the reservoir held"),
        ({"on_residual": "compensate"}, "held: say what the reservoir held"),
        ({"drugs": "morphine 1 mg/mL of 0 mg/mL"}, "drugs.stock: of morphine must be more than zero"),
        ({"drugs": "fentanyl 1 mg/mL"}, "drugs.stock: the library has no presentation of fentaNYL"),
        ({"drugs": f"{MORPHINE} + {MORPHINE}"}, "drugs: names a drug twice"),
    ],
)
def test_what_contradicts_itself_is_refused_in_one_line(told, words):
    with pytest.raises(EntryRefused, match=words) as refused:
        asked(**told)
    assert "\n" not in str(refused.value)


def test_no_number_depends_on_the_unit_it_was_entered_in():
    plain = asked(residual="2 mL", held="hydromorphone 5 mg/mL")
    other = asked(
        "morphine 10000 microgram/mL of 25000 microgram/mL", "18000 µL", residual="2000000 nL",
        held="hydromorphone 5000000 ng/mL",
    )  # fmt: skip
    assert (other.answer, other.outputs, other.findings) == (plain.answer, plain.outputs, plain.findings)


def test_diluent_and_every_catalogue_number_are_cited():
    found = asked("morphine 10 mg/mL", pump="synchromed-ii-20", held="")
    told = " ".join(f"{each.what}: {each.source}" for each in found.sources)
    for source in ("0.9 % sodium chloride", "Infumorph 500", "Codman Archimedes manual", "1729 assayed mixtures"):
        assert source in told
