"""Tests of the wheel and of what is deployed."""
