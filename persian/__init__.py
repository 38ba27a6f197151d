"""The Persian language: spelling, dates, digits, search queries and direction (pure)."""
