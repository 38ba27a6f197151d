"""The context of a handler: the person, the chat, the language, and the ways to answer."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from telegram import CallbackQuery, MaybeInaccessibleMessage, Update, User
from telegram import Chat as TelegramChat
from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.audience.bookmarks import Bookmarks
from bot.audience.chats import ChatFacts, Chats
from bot.audience.post_style_previews import PostStylePreviews
from bot.audience.reactions import Reactions
from bot.audience.subscriptions import Subscriptions
from bot.audience.user_rate_limit import UserRateLimits
from bot.bounds import MESSAGE, PAYLOAD
from bot.clock import Clock
from bot.config import Settings
from bot.delivery.answers import Answers
from bot.delivery.attachments import Attachments
from bot.delivery.outbox_actions import OutboxActions
from bot.delivery.worker import Worker
from bot.ingest.discovery.discovery import Discovery
from bot.ingest.importer import Importer
from bot.ingest.sources.source_admin import SourceAdmin
from bot.ingest.sources.source_requests import SourceRequests
from bot.jobs.delayed_tasks import DelayedTasks
from bot.jobs.desk_reports import DeskReports
from bot.jobs.lost_chats import LostChats
from bot.locales.catalog import Catalog, Texts
from bot.newsroom.announcements import Announcements
from bot.newsroom.articles import Newsroom
from bot.newsroom.chart_client import ChartClient
from bot.newsroom.commands import Commands
from bot.newsroom.comments import Comments
from bot.newsroom.dialogues import Dialogues
from bot.newsroom.edit_locks import EditLocks
from bot.newsroom.house_words import HouseWords
from bot.newsroom.pausing import Pausing
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.source_changes import SourceChanges
from bot.newsroom.staff import Staff
from bot.newsroom.story_joining import StoryJoining
from bot.newsroom.tips import Tips
from bot.newsroom.work_cards import WorkCards
from bot.render.html import length, strip_tags
from bot.render.language import ChatTexts
from bot.render.message import Keyboard, Message
from bot.telegram.gateway import EphemeralRefusedError, Gateway
from bot.telegram.message_cache import MessageCache
from bot.telegram.photos import Photos
from storage import chats
from storage.engine.database import ReadOnlyDatabase
from storage.records import Chat, ChatKind, Reachability, Role

SERVICES = "services"
"""The key of the services in the application's bot_data."""

# Keyboards and copied numbers leave marks of direction around what was meant.
AROUND = " \t\r\n\u00a0\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\ufeff"
"""The characters that are stripped from both ends of a person's text."""
COMMAND = re.compile(r"^/[A-Za-z0-9_]+(?:@[A-Za-z0-9_]+)?")
"""A command at the beginning of a message."""

ANONYMOUS_ADMIN = 1087968824
"""The account that Telegram shows for an admin who posts as the group itself (core.telegram.org/bots/api)."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that handlers may use, built in bot.assembly. `takes_inline`: inline mode is on."""

    settings: Settings
    database: ReadOnlyDatabase
    clock: Clock
    catalog: Catalog
    gateway: Gateway
    photos: Photos
    worker: Worker
    answers: Answers
    attachments: Attachments
    lost_chats: LostChats
    desk_reports: DeskReports
    newsroom: Newsroom
    announcements: Announcements
    work_cards: WorkCards
    reviews: Reviews
    source_changes: SourceChanges
    scheduling: Scheduling
    story_joining: StoryJoining
    outbox_actions: OutboxActions
    comments: Comments
    house_words: HouseWords
    tips: Tips
    pausing: Pausing
    dialogues: Dialogues
    edit_locks: EditLocks
    staff: Staff
    chats: Chats
    subscriptions: Subscriptions
    bookmarks: Bookmarks
    reactions: Reactions
    post_style_previews: PostStylePreviews
    discovery: Discovery
    importer: Importer
    source_admin: SourceAdmin
    source_requests: SourceRequests
    charts: ChartClient
    bot_username: str
    bot_id: int
    takes_inline: bool
    rng: Random
    user_rate_limits: UserRateLimits
    message_cache: MessageCache
    delayed_tasks: DelayedTasks
    commands: Commands

    def texts(self, chat: Chat | None, client_language: str = "") -> Texts:
        """Return the texts for a chat, or for a person of whom only Telegram's language is known."""
        return ChatTexts(self.catalog, self.settings.default_language, self.settings.zone).of(chat, client_language)


