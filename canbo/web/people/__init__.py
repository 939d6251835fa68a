"""People: lists, files, entering facts."""
