"""Units in the browser."""
