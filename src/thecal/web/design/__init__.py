"""What the three sites share: tokens, fonts, page frame, figures with their units."""
