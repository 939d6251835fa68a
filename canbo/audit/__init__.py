"""The append-only, hash-chained log: who did what, when, to what, and which history rows that wrote."""
