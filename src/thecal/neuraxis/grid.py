"""The canal cut into cells: what each cell holds, and how fast drug spreads and drifts across each face.

Cells are equally long and count from the foramen magnum (0) to S2. Level tables are averaged over cells, so the
volumes of the tables are kept exactly. Dispersion is interpolated between the middles of the levels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thecal.catalogue.anatomy import Anatomy, Level

FloatArray = NDArray[np.float64]

CELLS_PER_CM = 1.02  # gives 62 cells on the 60.8 cm of the catalogue; at least one per cm is asked for
SCALED_FROM = "T12"  # a patient's lumbosacral volume changes the sections from here to the end of the sac
S_PER_H = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Cells of the canal. Arrays run from head to foot; ``cord_*`` only as far as the cord reaches."""

    cell_cm: float
    csf_volume_ml: FloatArray
    cord_volume_ml: FloatArray
    cord_surface_cm2: FloatArray
    face_conductance_ml_per_h: FloatArray  # dispersion x section / distance; face k lies above cell k
    face_depth: FloatArray  # 0 at the foramen magnum, 1 at the end of the sac
    level_cells: tuple[tuple[str, int], ...]  # level -> the cell at its middle

    @property
    def cells(self) -> int:
        """How many cells the canal has."""
        return len(self.csf_volume_ml)

    @property
    def cord_cells(self) -> int:
        """How many of them, from the top, contain cord."""
        return len(self.cord_volume_ml)

    def cell_of(self, level: str) -> int:
        """The cell at the middle of a vertebral level. Raises ValueError for a level that is not in the anatomy."""
        for name, cell in self.level_cells:
            if name == level:
                return cell
        first, last = self.level_cells[0][0], self.level_cells[-1][0]
        raise ValueError(f"no vertebral level {level!r}; levels run from {first} to {last}")


def build_grid(anatomy: Anatomy, lumbosacral_volume_ml: float | None = None, refinement: int = 1) -> Grid:
    """Cut the canal into cells.

    ``lumbosacral_volume_ml`` (CSF from T12 to S2) scales the sections there to one patient; ``refinement`` divides
    every cell into that many, for convergence tests. Raises ValueError for a volume or refinement that is not positive.
    """
    if refinement < 1:
        raise ValueError("refinement must be at least 1")
    levels = anatomy.levels
    edges = np.concatenate(([0.0], np.cumsum([level.length_cm for level in levels])))
    cells = int(np.ceil(edges[-1] * CELLS_PER_CM - 0.5)) * refinement
    faces = np.linspace(0.0, edges[-1], cells + 1)
    cell_cm = float(faces[1])
    csf_area = _over_cells(edges, _csf_areas(levels, lumbosacral_volume_ml), faces)
    cord_area, perimeter = _cord(anatomy, edges, faces)
    middles = (edges[1:] + edges[:-1]) / 2
    return Grid(
        cell_cm=cell_cm,
        csf_volume_ml=csf_area * cell_cm,
        cord_volume_ml=cord_area * cell_cm,
        cord_surface_cm2=perimeter * cell_cm,
        face_conductance_ml_per_h=_conductance(levels, middles, faces, csf_area),
        face_depth=faces[:-1] / faces[-1],
        level_cells=tuple((level.name, int(middle / cell_cm)) for level, middle in zip(levels, middles, strict=True)),
    )


def _csf_areas(levels: tuple[Level, ...], lumbosacral_volume_ml: float | None) -> list[float]:
    areas = [level.csf_area_cm2 for level in levels]
    if lumbosacral_volume_ml is None:
        return areas
    if not lumbosacral_volume_ml > 0:
        raise ValueError(f"lumbosacral CSF volume must be above zero, not {lumbosacral_volume_ml} mL")
    names = [level.name for level in levels]
    first = names.index(SCALED_FROM)
    typical_ml = sum(level.length_cm * level.csf_area_cm2 for level in levels[first:])
    scale = lumbosacral_volume_ml / typical_ml
    return areas[:first] + [area * scale for area in areas[first:]]


def _over_cells(edges: FloatArray, values: list[float], faces: FloatArray) -> FloatArray:
    """Averages over the cells of a quantity that is constant within each level."""
    integral = np.concatenate(([0.0], np.cumsum(np.diff(edges) * np.asarray(values))))
    averages: FloatArray = np.diff(np.interp(faces, edges, integral)) / np.diff(faces)
    return averages


def _cord(anatomy: Anatomy, edges: FloatArray, faces: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Area and perimeter of the cord in each cell whose middle still lies beside it."""
    areas = [level.cord_area_cm2 for level in anatomy.levels]
    factor = anatomy.physiology.cord_perimeter_factor
    area = _over_cells(edges, areas, faces)
    perimeter = _over_cells(edges, [factor * a**0.5 for a in areas], faces)
    cord_end = edges[1 + max(k for k, a in enumerate(areas) if a > 0)]
    reach = int(np.count_nonzero((faces[1:] + faces[:-1]) / 2 < cord_end))
    return area[:reach], perimeter[:reach]


def _conductance(levels: tuple[Level, ...], middles: FloatArray, faces: FloatArray, csf_area: FloatArray) -> FloatArray:
    """Face 0 joins the cisterna to cell 0, face k joins cells k-1 and k; nothing passes the end of the sac."""
    spread = np.interp(faces[:-1], middles, [level.dispersion_cm2_per_s for level in levels]) * S_PER_H
    section = np.concatenate((csf_area[:1], (csf_area[1:] + csf_area[:-1]) / 2))
    conductance: FloatArray = spread * section / faces[1]
    return conductance
