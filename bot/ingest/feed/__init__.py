"""The reading of feeds of every kind (pure)."""
