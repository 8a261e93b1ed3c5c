"""From the facts of one patient to the system that suits: hard rules, then weights, then what would change it."""
