"""A simulation as one drawing (SVG): heat map of the spine, concentration at the tip over dose steps, score."""

from thecal.bench.figure.drawing import figure_of

__all__ = ["figure_of"]
