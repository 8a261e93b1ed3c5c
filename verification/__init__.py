"""Checks too heavy for every commit: ``make verify-<room>`` appends their figures to docs/verification.md."""
