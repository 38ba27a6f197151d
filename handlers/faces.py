"""What each kind of card looks like: its face is drawn anew from its subject's rows whenever that changes."""

from bot.newsroom.cards import Face
from handlers import moderating
from storage.records import CardKind

FACES: dict[CardKind, Face] = {CardKind.COMMENT: moderating.face}
"""The face of every kind of card that the desk shows."""
