"""Schemes: the library, one scheme, editing."""
