"""The state of a local Telegram: people, chats, messages, and the updates that its one bot has to fetch."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.counts import Counts
from sandbox.errors import bad, forbidden
from sandbox.faults import Faults
from sandbox.flood import FloodLimiter, Limits
from sandbox.inspector import BotInspector
from sandbox.notifier import Notifier
from sandbox.numbered_log import NumberedLog
from sandbox.remote_files import RemoteFiles

Json = dict[str, Any]

ANONYMOUS_ADMIN = 1087968824
"""The account that Telegram shows for an admin who posts as the group itself."""
_GROUP_ANONYMOUS_BOT: Json = {
    "id": ANONYMOUS_ADMIN,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_messages",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_edit_messages",
    "can_pin_messages",
    "can_manage_topics",
)


_FIRST_EPHEMERAL = 10**9
"""Ids of ephemeral messages lie above this, and those of others below."""


@dataclass(slots=True)
class Person:
    """A user: `started` pressed start; a person who `blocked` the bot or is `deactivated` gets nothing."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = "fa"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """The User object."""
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return user | ({"username": self.username} if self.username else {}) | {"language_code": self.language_code}


@dataclass(slots=True)
class Post:
    """A message: `json` as the bot sees it, `rich` as people do; `by_bot` ours, `service` by Telegram itself.

    An ephemeral one has a `receiver`: the person who alone sees it beside the bot, whoever of both wrote it.
    """

    json: Json
    author: int
    by_bot: bool = False
    service: bool = False
    rich: Json | None = None
    receiver: int | None = None


@dataclass(slots=True)
class Chat:
    """A chat. `members` maps user ids to ChatMember objects, the bot's too; a `crowd` has joined besides."""

    id: int
    kind: str
    title: str = ""
    username: str = ""
    is_forum: bool = False
    protected: bool = False
    migrated_to: int | None = None
    kicked: bool = False
    destroyed: bool = False
    members: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Json] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    last_id: int = 0
    pinned: list[int] = field(default_factory=list)
    crowd: int = 0

    def json(self) -> Json:
        """The Chat object of a group or channel."""
        chat: Json = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username:
            chat["username"] = self.username
        if self.is_forum:
            chat["is_forum"] = True
        return chat


def _account_of(bot_id: int, username: str, *, privacy: bool) -> Json:
    """Return the User object of the bot as `getMe` gives it."""
    return {
        "id": bot_id,
        "is_bot": True,
        "first_name": "Peyk",
        "username": username,
        "can_join_groups": True,
        "can_read_all_group_messages": not privacy,
        "supports_inline_queries": True,
    }


