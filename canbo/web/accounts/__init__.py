"""Sign-in, own account, administration of accounts, the log."""
