"""Reorganisation as one dated operation: planned, previewed, applied to everything that hangs on a unit, undone."""
