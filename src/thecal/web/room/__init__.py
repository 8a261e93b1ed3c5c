"""The patient's room as a site: truth beside belief, the spine, and the hands on the bench clock."""
