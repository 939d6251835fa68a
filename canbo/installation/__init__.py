"""Where this installation lives: its folder, its database server, its secrets and its backups. Knows no Django."""
