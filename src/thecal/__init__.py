"""Thecal: the open intrathecal drug delivery system."""
