"""People, organisations, documents and the dated facts about them, every change kept."""
