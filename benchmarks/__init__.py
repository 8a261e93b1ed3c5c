"""Figures, printed: each module has a ``main()``; ``make bench`` runs them all."""
