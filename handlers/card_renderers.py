"""What each kind of card looks like: its face is drawn anew from its subject's rows whenever that changes."""

from bot.newsroom.cards import Face
from handlers.chats import admission_card
from handlers.staff import intake_queue, moderation, review
from storage.records import CardKind

FACES: dict[CardKind, Face] = {
    CardKind.REVIEW: review.face,
    CardKind.COMMENT: moderation.face,
    CardKind.GATE: intake_queue.face,
    CardKind.CHAT: admission_card.face,
}
"""The face of every kind of card that the desk shows."""
