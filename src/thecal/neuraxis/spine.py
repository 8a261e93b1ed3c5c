"""The linear model of one drug in one neuraxis: compartments, volumes and the matrix that moves drug between them.

CSF spreads drug along the canal by effective dispersion and a slow caudal drift that feeds absorption along it; at
each cell drug passes into two layers of cord, the epidural space and its fat, and blood. Cisterna, cranial CSF,
brainstem, brain and a plasma model close the loop: whatever leaves the neuraxis returns to plasma, and only plasma
and gut lose drug. Linear in amount, so doses superpose and the solution is exact (``engine``). Not modelled: roots
of the cauda equina, baricity, posture, pulsation in time, the plume at the tip. [docs/models/spine.md]
"""

from dataclasses import dataclass

import numpy as np

from thecal.catalogue.anatomy import Anatomy, Physiology
from thecal.catalogue.kinetics import Kinetics
from thecal.neuraxis.compartments import Layout
from thecal.neuraxis.exchange import Exchange
from thecal.neuraxis.grid import FloatArray, Grid, build_grid

MIN_PER_H = 60.0
ML_PER_L = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Spine:
    """One drug in one neuraxis with the catheter tip at one level; dx/dt = matrix x + what leaves the tip."""

    kinetics: Kinetics
    grid: Grid
    layout: Layout
    volumes_ml: FloatArray  # apparent volume: amount / volume = unbound concentration; 1 for excreted and followers
    matrix_per_h: FloatArray
    tip_level: str

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each position of the state vector."""
        return self.layout.names()

    @property
    def levels(self) -> tuple[tuple[str, int], ...]:
        """Vertebral level -> cell at its middle, from head to foot."""
        return self.grid.level_cells

    @property
    def cord_levels(self) -> tuple[tuple[str, int], ...]:
        """The levels beside which there is cord."""
        return tuple((name, cell) for name, cell in self.levels if cell < self.grid.cord_cells)

    @property
    def tip_cell(self) -> int:
        """The cell the catheter tip lies in."""
        return self.grid.cell_of(self.tip_level)

    def cord_cell_of(self, level: str) -> int:
        """The cell of cord beside a level. Raises ValueError for an unknown level, or one below the end of the cord."""
        cell = self.grid.cell_of(level)
        if cell >= self.grid.cord_cells:
            raise ValueError(f"there is no cord beside {level}; the last level with cord is {self.cord_levels[-1][0]}")
        return cell


def build_spine(
    kinetics: Kinetics,
    anatomy: Anatomy,
    tip_level: str,
    *,
    lumbosacral_volume_ml: float | None = None,
    refinement: int = 1,
) -> Spine:
    """The model for one drug and a tip at one vertebral level.

    ``lumbosacral_volume_ml`` fits the sections below T11 to one patient (typical 36, range 11-61 mL, Sullivan 2006);
    ``refinement`` divides the cells, for convergence tests. Raises ValueError for an unknown level or a volume that
    is not above zero.
    """
    grid = build_grid(anatomy, lumbosacral_volume_ml, refinement)
    grid.cell_of(tip_level)
    layout = Layout(
        cells=grid.cells,
        cord_cells=grid.cord_cells,
        third_plasma=1 if kinetics.systemic.v3_l > 0 else 0,
        lagged_cord=grid.cord_cells if kinetics.spasticity else 0,
        lagged_plasma=1 if kinetics.analgesia else 0,
    )
    volumes_ml = _volumes(kinetics, anatomy.physiology, grid, layout)
    exchange = Exchange(volumes_ml)
    _along_the_canal(exchange, anatomy.physiology, grid, layout)
    _across_the_canal(exchange, kinetics, anatomy.physiology, grid, layout)
    _around_the_brain(exchange, kinetics, anatomy.physiology, layout)
    _in_the_body(exchange, kinetics, layout)
    _effect_sites(exchange, kinetics, layout)
    for array in (volumes_ml, exchange.matrix_per_h):
        array.setflags(write=False)
    return Spine(kinetics, grid, layout, volumes_ml, exchange.matrix_per_h, tip_level)


def _volumes(kinetics: Kinetics, physiology: Physiology, grid: Grid, layout: Layout) -> FloatArray:
    drug, body = kinetics.neuraxis, kinetics.systemic
    volumes_ml = np.ones(layout.size)
    volumes_ml[layout.csf] = grid.csf_volume_ml
    volumes_ml[layout.cord_outer] = grid.cord_volume_ml * physiology.cord_outer_share * drug.cord_partition
    volumes_ml[layout.cord_inner] = grid.cord_volume_ml * (1 - physiology.cord_outer_share) * drug.cord_partition
    volumes_ml[layout.epidural] = physiology.epidural_volume_ml_per_cm * grid.cell_cm
    volumes_ml[layout.fat] = physiology.epidural_fat_ml_per_cm * grid.cell_cm * drug.fat_partition
    volumes_ml[layout.cisterna] = physiology.cisterna_volume_ml
    volumes_ml[layout.cranial] = physiology.cranial_volume_ml
    volumes_ml[layout.brainstem] = physiology.brainstem_volume_ml * drug.cord_partition
    volumes_ml[layout.brain] = physiology.brain_volume_ml * drug.cord_partition
    volumes_ml[layout.plasma] = body.v1_l * ML_PER_L
    peripheral_l = [body.v2_l, body.v3_l][: 1 + layout.third_plasma]
    volumes_ml[layout.peripheral] = np.asarray(peripheral_l) * ML_PER_L
    return volumes_ml


def _along_the_canal(exchange: Exchange, physiology: Physiology, grid: Grid, layout: Layout) -> None:
    """Dispersion and caudal drift. Exponentially fitted faces keep every rate positive at any grid."""
    feed_ml_per_h = physiology.spinal_absorption_fraction * physiology.production_ml_per_min * MIN_PER_H
    for cell in range(grid.cells):
        above = layout.cisterna if cell == 0 else layout.csf.start + cell - 1
        here = layout.csf.start + cell
        conductance = float(grid.face_conductance_ml_per_h[cell])
        drift = feed_ml_per_h * (1 - float(grid.face_depth[cell]))
        up = conductance * _bernoulli(drift / conductance)
        exchange.flow(above, here, up + drift)
        exchange.flow(here, above, up)
        exchange.flow(here, layout.plasma, feed_ml_per_h / grid.cells)


def _bernoulli(peclet: float) -> float:
    """x / (exp x - 1): the share of dispersion that still works against the drift [Scharfetter & Gummel 1969]."""
    return peclet / float(np.expm1(peclet)) if peclet > 1e-12 else 1.0


def _across_the_canal(
    exchange: Exchange, kinetics: Kinetics, physiology: Physiology, grid: Grid, layout: Layout
) -> None:
    drug, unbound = kinetics.neuraxis, kinetics.systemic.unbound_fraction
    per_cell = MIN_PER_H * grid.cell_cm
    plasma = layout.plasma
    for cell in range(grid.cells):
        csf, epidural = layout.csf.start + cell, layout.epidural.start + cell
        exchange.both(csf, epidural, drug.dura_ml_per_min_cm * per_cell)
        _with_blood(exchange, csf, plasma, drug.blood_csf_ml_per_min_cm * per_cell, drug.blood_csf_partition * unbound)
        _with_blood(exchange, epidural, plasma, drug.epidural_clearance_ml_per_min_cm * per_cell, unbound)
        exchange.both(epidural, layout.fat.start + cell, drug.fat_exchange_ml_per_min_cm * per_cell)
    shares = (physiology.cord_outer_share, 1 - physiology.cord_outer_share)
    for cell in range(grid.cord_cells):
        outer, inner = layout.cord_outer.start + cell, layout.cord_inner.start + cell
        surface = float(grid.cord_surface_cm2[cell]) * MIN_PER_H
        exchange.both(layout.csf.start + cell, outer, drug.cord_surface_cm_per_min * surface)
        exchange.both(outer, inner, drug.cord_deep_cm_per_min * surface)
        for layer, share in zip((outer, inner), shares, strict=True):
            capillary = drug.capillary_per_min * MIN_PER_H * float(grid.cord_volume_ml[cell]) * share
            _with_blood(exchange, layer, plasma, capillary, drug.tissue_plasma_unbound)


def _with_blood(exchange: Exchange, site: int, plasma: int, clearance_ml_per_h: float, ratio: float) -> None:
    """Exchange that comes to rest at site = ratio x plasma."""
    exchange.flow(site, plasma, clearance_ml_per_h)
    exchange.flow(plasma, site, clearance_ml_per_h * ratio)


def _around_the_brain(exchange: Exchange, kinetics: Kinetics, physiology: Physiology, layout: Layout) -> None:
    """Fresh CSF rinses the cisterna; what does not go down the canal passes over the brain into blood."""
    drug = kinetics.neuraxis
    over_the_brain = (1 - physiology.spinal_absorption_fraction) * physiology.production_ml_per_min * MIN_PER_H
    exchange.both(layout.cisterna, layout.cranial, physiology.cisterna_mixing_ml_per_min * MIN_PER_H)
    exchange.flow(layout.cisterna, layout.cranial, over_the_brain)
    exchange.flow(layout.cranial, layout.plasma, over_the_brain)
    tissues = (
        (layout.cisterna, layout.brainstem, physiology.brainstem_surface_cm2, physiology.brainstem_volume_ml),
        (layout.cranial, layout.brain, physiology.brain_surface_cm2, physiology.brain_volume_ml),
    )
    for fluid, tissue, surface_cm2, volume_ml in tissues:
        exchange.both(fluid, tissue, drug.cord_surface_cm_per_min * surface_cm2 * MIN_PER_H)
        capillary = drug.capillary_per_min * MIN_PER_H * volume_ml
        _with_blood(exchange, tissue, layout.plasma, capillary, drug.tissue_plasma_unbound)


def _in_the_body(exchange: Exchange, kinetics: Kinetics, layout: Layout) -> None:
    body = kinetics.systemic
    to_ml_per_h = ML_PER_L * MIN_PER_H
    exchange.flow(layout.plasma, layout.excreted, body.clearance_l_per_min * to_ml_per_h)
    between = [body.q2_l_per_min, body.q3_l_per_min][: 1 + layout.third_plasma]
    for compartment, clearance in enumerate(between, start=layout.peripheral.start):
        exchange.both(layout.plasma, compartment, clearance * to_ml_per_h)
    absorption = body.gut_absorption_per_min * MIN_PER_H  # the gut has volume 1, so a rate is a clearance
    exchange.flow(layout.gut, layout.plasma, absorption * body.oral_fraction)
    exchange.flow(layout.gut, layout.excreted, absorption * (1 - body.oral_fraction))


def _effect_sites(exchange: Exchange, kinetics: Kinetics, layout: Layout) -> None:
    if kinetics.spasticity:
        rate_per_h = float(np.log(2.0)) / kinetics.spasticity.lag_half_life_h
        for cell in range(layout.lagged_cord):
            exchange.follow(layout.cord_followers.start + cell, layout.cord_inner.start + cell, rate_per_h)
    if kinetics.analgesia:
        gain = kinetics.neuraxis.tissue_plasma_unbound * kinetics.systemic.unbound_fraction
        rate_per_h = kinetics.analgesia.plasma_lag_per_min * MIN_PER_H
        exchange.follow(layout.plasma_followers.start, layout.plasma, rate_per_h, gain)
