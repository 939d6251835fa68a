"""The HTTP API: JSON over the same services, queries and findings as the commands."""
