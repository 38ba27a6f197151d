"""Counts of reactions, which Telegram tells to a bot that is an administrator, some minutes late."""

from telegram import Update
from telegram.ext import ContextTypes

from handlers.core.context import SERVICES, Services


async def counted(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Store how many reactions of all kinds a post has."""
    services: Services = context.application.bot_data[SERVICES]
    counts = update.message_reaction_count
    assert counts is not None, "the handler is registered for these updates alone"
    total = sum(reaction.total_count for reaction in counts.reactions)
    await services.reactions.count(counts.chat.id, counts.message_id, total)
