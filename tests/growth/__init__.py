"""Tests of how the work grows with the size of foreign text."""
