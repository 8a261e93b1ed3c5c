"""What a question about a dose is told first: the pump and its fluid; and where the figures of the pump come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from thecal.catalogue.pumps import Pump
from thecal.documents import About
from thecal.therapy.calculation import SourceLine, cited
from thecal.therapy.prescribed import DrugIn


@dataclass(frozen=True, slots=True)
class PumpAndFluid:
    """A programmable pump and its fluid, by their names in the catalogue."""

    pump: Annotated[str, About("programmable pump model of the catalogue")]
    fluid: Annotated[tuple[DrugIn, ...], About("drugs of the fluid, primary drug first")]


def figures_of(model: Pump, *fields: str) -> Iterator[SourceLine]:
    """Where these figures of the model come from."""
    for field in fields:
        yield cited(f"{model.name}: {field.replace('_', ' ')}", model.source_of(field))
