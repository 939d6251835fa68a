"""Help where the work is."""
