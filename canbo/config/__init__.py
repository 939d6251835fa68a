"""Settings, addresses and entry points of the house: the only place that knows everything."""
