"""Routing: where an item of a source goes, by its rules and its category."""
