"""Limits of the parts of an article and of a category's name, in characters, and of a body in lines and tags."""

TITLE_LIMIT = 300
LEAD_LIMIT = 2_000
BODY_LIMIT = 200_000
NOTE_LIMIT = 200
"""The most that a title, a lead, a whole body and the note of a correction may have."""
BODY_LINES = 5_000
"""Paragraphs and points of lists of a body: one of the longest has some three thousand."""
BODY_TAGS = 4_000
"""Formatted runs of a body; what has more is shown without formatting."""
CATEGORY_LIMIT = 60
"""The most that the name of a category may have."""

MOST_ATTACHMENTS = 10
"""Photos, videos and documents that one article may have: as many as an album."""
