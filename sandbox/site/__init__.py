"""The sample news sites."""
