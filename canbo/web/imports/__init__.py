"""Import as a guided path."""
