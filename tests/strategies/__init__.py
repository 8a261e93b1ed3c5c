"""Hypothesis strategies for the language of the link, shared by the tests of several rooms."""