@dataclass(slots=True)
class Press:
    """A press of a button: its query's id, and whether it was answered; Telegram takes one answer only."""

    query_id: str
    answered: bool = False


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """One update as handlers see it.

    `chat` is None only for updates without a chat. `words` is what stood behind the command, or a message's
    text; "" for a press. `message_id` is that of the message, for a press of the one with the button, whose
    callback data is `data`. `ephemeral_id` is that of a message that only the person sees, whose `message_id` is 0.
    """

    services: Services
    update: Update
    chat: Chat | None
    chat_id: int
    user_id: int
    role: Role | None
    texts: Texts
    words: str
    message_id: int
    topic_id: int
    press: Press | None
    data: str
    ephemeral_id: int = 0

    @property
    def private(self) -> bool:
        """Return whether this is a person's own chat with the bot."""
        return self.chat_id == self.user_id

    @property
    def message(self) -> TelegramMessage:
        """The message that the update is about."""
        message = self.update.effective_message
        assert message is not None, "asked only in updates that have one"
        assert isinstance(message, TelegramMessage), "an inaccessible message has no content"
        return message

    async def send(self, message: Message) -> int:
        """Answer in this chat and topic, an ephemeral message with another one; return the message id."""
        if self.ephemeral_id:
            return await self._whisper(message)
        message_id = await self.services.gateway.send(self.chat_id, message, topic_id=self.topic_id)
        self.services.message_cache.record(self.chat_id, message_id, message)
        if self.chat is not None and self.chat.reachability is Reachability.REFUSING:
            await self.services.lost_chats.record_accepted(self.chat_id)
        return message_id

    async def _whisper(self, message: Message) -> int:
        """Answer what came by an ephemeral command or message. What is refused is not told to the whole group."""
        with suppress(EphemeralRefusedError):
            return await self.services.gateway.send_ephemeral(
                self.chat_id,
                self.user_id,
                message,
                topic_id=self.topic_id,
                command_id=0 if self.press else self.ephemeral_id,
                query_id=self.press.query_id if self.press else "",
            )
        return 0

    async def send_to_asker(self, message: Message) -> None:
        """Answer one person: in a group so that nobody else sees it, where the server knows that."""
        gateway = self.services.gateway
        if not self.ephemeral_id and self._may_whisper and gateway.takes_ephemeral():
            with suppress(EphemeralRefusedError):
                await gateway.send_ephemeral(self.chat_id, self.user_id, message, topic_id=self.topic_id)
                return
        await self.send(message)

    @property
    def _may_whisper(self) -> bool:
        """Return whether this is a group in which the bot may send what only the person sees."""
        is_person = self.user_id not in (0, ANONYMOUS_ADMIN)
        return not self.private and is_person and self.chat is not None and self.chat.is_admin

    async def reply(self, key: str, /, **args: str | int) -> int:
        """Answer with a text of the catalogue."""
        return await self.send(Message(self.texts.html(key, **args)))

    async def prompt(self, key: str, keyboard: Keyboard, /, **args: str | int) -> int:
        """Answer with a text of the catalogue and buttons under it."""
        return await self.send(Message(self.texts.html(key, **args), keyboard))

    async def edit_or_send(self, message: Message) -> None:
        """Edit the message whose button was pressed into `message`, or send it after a command."""
        if self.press is None:
            await self.send(message)
        elif self.ephemeral_id:
            await self.services.gateway.edit_ephemeral(self.chat_id, self.user_id, self.ephemeral_id, message)
        else:
            edit = partial(self.services.gateway.edit, self.chat_id, self.message_id, message)
            await self.services.message_cache.edit(self.chat_id, self.message_id, message, edit)

    async def set_buttons(self, keyboard: Keyboard = ()) -> None:
        """Replace the buttons of the message whose button was pressed."""
        edit = partial(self.services.gateway.edit_keyboard, self.chat_id, self.message_id, keyboard)
        await self.services.message_cache.edit(self.chat_id, self.message_id, keyboard, edit)

    async def answer_callback(self, key: str = "", /, *, alert: bool = False, **args: str | int) -> None:
        """Answer the press itself, with a line that fades or an alert; one that was answered is left alone."""
        if self.press is None or self.press.answered:
            return
        self.press.answered = True
        text = strip_tags(self.texts.html(key, **args)) if key else ""
        await self.services.gateway.answer_button(self.press.query_id, text, alert=alert)

    async def report_error(self, key: str, /, **args: str | int) -> None:
        """Report an error: as an alert while a press waits for its answer, else as a message."""
        if self.press is not None and not self.press.answered:
            await self.answer_callback(key, alert=True, **args)
        else:
            await self.reply(key, **args)

    async def close_dialogue(self) -> None:
        """End the dialogue that is open here, if one is."""
        await self.services.dialogues.close(self.chat_id, self.user_id)

    def as_command(self, words: str = "") -> "HandlerContext":
        """Return the context as if the person had written a command with `words` behind it."""
        return replace(self, words=words, press=None, data="")

    @property
    def whole_text(self) -> str:
        """The message's text or caption, what stands there in the form of a command included."""
        return MESSAGE.cut(self.message.text or self.message.caption or "").strip(AROUND)

    @property
    def photo(self) -> str:
        """The file id of the largest size of the message's photo, "" where it has none."""
        return self.message.photo[-1].file_id if self.message.photo else ""

    @property
    def document(self) -> str:
        """The file id of the message's document, "" where it has none."""
        return self.message.document.file_id if self.message.document else ""

    @property
    def document_bytes(self) -> int:
        """The size that Telegram tells of the message's document, 0 where it tells none."""
        return (self.message.document.file_size or 0) if self.message.document else 0

    @property
    def units(self) -> int:
        """The length of the message's whole text as it came, in UTF-16 units."""
        return length(MESSAGE.cut(self.message.text or self.message.caption or ""))


