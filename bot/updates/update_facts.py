"""Updates as they arrive: what the receiver needs of one, and whether it can be handled at all (pure).

Telegram's updates keep to the types of the Bot API; whatever does not is malformed: it is stored as failed and
never run. What no handler reads is not looked at, so that fields which Telegram adds one day change nothing.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.bounded_json import DEEPEST, depth
from bot.errors import PeykError

LARGEST_UPDATE = 1 << 20
"""Letters of an update's JSON; the longest messages take a tenth."""
KEPT_LETTERS = 10_000
"""Letters that are kept of a malformed update."""
LARGEST_UPDATE_ID = (1 << 31) - 1
"""Ids of updates are positive and of 32 bits (tdlib/td, td/db/TQueue.h: EventId::MAX_ID)."""

_LARGEST_ID = 1 << 53  # at most 52 significant bits (core.telegram.org/bots/api#chat)
_MOST_ENTITIES = 4_096  # a text has no more letters
_MOST_REACTIONS = 1_000  # kinds; a chat allows far fewer
_SUSPECT = re.compile(r"\d{18,}|\\u0000|Infinity|NaN")


class MalformedUpdateError(PeykError):
    """An update that is none; the message says by what, in one line."""


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """The facts that the receiver needs of an update.

    Updates with one `order_key` are handled one after the other: it is the chat's id, else the person's, else the
    update's. `chat_id` and `message_id` are of the message that the update shows to exist, else None.
    """

    update_id: int
    order_key: int
    chat_id: int | None
    message_id: int | None


def facts_of(update: object) -> UpdateFacts:
    """Return the facts of an update. Raises MalformedUpdateError."""
    try:
        parsed = _Update.model_validate(update)
    except ValidationError as error:
        raise MalformedUpdateError(_in_words(error)) from None
    shown = parsed.message or parsed.edited_message or parsed.channel_post
    return UpdateFacts(
        parsed.update_id,
        next(_order_keys(parsed), parsed.update_id),
        shown.chat.id if shown else None,
        shown.message_id if shown else None,
    )


def encoded(update: object) -> str:
    """Return an update as JSON that every database stores. Raises MalformedUpdateError."""
    try:
        body = json.dumps(update, ensure_ascii=False, separators=(",", ":"))
        body.encode()
    except UnicodeEncodeError:
        raise MalformedUpdateError("a text with half of a surrogate pair") from None
    except (RecursionError, TypeError, ValueError):
        raise MalformedUpdateError(f"nested deeper than {DEEPEST} levels") from None
    if len(body) > LARGEST_UPDATE:
        raise MalformedUpdateError(f"longer than {LARGEST_UPDATE} letters")
    if body.count("{") + body.count("[") > DEEPEST and depth(update) > DEEPEST:
        raise MalformedUpdateError(f"nested deeper than {DEEPEST} levels")
    if _SUSPECT.search(body):
        _refuse_extremes(update)
    return body


def fingerprint(body: str) -> int:
    """Return what stands for the id of an update that has none of its own: below 0, the same for the same body."""
    digest = sha256(body.encode(errors="backslashreplace")).digest()
    return -1 - (int.from_bytes(digest[:8]) >> 2)


def legible(update: object) -> str:
    """Return a malformed update for whoever looks into it, shortened and in ASCII."""
    try:
        return json.dumps(update)[:KEPT_LETTERS]
    except (RecursionError, TypeError, ValueError):
        return ""


