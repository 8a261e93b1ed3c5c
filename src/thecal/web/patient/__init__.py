"""The patient programmers as a site: one screen for each patient. Nothing is kept in a database."""
