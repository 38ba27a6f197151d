"""Benchmarks of Peyk beside simpler programs: `make bench`."""