def update_id_of(update: object) -> int | None:
    """Return the id of an update, however malformed the rest is, None where it has none that can be Telegram's."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(update_id, int) and not isinstance(update_id, bool) and 0 < update_id <= LARGEST_UPDATE_ID:
        return update_id
    return None


def _refuse_extremes(update: object) -> None:
    """Raise MalformedUpdateError for what no database column holds: U+0000, huge and infinite numbers."""
    values = [update]
    while values:
        value = values.pop()
        if isinstance(value, dict):
            values += value.keys()
            values += value.values()
        elif isinstance(value, list):
            values += value
        elif isinstance(value, str) and "\0" in value:
            raise MalformedUpdateError("a text with U+0000")
        elif isinstance(value, (int, float)) and not -(1 << 63) <= value < 1 << 63:
            raise MalformedUpdateError("a number beyond 64 bits")


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


_Id = Annotated[int, Field(gt=-_LARGEST_ID, lt=_LARGEST_ID)]
_PersonId = Annotated[int, Field(gt=0, lt=_LARGEST_ID)]
_MessageId = Annotated[int, Field(ge=0, lt=_LARGEST_ID)]
_Instant = Annotated[int, Field(ge=0, lt=1 << 32)]
_Units = Annotated[int, Field(ge=0, lt=1 << 31)]


class _Chat(_Part):
    id: _Id
    type: Literal["private", "group", "supergroup", "channel"]
    title: str = ""
    username: str = ""
    is_forum: bool = False


class _Person(_Part):
    id: _PersonId
    is_bot: bool
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""


class _Entity(_Part):
    type: str
    offset: _Units
    length: _Units
    url: str = ""


class _File(_Part):
    file_id: str
    file_name: str = ""
    file_size: Annotated[int, Field(ge=0)] = 0


class _Origin(_Part):
    type: str
    chat: _Chat | None = None
    message_id: _MessageId = 0


class _Topic(_Part):
    name: str = ""


_Entities = Annotated[list[_Entity], Field(max_length=_MOST_ENTITIES)]


class _Message(_Part):
    message_id: _MessageId
    chat: _Chat
    date: _Instant
    person: _Person | None = Field(None, alias="from")
    sender_chat: _Chat | None = None
    via_bot: _Person | None = None
    text: str = ""
    caption: str = ""
    entities: _Entities = []
    caption_entities: _Entities = []
    photo: Annotated[list[_File], Field(min_length=1, max_length=100)] = []
    video: _File | None = None
    document: _File | None = None
    animation: _File | None = None
    audio: _File | None = None
    voice: _File | None = None
    media_group_id: str = ""
    message_thread_id: _MessageId = 0
    is_topic_message: bool = False
    forward_origin: _Origin | None = None
    migrate_to_chat_id: _Id = 0
    migrate_from_chat_id: _Id = 0
    forum_topic_created: _Topic | None = None
    forum_topic_edited: _Topic | None = None


class _Press(_Part):
    id: str
    person: _Person = Field(alias="from")
    message: _Message | None = None
    # Only the button of a game has none, and the bot sends no games.
    data: Annotated[str, Field(min_length=1)]


class _InlineQuery(_Part):
    id: str
    person: _Person = Field(alias="from")
    query: str
    offset: str


class _Member(_Part):
    status: Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
    user: _Person
    can_post_messages: bool = False
    can_send_messages: bool = False
    is_member: bool = False


class _MemberChange(_Part):
    chat: _Chat
    person: _Person = Field(alias="from")
    old_chat_member: _Member
    new_chat_member: _Member


class _ReactionType(_Part):
    type: str
    emoji: str = ""
    custom_emoji_id: str = ""


class _Reaction(_Part):
    type: _ReactionType
    total_count: Annotated[int, Field(ge=0, lt=1 << 31)]


class _ReactionCount(_Part):
    chat: _Chat
    message_id: _MessageId
    date: _Instant
    reactions: Annotated[list[_Reaction], Field(max_length=_MOST_REACTIONS)]


class _Update(_Part):
    update_id: Annotated[int, Field(gt=0, le=LARGEST_UPDATE_ID)]
    message: _Message | None = None
    edited_message: _Message | None = None
    channel_post: _Message | None = None
    callback_query: _Press | None = None
    inline_query: _InlineQuery | None = None
    my_chat_member: _MemberChange | None = None
    message_reaction_count: _ReactionCount | None = None


def _order_keys(update: _Update) -> Iterator[int]:
    """Return the chat or person of each part of an update."""
    for message in (update.message, update.edited_message, update.channel_post):
        if message is not None:
            yield message.chat.id
    if update.callback_query is not None:
        press = update.callback_query
        yield press.message.chat.id if press.message is not None else press.person.id
    if update.inline_query is not None:
        yield update.inline_query.person.id
    if update.my_chat_member is not None:
        yield update.my_chat_member.chat.id
    if update.message_reaction_count is not None:
        yield update.message_reaction_count.chat.id


def _in_words(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(step) for step in first["loc"] if isinstance(step, (int, str)))
    return f"{where or 'update'}: {first['msg']}"
