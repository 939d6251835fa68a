"""The register as flat datasets on a day, as known at a moment; sealed snapshots."""
