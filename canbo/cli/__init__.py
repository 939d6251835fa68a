"""The command line: one file a command. Commands read files, call down once, and print; no rules live here."""

from canbo.cli.app import main

__all__ = ["main"]
