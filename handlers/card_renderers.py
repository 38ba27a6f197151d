"""The renderers of cards: each renders a card from its subject's rows whenever these change."""

from collections.abc import Mapping
from functools import partial

from bot.jobs.cards import CardRenderer
from handlers.chats import admission_card
from handlers.staff import (
    amendment_progress,
    announcement_progress,
    intake_queue,
    moderation,
    publication_messages,
    review,
    tip_cards,
)
from storage.records import CardKind


def card_renderers(rate: float, bot_username: str) -> Mapping[CardKind, CardRenderer]:
    """Return the renderer of every kind of card; `rate` is how many messages go out in a second."""
    return {
        CardKind.REVIEW: review.render_card,
        CardKind.COMMENT: moderation.render_card,
        CardKind.TIP: tip_cards.render_card,
        CardKind.GATE: intake_queue.render_card,
        CardKind.CHAT: admission_card.render_card,
        CardKind.PUBLICATION: partial(publication_messages.render_card, rate=rate, bot_username=bot_username),
        CardKind.CHANGE: partial(amendment_progress.render_card, rate=rate),
        CardKind.ANNOUNCEMENT: partial(announcement_progress.render_card, rate=rate),
    }
