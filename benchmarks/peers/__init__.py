"""Simpler programs that do the same work, to compare Peyk with."""
