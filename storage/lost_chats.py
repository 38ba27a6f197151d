"""What becomes of all that a chat is owed when it cannot be reached, and who hears of it."""

from storage import amendments, chats, followers, notices, outbox, subscriptions
from storage.connection import Connection
from storage.records import ChatKind, ChatState


async def lose(tx: Connection, chat_id: int, reason: str, *, now: int) -> None:
    """Write down that a chat cannot be reached: what waits for it ends, its settings stay for its return.

    Whoever brought the bot to a channel or group hears of it, and the desk.
    """
    known = await chats.get(tx, chat_id)
    async with followers.counted(tx, chat_id, now=now):
        await chats.change(tx, chat_id, state=ChatState.INACTIVE, reason=reason, is_admin=False)
    await outbox.withdraw_chat(tx, chat_id, now=now, reason=reason)
    await amendments.lose_chat(tx, chat_id, now=now, reason=reason)
    if known is not None and known.state is ChatState.ACTIVE:
        await tell(tx, chat_id, "chat-lost", now=now)


async def lose_topic(tx: Connection, chat_id: int, topic_id: int, *, now: int) -> None:
    """Write down that a topic takes nothing; who must know hears of it, once until it is opened again."""
    name, closed = await chats.topic_known(tx, chat_id, topic_id)
    if closed:
        return
    await chats.note_topic(tx, chat_id, topic_id, closed=True)
    if any(one.topic_id == topic_id for one in await subscriptions.of_chat(tx, chat_id)):
        await tell(tx, chat_id, "topic-lost", now=now, topic=name or str(topic_id))


async def tell(tx: Connection, chat_id: int, key: str, *, now: int, **more: str) -> None:
    """Owe the text `key`, with a channel's or group's title, to whoever brought the bot there and to the desk.

    `more` is what the text takes besides.
    """
    chat = await chats.get(tx, chat_id)
    if chat is None or chat.kind is ChatKind.PRIVATE:
        return
    for user_id in {chat.added_by or notices.THE_DESK, notices.THE_DESK}:
        await notices.owe(tx, user_id, key, {"title": chat.title or str(chat.id), **more}, now=now)
