"""Tests of how the code, its names and its documentation fit together."""
