"""Who may do what: users, roles as code, mandates (tier, unit subtree, period), tokens. Knows no register."""
