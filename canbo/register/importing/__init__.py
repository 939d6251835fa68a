"""Importing a file's datasets: what it would change is shown first, then all of it is written, or nothing."""
