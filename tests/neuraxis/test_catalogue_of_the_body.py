"""No number about the body or a drug in it is used without its unit, its source and how far to trust it."""

from collections.abc import Iterator, Mapping
from importlib import resources

import pytest

from thecal.catalogue.anatomy import anatomy_from, load_anatomy
from thecal.catalogue.kinetics import DRUGS_WITH_KINETICS, kinetics_from, load_kinetics
from thecal.catalogue.parameters import parameter_units, source_of
from thecal.catalogue.sourced import CatalogueError, Confidence, Table, load, parse

FILES = ("anatomy.toml", *(f"kinetics/{drug}.toml" for drug in DRUGS_WITH_KINETICS))


def numbers(entries: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    """Every entry that is a number or looks like one."""
    for key, entry in entries.items():
        if isinstance(entry, Mapping) and "value" not in entry:
            yield from numbers(entry, f"{path}.{key}")
        elif not isinstance(entry, str):
            yield f"{path}.{key}", entry


@pytest.mark.parametrize("file", FILES)
def test_every_number_carries_unit_source_and_confidence(file: str) -> None:
    found = list(numbers(load(file).entries))
    assert len(found) > 20
    for path, entry in found:
        assert isinstance(entry, Mapping), path
        assert set(entry) == {"value", "unit", "source", "confidence"}, path


def test_a_record_keeps_the_source_of_each_of_its_numbers() -> None:
    for drug in DRUGS_WITH_KINETICS:
        neuraxis = load_kinetics(drug).neuraxis
        for parameter, unit in parameter_units(type(neuraxis)).items():
            entry = source_of(neuraxis, parameter)
            assert entry.unit == unit
            assert float(entry) == getattr(neuraxis, parameter)
    assert source_of(load_anatomy().physiology, "production_ml_per_min").confidence is Confidence.RECALLED


def altered(file: str, old: str, new: str) -> Table:
    """The data file with one piece of text replaced."""
    text = resources.files("thecal.catalogue").joinpath("data", file).read_text(encoding="utf-8")
    assert old in text
    return parse(file, text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "cm/min"', 'unit = "m/s"', "kinetics/morphine.toml: neuraxis.cord_surface_cm_per_min.unit is 'm/s'"),
        ("fat_partition =", "fat_portion =", "kinetics/morphine.toml: neuraxis.fat_portion is not a known parameter"),
        ('confidence = "verified"', 'confidence = "sure"', "systemic.v1_l.confidence is 'sure', expected one of"),
        ("value = 17.5", "value = -17.5", "systemic.v1_l must not be negative"),
        ("value = 17.5", "value = true", "systemic.v1_l.value must be a finite number"),
        ("value = 17.5", "value = nan", "systemic.v1_l.value must be a finite number"),
        ("[systemic]", "[system]", "kinetics/morphine.toml: systemic is missing or not a table"),
    ],
)
def test_a_wrong_drug_file_gets_one_line_naming_the_field(old: str, new: str, message: str) -> None:
    with pytest.raises(CatalogueError) as refusal:
        kinetics_from(altered("kinetics/morphine.toml", old, new))
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_wrong_anatomy_gets_one_line_naming_the_field() -> None:
    with pytest.raises(CatalogueError, match=r"anatomy\.toml: dispersion\.neck is missing"):
        anatomy_from(altered("anatomy.toml", 'region = "cervical"', 'region = "neck"'))
    with pytest.raises(CatalogueError, match=r"C1\.length_cm"):
        anatomy_from(altered("anatomy.toml", "length_cm = { value = 1.8", "length_cm = { value = 0"))


def test_a_drug_without_kinetics_is_refused_by_name() -> None:
    with pytest.raises(CatalogueError, match="'ziconotide'; the catalogue has morphine, baclofen"):
        load_kinetics("ziconotide")