async def context_of(update: Update, context: ContextTypes.DEFAULT_TYPE) -> HandlerContext:
    """Return the context of an update; upsert the chat of a person who wrote in private."""
    services: Services = context.application.bot_data[SERVICES]
    user, chat_seen, message = update.effective_user, update.effective_chat, update.effective_message
    user_id = user.id if user else 0
    async with services.database.autocommit_read() as connection:
        chat, role = await chats.chat_and_role(connection, chat_seen.id if chat_seen else 0, user_id)
    if user is not None and chat_seen is not None and _is_own_chat(chat_seen, user):
        chat = await _upsert_person(services, user, chat)
    press, data = _press(update.callback_query)
    return HandlerContext(
        services=services,
        update=update,
        chat=chat,
        chat_id=chat_seen.id if chat_seen else user_id,
        user_id=user_id,
        role=role,
        texts=services.texts(chat, _client_language(user, chat)),
        words="" if press else _words(message),
        message_id=message.message_id if message else 0,
        topic_id=_topic_id(message),
        press=press,
        data=data,
        ephemeral_id=_ephemeral_id(message),
    )


def _press(query: CallbackQuery | None) -> tuple[Press | None, str]:
    """Return the press of a button and its data, None and "" where the update is none."""
    return (Press(query.id), PAYLOAD.cut(query.data or "")) if query is not None else (None, "")


async def _upsert_person(services: Services, user: User, known: Chat | None) -> Chat:
    """Store the names and the client's language of a person who wrote in private; return their chat."""
    # A deleted account has no name, for which the library says None.
    name, username, client = user.full_name or "", user.username or "", user.language_code or ""
    return await services.chats.person_wrote(user.id, name, username, client, known=known)


def _client_language(user: User | None, chat: Chat | None) -> str:
    """Return the language of a person's app, "" where others read the answer as well."""
    is_private = chat is not None and chat.kind is ChatKind.PRIVATE
    if user is None or user.id == ANONYMOUS_ADMIN or not is_private:
        return ""
    return user.language_code or ""


def _is_own_chat(chat: TelegramChat, user: User) -> bool:
    return chat.type == ChatType.PRIVATE and chat.id == user.id


def _topic_id(message: MaybeInaccessibleMessage | None) -> int:
    """Return the topic of a forum that a message stands in, 0 for none."""
    if isinstance(message, TelegramMessage) and message.is_topic_message:
        return message.message_thread_id or 0
    return 0


def facts_of(chat: TelegramChat) -> ChatFacts:
    """Return the facts of a group or channel in an update."""
    return ChatFacts(
        chat.id, ChatKind(chat.type), chat.title or "", chat.username or "", is_forum=bool(chat.is_forum)
    )


def _ephemeral_id(message: MaybeInaccessibleMessage | None) -> int:
    """Return the id of an ephemeral message, 0 for any other: python-telegram-bot 22 has no field for it."""
    id_ = message.api_kwargs.get("ephemeral_message_id", 0) if message else 0
    return id_ if isinstance(id_, int) else 0


def _words(message: MaybeInaccessibleMessage | None) -> str:
    text = (message.text or message.caption or "") if isinstance(message, TelegramMessage) else ""
    return COMMAND.sub("", MESSAGE.cut(text), count=1).strip(AROUND)