class TelegramState:
    """All of a simulated Telegram. `clock` returns seconds since the epoch; `advance` moves it on."""

    def __init__(
        self,
        bot_id: int,
        bot_username: str,
        *,
        limits: Limits | None = None,
        rich: bool = True,
        privacy: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.me = _account_of(bot_id, bot_username, privacy=privacy)
        self.rich = rich
        self.ephemeral = True
        self._ephemeral_id = _FIRST_EPHEMERAL
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.flood = FloodLimiter(limits or Limits())
        self.faults = Faults(self.now)
        self.pending: deque[Json] = deque()
        self.polls = 0
        self.allowed: list[str] | None = None
        self.webhook: Json = {"url": ""}
        self.presses: dict[str, Json] = {}
        self.inline: dict[str, Json] = {}
        self.commands: dict[str, list[Json]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.remote_files = RemoteFiles()
        self.inspector: BotInspector | None = None
        self.newest_kept: int | None = None
        self.requests = NumberedLog()
        self.events = NumberedLog()
        self.counts = Counts(time.monotonic())
        self.update_added = Notifier()
        self.event_added = Notifier()
        self.clock_advanced = Notifier()
        self._clock = clock
        self._ahead = 0.0
        self._update_id = 100_000
        self._account_id = 0
        self._user = {key: self.me[key] for key in ("id", "is_bot", "first_name", "username")}
        self._private_chat_json: dict[int, Json] = {}

    def now(self) -> float:
        """Seconds since the epoch, as this state counts them."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the simulated clock on."""
        self._ahead += seconds
        self.clock_advanced.notify_all()

    def bot_user(self) -> Json:
        """The bot's User object as it stands in messages; all of them share it."""
        return self._user

    def person(self, user_id: int) -> Person:
        """Return a person. Raises ApiError where there is none."""
        if user_id not in self.people:
            raise bad("user not found")
        return self.people[user_id]

    def private_chat(self, person: Person) -> Chat:
        """Return the person's private chat with the bot."""
        if person.id not in self.chats:
            self.chats[person.id] = Chat(person.id, "private")
        return self.chats[person.id]

    def chat_json(self, chat: Chat) -> Json:
        """The Chat object of any chat; all messages of a private one share it."""
        if chat.kind != "private":
            return chat.json()
        if chat.id not in self._private_chat_json:
            person = self.people[chat.id]
            fields = {"id": chat.id, "type": "private", "first_name": person.first_name}
            self._private_chat_json[chat.id] = fields | ({"username": person.username} if person.username else {})
        return self._private_chat_json[chat.id]

    def reachable_chat(self, chat_id: int | str) -> Chat:
        """Return a chat that the bot can send to. Raises ApiError with Telegram's description."""
        if isinstance(chat_id, str):
            chat_id = self._id_of_username(chat_id)
        if chat_id in self.people:
            return self._reachable_person(self.people[chat_id])
        return self._reachable_group(chat_id)

    def _id_of_username(self, username: str) -> int:
        name = username.removeprefix("@").lower()
        for chat in self.chats.values():
            if chat.username and chat.username.lower() == name:
                return chat.id
        raise bad("chat not found")

    def _reachable_person(self, person: Person) -> Chat:
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
        return self.private_chat(person)

    def _reachable_group(self, chat_id: int) -> Chat:
        """Return a group, supergroup or channel that the bot can send to."""
        chat = self.chats.get(chat_id)
        if chat is None or (chat.destroyed and chat.kind != "group"):
            raise bad("chat not found")
        if chat.destroyed:
            raise forbidden("the group chat was deleted")
        if chat.migrated_to is not None:
            error = bad("group chat was upgraded to a supergroup chat")
            error.parameters = {"migrate_to_chat_id": chat.migrated_to}
            raise error
        if chat.kicked:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if self.me["id"] not in chat.members:
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def bot_right(self, chat: Chat, right: str) -> bool:
        """Return whether the bot is an administrator with that right."""
        member = chat.members.get(self.me["id"], {})
        return member.get("status") == "administrator" and bool(member.get(right))

    def check_writable(self, chat: Chat, topic_id: int | None) -> None:
        """Raise ApiError unless the bot may post in the chat or topic."""
        if chat.kind == "channel" and not self.bot_right(chat, "can_post_messages"):
            raise bad("need administrator rights in the channel chat")
        member = chat.members.get(self.me["id"], {})
        if member.get("status") == "restricted" and not member.get("can_send_messages"):
            raise bad("not enough rights to send text messages to the chat")
        if topic_id is not None:
            if topic_id not in chat.topics:
                raise bad("message thread not found")
            if chat.topics[topic_id].get("closed") and not self.bot_right(chat, "can_manage_topics"):
                raise bad("TOPIC_CLOSED")

    def next_message_id(self, chat: Chat) -> int:
        """Return the next message id: counted per channel and supergroup, per account elsewhere."""
        if chat.kind in ("channel", "supergroup"):
            chat.last_id += 1
            return chat.last_id
        self._account_id += 1
        return self._account_id

    def add_message(
        self,
        chat: Chat,
        content: Json,
        *,
        author: int,
        service: bool = False,
        topic_id: int | None = None,
        anonymous: bool = False,
        rich: Json | None = None,
    ) -> Post:
        """Add a message of a person or of the bot to a chat; the bot gets no update about its own."""
        by_bot = author == self.me["id"]
        message: Json = {
            "message_id": self.next_message_id(chat),
            "date": int(self.now()),
            "chat": self.chat_json(chat),
        }
        message |= self._sender(chat, author, anonymous=anonymous)
        if chat.protected:
            message["has_protected_content"] = True
        if topic_id is not None:
            message |= {"message_thread_id": topic_id, "is_topic_message": True}
        post = Post(message | content, author, by_bot, service, rich)
        self._add_post(chat, post)
        if by_bot and not service:
            self.counts.send(time.monotonic())
        if not by_bot and self._bot_sees(chat, post):
            self.add_update("channel_post" if chat.kind == "channel" else "message", post.json)
        self.add_event("message", chat.id, message["message_id"])
        return post

    def _add_post(self, chat: Chat, post: Post) -> None:
        """Put a post into its chat; where only the newest are kept, the oldest of a private chat goes."""
        chat.posts[post.json["message_id"]] = post
        if self.newest_kept is not None and chat.kind == "private" and len(chat.posts) > self.newest_kept:
            del chat.posts[next(iter(chat.posts))]

    def _sender(self, chat: Chat, author: int, *, anonymous: bool) -> Json:
        """Return the fields that name the sender of a message."""
        if chat.kind == "channel":
            return {"sender_chat": chat.json()}
        if author == self.me["id"]:
            return {"from": self.bot_user()}
        if anonymous:
            return {"sender_chat": chat.json(), "from": _GROUP_ANONYMOUS_BOT}
        return {"from": self.people[author].json()}

    def add_ephemeral(
        self, chat: Chat, content: Json, person_id: int, *, by_bot: bool, topic_id: int | None = None
    ) -> Post:
        """Add a message to a group that only one person and the bot see: the bot's answer or the command."""
        self._ephemeral_id += 1
        person = self.people[person_id].json()
        message: Json = {
            "message_id": 0,
            "ephemeral_message_id": self._ephemeral_id,
            "receiver_user": person if by_bot else self.bot_user(),
            "date": int(self.now()),
            "chat": self.chat_json(chat),
            "from": self.bot_user() if by_bot else person,
        }
        if topic_id is not None:
            message |= {"message_thread_id": topic_id, "is_topic_message": True}
        author = self.me["id"] if by_bot else person_id
        post = Post(message | content, author, by_bot=by_bot, receiver=person_id)
        chat.posts[self._ephemeral_id] = post
        if not by_bot and self._bot_sees(chat, post):
            self.add_update("message", post.json)
        self.add_event("message", chat.id, self._ephemeral_id)
        return post

    def add_update(self, kind: str, body: Json) -> None:
        """Queue an update for the bot, unless `allowed_updates` excludes its kind."""
        default = kind not in ("chat_member", "message_reaction", "message_reaction_count")
        if (kind in self.allowed) if self.allowed else default:
            self._update_id += 1
            self.pending.append({"update_id": self._update_id, kind: body})
            self.update_added.notify_all()

    def add_event(self, kind: str, chat_id: int, message_id: int | None = None, **more: Any) -> None:
        """Log an event and wake the clients that wait for one."""
        self.events.add({"kind": kind, "chat_id": chat_id, "message_id": message_id} | more)
        self.event_added.notify_all()

    def record_call(self, method: str, params: Json, status: int, description: str) -> None:
        """Count and log a call of the Bot API; status 0 is a call that got no answer."""
        self.counts.by_method[method] += 1
        if status != 200:
            self.counts.refused[status] += 1
        if self.requests.on:
            entry = {"at": self.now(), "method": method, "params": params}
            self.requests.add(entry | {"status": status, "description": description})

    def _bot_sees(self, chat: Chat, post: Post) -> bool:
        if chat.kind == "private":
            return True
        member = chat.members.get(self.me["id"])
        if member is None or member["status"] in ("left", "kicked"):
            return False
        if chat.kind == "channel":
            return not post.service
        if post.service or member["status"] == "administrator" or self.me["can_read_all_group_messages"]:
            return True
        return self._passes_privacy_mode(post)

    def _passes_privacy_mode(self, post: Post) -> bool:
        """Tell commands, mentions, replies to the bot and what people send through it from the rest."""
        text = post.json.get("text") or post.json.get("caption") or ""
        reply = post.json.get("reply_to_message", {}).get("from", {}).get("id")
        return (
            "via_bot" in post.json
            or text.startswith("/")
            or f"@{self.me['username']}".lower() in text.lower()
            or reply == self.me["id"]
        )
