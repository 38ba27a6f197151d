"""The Persian copy editor (pure)."""
