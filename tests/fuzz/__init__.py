"""Tests with mutated updates."""
