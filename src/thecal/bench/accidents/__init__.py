"""Published accidents, replayed through the real checks: what stands in the way now."""
