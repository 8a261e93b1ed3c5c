"""Thin commands over the same functions as the screens."""
