"""An announcement of the newsroom to chats (pure)."""

from collections.abc import Sequence

from bot.locales.catalog import Texts
from bot.render.message import Message
from storage.records import Block

MOST_UNITS = 3_500
"""The longest text of an announcement, in UTF-16 units: the line under it always fits in."""


def announcement(body: Sequence[Block], texts: Texts) -> Message:
    """Return an announcement: its text as it was written, and under it whom it is from."""
    parts = [block.html for block in body]
    return Message("\n\n".join([*parts, f"📢 <i>{texts.html('announcement-from')}</i>"]))
