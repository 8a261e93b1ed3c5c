"""Truth beyond the catheter tip: transport along the spine, uptake, plasma and effect; fast and exact."""
