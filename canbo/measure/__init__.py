"""Schemes read, checked and measured: conditions, bitmaps, verdicts, lists, bridges. Lays nothing out."""
