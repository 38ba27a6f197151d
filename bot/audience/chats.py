"""The life of chats: arrival, admission by owners, departure and return, which keeps the admission."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Unpack

from bot.clock import Clock
from bot.errors import ConflictError
from persian.schedule import Schedule
from storage import admissions, audit, cards, chats, followers, lost_chats, notices, staff
from storage.audit_details import AuditAction, ChatActionDetails, ChatChangeDetails, SettingChange
from storage.chats import ChatChanges
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Admission, CardKind, Chat, ChatKind, Role


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """Facts about a chat from an update of Telegram."""

    id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    is_forum: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of new chats, and whether a chat that a stranger adds needs the approval of an owner."""

    schedule: Schedule
    timezone: str
    open_door: bool


Retime = Callable[[int], Awaitable[None]]
"""Reschedules the pending deliveries of a chat by its present schedules."""

StaffActing = Callable[[int | None], AbstractAsyncContextManager[Connection]]
"""Begins the transaction of a member of staff, None for anybody else.

It raises UserError where the member does not have the right to the act (any more).
"""

_TIMES = ("schedule", "quiet", "timezone", "breaking_passes_quiet")
"""The settings that decide when a chat gets news."""
_IN_AUDIT = {"post_style": "look"}
"""The audit's own names of settings."""


