"""The renderers of cards: each renders a card from its subject's rows whenever these change."""

from bot.jobs.cards import CardRenderer
from handlers.chats import admission_card
from handlers.staff import intake_queue, moderation, review, tip_desk
from storage.records import CardKind

CARD_RENDERERS: dict[CardKind, CardRenderer] = {
    CardKind.REVIEW: review.render_card,
    CardKind.COMMENT: moderation.render_card,
    CardKind.TIP: tip_desk.render_card,
    CardKind.GATE: intake_queue.render_card,
    CardKind.CHAT: admission_card.render_card,
}
"""The renderer of every kind of card."""
