"""The overview and an indicator: targets on a day, down to the names."""
