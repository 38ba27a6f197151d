"""The card of a channel or group: how it stands, and what an owner can decide about it."""

from bot.locales.catalog import Texts
from bot.render.message import Button, Keyboard, Message
from handlers.chats.callbacks import DecideAdmission, Decision
from handlers.core.labels import chat_kind_in_words, chat_state_in_words
from storage import chats
from storage.engine.connection import Connection
from storage.records import Admission, Card, Chat


async def render_card(connection: Connection, card: Card, texts: Texts) -> Message | None:
    """Return the card of a channel or group: how it stands, and what an owner can decide."""
    chat = await chats.get(connection, card.subject_id)
    return card_of(chat, texts) if chat is not None else None


def card_of(chat: Chat, texts: Texts) -> Message:
    """Return a chat's card as it is now."""
    lines = texts.html(
        "approval-card" if chat.admission is Admission.WAITING else "admission-card",
        kind=chat_kind_in_words(chat, texts),
        title=chat.title or str(chat.id),
        username=f"@{chat.username}" if chat.username else "—",
        state=chat_state_in_words(chat, texts),
    )
    return Message(lines, choices(chat, texts))


def choices(chat: Chat, texts: Texts) -> Keyboard:
    """Return the buttons of what an owner can decide about a channel or group."""

    def button(key: str, decision: Decision) -> Button:
        return Button(texts(key), DecideAdmission(chat.id, decision).pack())

    if chat.admission is Admission.WAITING:
        return ((button("button-approve", "y"), button("button-deny", "n")),)
    if chat.admission is Admission.DENIED:
        return ((button("button-admit", "admit"),),)
    return ((button("button-revoke", "revoke"),),)
