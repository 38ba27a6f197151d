"""What each kind of card looks like: its face is drawn anew from its subject's rows whenever that changes."""

from bot.newsroom.cards import Face
from handlers import admission_card, gate, moderating, reviewing
from storage.records import CardKind

FACES: dict[CardKind, Face] = {
    CardKind.REVIEW: reviewing.face,
    CardKind.COMMENT: moderating.face,
    CardKind.GATE: gate.face,
    CardKind.CHAT: admission_card.face,
}
"""The face of every kind of card that the desk shows."""
