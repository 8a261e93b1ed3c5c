"""The pages of the physician programmer, one module for each task."""