class Chats:
    """The life of a chat; each act is one transaction.

    `deciding` begins those of owners who decide about admissions, `acting` those of staff who change settings.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        policy: Policy,
        retime: Retime,
        *,
        deciding: StaffActing,
        acting: StaffActing,
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._retime = retime
        self._deciding = deciding
        self._acting = acting

    async def get(self, chat_id: int) -> Chat | None:
        """Return what is known of a chat."""
        async with self._database.read() as connection:
            return await chats.get(connection, chat_id)

    async def person_wrote(
        self, user_id: int, name: str, username: str, client_language: str, *, known: Chat | None
    ) -> Chat:
        """Upsert the chat of a person who wrote to the bot in private, and so can be written to; return it.

        `known` is what was known of it a moment ago.
        """
        if known is not None and can_be_written_to(known) and known.refused_at is None:
            language = client_language or known.client_language
            if (known.title, known.username, known.client_language) == (name, username, language):
                return known
            changed = await self.change(user_id, title=name, username=username, client_language=language)
            return changed or known
        facts = ChatFacts(user_id, ChatKind.PRIVATE, name, username)
        async with self._database.write() as tx:
            details = chats.ChatDetails(name, username, client_language, added_by=user_id)
            await self._ensure(tx, facts, details)
            await chats.change(tx, user_id, started=True)
            await lost_chats.mark_found(tx, user_id, now=self._clock())
            chat = await chats.get(tx, user_id)
            assert chat is not None
            return chat

    async def person_started(self, user_id: int, *, approves_chats: bool) -> None:
        """A person has pressed start: notices and cards that could not reach them are due again.

        Whoever approves chats gets a card of each chat that waits and that they have no card of.
        """
        now = self._clock()
        async with self._database.write() as tx:
            await notices.make_due(tx, user_id, now=now)
            await cards.make_due(tx, user_id, now=now)
            if approves_chats:
                for chat_id in await chats.waiting_without_card(tx, user_id):
                    await cards.enqueue(tx, CardKind.CHAT, chat_id, [user_id], now=now)

    async def record_visit(self, user_id: int, ordinal: int) -> None:
        """Record how far (an article's ordinal) a person has read the newest headlines: never less than before."""
        async with self._database.write() as tx:
            await chats.record_seen(tx, user_id, ordinal)

    async def bot_added(
        self,
        facts: ChatFacts,
        *,
        by: int | None,
        is_admin: bool,
        joined: bool,
        person: ChatFacts | None = None,
    ) -> Chat:
        """The bot may post in a group or channel, by an act of a person; `joined` means that it could not before.

        A chat that comes back keeps its settings and its admission. A new one is admitted at once where an owner
        brought the bot or the door is open; any other waits for an owner's yes, as does one that was let in by
        nobody yet. An owner who brings the bot to a denied chat admits it. `person` is whoever brought it: the
        name of one who never wrote to the bot is stored, so that the newsroom reads who it is.
        """
        now = self._clock()
        async with self._database.write() as tx:
            if person is not None and await chats.get(tx, person.id) is None:
                await self._ensure(tx, person, chats.ChatDetails(person.title, person.username))
            known = await chats.lock(tx, facts.id)
            details = chats.ChatDetails(
                facts.title, facts.username, is_forum=facts.is_forum, admission=Admission.WAITING, added_by=by
            )
            await self._ensure(tx, facts, details)
            await chats.change(tx, facts.id, is_admin=is_admin)
            await lost_chats.mark_found(tx, facts.id, now=now, by=by or audit.TELEGRAM)
            admission = known.admission if known is not None else Admission.WAITING
            if admission is not Admission.ADMITTED and joined and await _is_owner(tx, by):
                await self._admit(tx, facts.id, by=by)
            elif admission is Admission.WAITING and self._policy.open_door:
                await self._admit(tx, facts.id, by=None, bringer=by)
            elif known is None:
                await admissions.enqueue_cards(tx, facts.id, now=now)
            return await _must_get(tx, facts.id)

    async def bot_removed(self, chat_id: int, reason: str, *, by: int = audit.TELEGRAM) -> None:
        """Record that a chat cannot be reached: withdraw its pending deliveries and keep its settings."""
        async with self._database.write() as tx:
            await lost_chats.mark_lost(tx, chat_id, reason, now=self._clock(), by=by)

    async def person_returned(self, user_id: int) -> None:
        """A person has let the bot write to them again."""
        async with self._database.write() as tx:
            await lost_chats.mark_found(tx, user_id, now=self._clock())

    async def decide(self, chat_id: int, admission: Admission, *, seen: Admission, actor_id: int) -> Chat:
        """Admit or deny a chat, as an owner does who has `seen` what was decided before.

        Raises ConflictError where another decision has come in between, UserError where the actor is no owner (any
        more).
        """
        async with self._deciding(actor_id) as tx:
            chat = await chats.lock(tx, chat_id)
            if chat is None or chat.admission is not seen:
                raise ConflictError("chat-not-waiting")
            if admission is Admission.ADMITTED:
                await self._admit(tx, chat_id, by=actor_id)
            else:
                await admissions.decide(tx, chat_id, admission, by=actor_id, now=self._clock())
                details = ChatActionDetails(chat_id, chat.title)
                action = AuditAction.REVOKE_CHAT if seen is Admission.ADMITTED else AuditAction.DENY_CHAT
                await audit.record(tx, actor_id, action, now=self._clock(), details=details)
            return await _must_get(tx, chat_id)

    async def migrated(self, old_id: int, new_id: int) -> None:
        """A group became a supergroup: it keeps all it has under its new id."""
        async with self._database.write() as tx, followers.counted(tx, old_id, new_id, now=self._clock()):
            await chats.migrate(tx, old_id, new_id)

    async def change(self, chat_id: int, *, by: int | None = None, **changes: Unpack[ChatChanges]) -> Chat | None:
        """Change fields of the chat and return it; None where it is unknown.

        `by` is a member of staff whose act this is. Raises UserError where they are none any more.
        """
        # Settings change nobody's following.
        async with self._acting(by) as tx:
            # The audit tells what a member of staff has changed, whoever else changes it at the same moment.
            before = await (chats.get if by is None else chats.lock)(tx, chat_id)
            if before is None:
                return None
            await chats.change(tx, chat_id, **changes)
            changed = [
                setting_change(name, getattr(before, name), value)
                for name, value in changes.items()
                if getattr(before, name) != value
            ]
            if by is not None and changed:
                details = ChatChangeDetails(chat_id, before.title, settings=tuple(changed))
                await audit.record(tx, by, AuditAction.CHAT_SETTINGS, now=self._clock(), details=details)
            chat = await chats.get(tx, chat_id)
        if any(getattr(before, name) != getattr(chat, name) for name in _TIMES):
            await self._retime(chat_id)
        return chat

    async def audience(self) -> list[Chat]:
        """Return every channel and group."""
        async with self._database.read() as connection:
            return await chats.channels_and_groups(connection)

    async def panels_owed(self, user_id: int) -> list[Chat]:
        """Return the chats that this person brought the bot to and has no panel for."""
        async with self._database.read() as connection:
            return await chats.without_panel(connection, user_id)

    async def claim_panel(self, chat_id: int) -> bool:
        """Claim the sending of the chat's panel to whoever brought the bot; False where it was claimed before."""
        async with self._database.write() as tx:
            return await chats.claim_panel(tx, chat_id)

    async def topic_seen(self, chat_id: int, topic_id: int, name: str, *, closed: bool | None) -> None:
        """Upsert what a forum's service message says of a topic; "" and None leave what is known.

        The person who added the bot gets a notice about a closed topic that is followed.
        """
        async with self._database.write() as tx:
            if await chats.get(tx, chat_id) is None:
                return
            if closed:
                await lost_chats.lose_topic(tx, chat_id, topic_id, now=self._clock())
            else:
                await chats.upsert_topic(tx, chat_id, topic_id, name=name, closed=closed)

    async def _ensure(self, tx: Connection, facts: ChatFacts, details: chats.ChatDetails) -> Chat:
        return await chats.ensure(
            tx,
            facts.id,
            kind=facts.kind,
            schedule=self._policy.schedule,
            timezone=self._policy.timezone,
            now=self._clock(),
            details=details,
        )

    async def _admit(self, tx: Connection, chat_id: int, *, by: int | None, bringer: int | None = None) -> None:
        """Admit a chat by the owner `by`, or (None) because the door is open to the `bringer`."""
        now = self._clock()
        await admissions.decide(tx, chat_id, Admission.ADMITTED, by=by, now=now)
        chat = await _must_get(tx, chat_id)
        actor = by if by is not None else bringer or audit.TELEGRAM
        action = AuditAction.APPROVE_CHAT if by is not None else AuditAction.OPEN_DOOR
        await audit.record(tx, actor, action, now=now, details=ChatActionDetails(chat_id, chat.title))


async def _is_owner(tx: Connection, user_id: int | None) -> bool:
    """Return whether a person is an owner, and stays one until the transaction ends."""
    member = await staff.lock_member(tx, user_id) if user_id is not None else None
    return member is not None and member.role is Role.OWNER


async def _must_get(tx: Connection, chat_id: int) -> Chat:
    chat = await chats.get(tx, chat_id)
    assert chat is not None, "stored in this transaction"
    return chat


def setting_change(name: str, before: object, after: object) -> SettingChange:
    """Return the change of a setting in the audit's words, in which "" is none."""
    values = ["" if value is None else str(value) for value in (before, after)]
    return SettingChange(_IN_AUDIT.get(name, name), values[0], values[1])


def can_be_written_to(chat: Chat | None) -> bool:
    """Return whether a person's private chat takes messages: they pressed start and have not blocked the bot."""
    return chat is not None and chat.started and chat.is_active
