"""Which numbers of the catalogue a simulated patient is made of."""

from __future__ import annotations

from thecal.bench.case_records import Case, Indication
from thecal.catalogue.anatomy import Anatomy, load_anatomy
from thecal.catalogue.catheters import catheter
from thecal.catalogue.kinetics import Kinetics, load_kinetics
from thecal.catalogue.origins import Origin, origins_of, ranged
from thecal.catalogue.parameters import Sources
from thecal.catalogue.pumps import ConstantFlowPump, Propellant, pump_model
from thecal.therapy.plan_origins import plan_origins


def sources_of(case: Case) -> tuple[Origin, ...]:
    """Pump, limits, catheter, drugs beyond the tip and spinal canal. Raises CatalogueError as the case's parts do."""
    model, line = pump_model(case.system.pump), catheter(case.system.catheter)
    drugs = tuple(dict.fromkeys(each.drug for each in (*case.reservoir.drugs, *case.line.drugs)))
    pushed = model.pushed_by if isinstance(model, ConstantFlowPump) else None
    return (
        *plan_origins(model, drugs),
        *(origins_of(f"{pushed.name}, propellant", pushed.sources) if isinstance(pushed, Propellant) else ()),
        *origins_of(line.name, line.sources),
        *(origin for drug in drugs for origin in _kinetics(load_kinetics(drug), case.patient.indication)),
        *_canal(load_anatomy()),
    )


def _kinetics(found: Kinetics, indication: Indication) -> tuple[Origin, ...]:
    parts: list[tuple[str, Sources]] = [
        ("cord and CSF", found.neuraxis.sources),
        ("blood", found.systemic.sources),
    ]
    if found.analgesia is not None:
        parts.append(("effect", found.analgesia.sources))
    if found.spasticity is not None:
        parts.append(("effect", found.spasticity.sources))
    if found.tolerance is not None:
        course = found.tolerance.cancer if indication is Indication.CANCER_PAIN else found.tolerance.noncancer
        parts.append(("tolerance", (*course.sources, *found.tolerance.shared.sources)))
    return tuple(origin for part, sources in parts for origin in origins_of(f"{found.drug}, {part}", sources))


def _canal(anatomy: Anatomy) -> tuple[Origin, ...]:
    levels = [entry for level in anatomy.levels for entry in level.sources]
    spread = [("dispersion", level.dispersion) for level in anatomy.levels]
    named = f"spinal canal, {anatomy.level_names[0]} to {anatomy.level_names[-1]}"
    return (*ranged(named, (*levels, *spread)), *origins_of("spinal canal", anatomy.physiology.sources))
