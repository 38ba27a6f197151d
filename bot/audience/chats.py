"""Chats come, are let in, and go."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import ConflictError
from storage import audit, chats, followers, lost_chats, subscriptions
from storage.connection import Connection
from storage.database import Database
from storage.records import Chat, ChatKind, ChatState


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """What Telegram tells of a chat."""

    id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    is_forum: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """How chats are let in: with what settings, and whether strangers need an owner's yes."""

    schedule: str
    timezone: str
    open_door: bool


Retime = Callable[[int], Awaitable[None]]
"""Lets what waits in a chat follow the schedules that it has by now."""

_TIMES = ("schedule", "quiet", "timezone", "breaking_passes_quiet")
"""What decides when a chat gets its news."""


class Chats:
    """The life of a chat at the desk; each act is one transaction."""

    def __init__(self, database: Database, clock: Clock, policy: Policy, retime: Retime) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._retime = retime

    async def get(self, chat_id: int) -> Chat | None:
        """Return what is known of a chat."""
        async with self._database.read() as connection:
            return await chats.get(connection, chat_id)

    async def person_wrote(
        self, user_id: int, name: str, username: str, client_language: str, *, known: Chat | None
    ) -> Chat:
        """Keep a person who wrote to the bot in private, and so can be written to; return their chat.

        `known` is what was known of it a moment ago.
        """
        if known is not None and can_be_written_to(known):
            language = client_language or known.client_language
            if (known.title, known.username, known.client_language) == (name, username, language):
                return known
            changed = await self.change(user_id, title=name, username=username, client_language=language)
            return changed or known
        facts = ChatFacts(user_id, ChatKind.PRIVATE, name, username)
        async with self._changing(user_id) as tx:
            await self._ensure(tx, facts, added_by=user_id, client_language=client_language)
            await chats.change(tx, user_id, started=True, state=ChatState.ACTIVE, reason="")
            found = await chats.get(tx, user_id)
            assert found is not None
            return found

    async def bot_added(self, facts: ChatFacts, *, by: int | None, by_owner: bool, is_admin: bool) -> Chat:
        """The bot was put into a group, or made administrator of a channel, by a person.

        A chat that comes back keeps its settings. A new one is active at once, following everything, where an
        owner brought it or the door is open; any other waits for an owner's yes.
        """
        async with self._changing(facts.id) as tx:
            known = await chats.get(tx, facts.id)
            admitted = by_owner or self._policy.open_door
            if known is None or known.state is ChatState.PENDING:
                await self._ensure(tx, facts, added_by=by, state=ChatState.PENDING)
                await chats.change(tx, facts.id, is_admin=is_admin)
                if admitted:
                    await self._let_in(tx, facts.id)
            else:
                await self._ensure(tx, facts, added_by=by)
                state = ChatState.ACTIVE if known.state is ChatState.INACTIVE else known.state
                await chats.change(tx, facts.id, is_admin=is_admin, state=state, reason="")
            found = await chats.get(tx, facts.id)
            assert found is not None
            return found

    async def bot_removed(self, chat_id: int, reason: str) -> None:
        """The chat cannot be reached any more: what waits for it is withdrawn, its settings are kept."""
        async with self._database.write() as tx:
            await lost_chats.lose(tx, chat_id, reason, now=self._clock())

    async def approve(self, chat_id: int, *, actor_id: int) -> Chat:
        """An owner lets a waiting chat in. Raises ConflictError where it does not wait."""
        async with self._changing(chat_id) as tx:
            await self._must_wait(tx, chat_id)
            await self._let_in(tx, chat_id)
            found = await chats.get(tx, chat_id)
            assert found is not None
            await audit.note(
                tx, actor_id, "approve_chat", now=self._clock(), detail=audit.named(found.title, chat_id)
            )
            return found

    async def deny(self, chat_id: int, *, actor_id: int) -> Chat:
        """An owner turns a waiting chat away. Raises ConflictError where it does not wait."""
        async with self._database.write() as tx:
            found = await self._must_wait(tx, chat_id)
            await chats.change(tx, chat_id, state=ChatState.DENIED)
            await audit.note(tx, actor_id, "deny_chat", now=self._clock(), detail=audit.named(found.title, chat_id))
            return found

    async def migrated(self, old_id: int, new_id: int) -> None:
        """A group became a supergroup: it keeps all it has under its new id."""
        async with self._changing(old_id, new_id) as tx:
            if await chats.get(tx, old_id) is not None:
                await chats.migrate(tx, old_id, new_id)

    async def change(self, chat_id: int, *, by: int | None = None, **values: object) -> Chat | None:
        """Set columns of the chat (as named in records.Chat) and return it; None where it is unknown.

        `by` is a member of staff whose act this is.
        """
        # Settings change nobody's following.
        changing = self._changing(chat_id) if "state" in values else self._database.write()
        async with changing as tx:
            before = await chats.get(tx, chat_id)
            if before is None:
                return None
            await chats.change(tx, chat_id, **values)
            changed = [
                f"{name} {getattr(before, name)} -> {value}"
                for name, value in values.items()
                if getattr(before, name) != value
            ]
            if by is not None and changed:
                detail = f"{audit.named(before.title, chat_id)}: {', '.join(changed)}"
                await audit.note(tx, by, "chat_settings", now=self._clock(), detail=detail)
            found = await chats.get(tx, chat_id)
        if any(getattr(before, name) != getattr(found, name) for name in _TIMES):
            await self._retime(chat_id)
        return found

    async def audience(self) -> list[Chat]:
        """Return every channel and group."""
        async with self._database.read() as connection:
            return await chats.audience(connection)

    async def panels_owed(self, user_id: int) -> list[Chat]:
        """Return the chats that this person brought the bot to and has no panel for."""
        async with self._database.read() as connection:
            return await chats.panels_owed(connection, user_id)

    async def take_panel(self, chat_id: int) -> bool:
        """Take it on to send the chat's panel to whoever brought the bot; False where that was done before."""
        async with self._database.write() as tx:
            return await chats.take_panel(tx, chat_id)

    async def approvals_owed(self) -> list[Chat]:
        """Return the waiting chats that no owner was asked about."""
        async with self._database.read() as connection:
            return await chats.approvals_owed(connection)

    async def topic_seen(self, chat_id: int, topic_id: int, name: str, *, closed: bool | None) -> None:
        """Keep what a forum's service message says of a topic; "" and None leave what is known.

        Whoever brought the bot there hears of a closed one that is followed.
        """
        async with self._database.write() as tx:
            if await chats.get(tx, chat_id) is None:
                return
            if closed:
                await lost_chats.lose_topic(tx, chat_id, topic_id, now=self._clock())
            else:
                await chats.note_topic(tx, chat_id, topic_id, name=name, closed=closed)

    @asynccontextmanager
    async def _changing(self, *chat_ids: int) -> AsyncIterator[Connection]:
        """One transaction in which chats come, go or change, and with them those who follow."""
        async with self._database.write() as tx, followers.counted(tx, *chat_ids, now=self._clock()):
            yield tx

    async def _ensure(
        self,
        tx: Connection,
        facts: ChatFacts,
        *,
        state: ChatState = ChatState.ACTIVE,
        added_by: int | None = None,
        client_language: str = "",
    ) -> Chat:
        return await chats.ensure(
            tx,
            facts.id,
            kind=facts.kind,
            title=facts.title,
            username=facts.username,
            is_forum=facts.is_forum,
            client_language=client_language,
            state=state,
            added_by=added_by,
            schedule=self._policy.schedule,
            timezone=self._policy.timezone,
            now=self._clock(),
        )

    async def _let_in(self, tx: Connection, chat_id: int) -> None:
        await chats.change(tx, chat_id, state=ChatState.ACTIVE, reason="", panel_sent=False)
        if not await subscriptions.of_chat(tx, chat_id):
            await subscriptions.subscribe(tx, chat_id, None, now=self._clock())

    async def _must_wait(self, tx: Connection, chat_id: int) -> Chat:
        found = await chats.get(tx, chat_id)
        if found is None or found.state is not ChatState.PENDING:
            raise ConflictError("chat-not-waiting")
        return found


def can_be_written_to(chat: Chat | None) -> bool:
    """Tell whether a person's private chat takes messages: they pressed start and have not blocked the bot."""
    return chat is not None and chat.started and chat.state is ChatState.ACTIVE
