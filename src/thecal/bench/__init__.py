"""The bench: one wired patient, cases, scenarios and their replay; the only place that holds truth and belief."""
