"""The card of a channel or group: how it stands, and what an owner can decide about it."""

from bot.locales.catalog import Texts
from bot.newsroom.names import name_of
from bot.render.html import cut
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.chats.callbacks import DecideAdmission, Decision
from handlers.core.labels import chat_kind_in_words, chat_state_in_words
from storage import chats
from storage.engine.connection import Connection
from storage.records import Admission, Card, Chat

_NAME = 60


async def render_card(connection: Connection, card: Card, texts: Texts) -> Message | None:
    """Return the card of a channel or group: how it stands, and what an owner can decide."""
    chat = await chats.get(connection, card.subject_id)
    if chat is None:
        return None
    lines = texts.html(
        "approval-card" if chat.admission is Admission.WAITING else "admission-card",
        kind=chat_kind_in_words(chat, texts),
        title=chat.title or str(chat.id),
        username=f"@{chat.username}" if chat.username else "—",
        state=chat_state_in_words(chat, texts),
        **({"name": await _person(connection, chat.added_by)} if chat.admission is Admission.WAITING else {}),
    )
    return Message(lines, choices(chat, texts))


async def _person(connection: Connection, user_id: int | None) -> str:
    """Return the name of the person who brought the bot, with their @name where they have one."""
    if user_id is None:
        return "—"
    person = await chats.get(connection, user_id)
    name = cut(await name_of(connection, user_id), _NAME)
    return f"{name} (@{person.username})" if person is not None and person.username else name


def choices(chat: Chat, texts: Texts) -> Keyboard:
    """Return the buttons of what an owner can decide about a channel or group."""

    def button(key: str, decision: Decision, style: ButtonStyle) -> Button:
        return Button(texts(key), DecideAdmission(chat.id, decision).pack(), style=style)

    if chat.admission is Admission.WAITING:
        deny = button("button-deny", "n", ButtonStyle.DANGER)
        return ((button("button-approve", "y", ButtonStyle.SUCCESS), deny),)
    if chat.admission is Admission.DENIED:
        return ((button("button-admit", "admit", ButtonStyle.SUCCESS),),)
    return ((button("button-revoke", "revoke", ButtonStyle.DANGER),),)
