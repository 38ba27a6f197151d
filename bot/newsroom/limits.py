"""Limits of the parts of an article, in characters."""

TITLE_LIMIT = 300
LEAD_LIMIT = 2_000
BODY_LIMIT = 200_000
NOTE_LIMIT = 200
"""The most that a title, a lead, a whole body and the note of a correction may have."""
