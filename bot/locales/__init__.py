"""Texts in every language, with its digits, calendar and names."""
