"""The actions that the audit records, and the details of each kind that it stores with them as JSON (pure).

A kind of details is a dataclass with a `kind` of its own, by which `decoded` finds it. Entries are never changed: a
field that is added to a kind needs a default, and a kind that nothing writes any more stays.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from storage.records import ChangePolicy, RequestPart, Role


class AuditAction(StrEnum):
    """An action of staff, of a source, or of what Telegram's answers show. The value is stored."""

    DRAFT = "draft"
    IMPORT = "import"
    EDIT = "edit"
    TAKE_OVER = "take_over"
    KEEP = "keep"
    DISCARD = "discard"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    DROP = "drop"
    PUBLISH = "publish"
    UNDO_PUBLICATION = "undo_publication"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    BREAKING = "breaking"
    CORRECT = "correct"
    RETRACT = "retract"
    FOLD = "fold"
    JOIN_STORY = "join_story"
    SEPARATE_STORY = "separate_story"
    FOLLOW = "follow"
    SOURCE_CHANGED = "source_changed"
    SOURCE_EMPTIED = "source_emptied"
    SOURCE_VANISHED = "source_vanished"
    ACCEPT_CHANGE = "accept_change"
    DECLINE_CHANGE = "decline_change"
    ANNOUNCE = "announce"
    RETRACT_ANNOUNCEMENT = "retract_announcement"
    APPOINT = "appoint"
    INVITE = "invite"
    UNINVITE = "uninvite"
    JOIN = "join"
    CHANGE_ROLE = "change_role"
    REMOVE_STAFF = "remove_staff"
    APPROVE_CHAT = "approve_chat"
    DENY_CHAT = "deny_chat"
    REVOKE_CHAT = "revoke_chat"
    OPEN_DOOR = "open_door"
    LOSE_CHAT = "lose_chat"
    FIND_CHAT = "find_chat"
    CHAT_SETTINGS = "chat_settings"
    ADD_SOURCE = "add_source"
    REMOVE_SOURCE = "remove_source"
    PAUSE_SOURCE = "pause_source"
    RESUME_SOURCE = "resume_source"
    ADD_RULE = "add_rule"
    REMOVE_RULE = "remove_rule"
    ADD_WORD = "add_word"
    REMOVE_WORD = "remove_word"
    LEARN_SECTION = "learn_section"
    FORGET_SECTION = "forget_section"
    EDIT_SOURCE = "edit_source"
    FETCH_SOURCE = "fetch_source"
    CHANGE_SOURCE_POLICY = "change_source_policy"
    SOURCE_MOVED = "source_moved"
    SET_REQUEST = "set_request"
    UNSET_REQUEST = "unset_request"
    CHANGE_KEY = "change_key"
    OUTBOX_RETRY = "outbox_retry"
    OUTBOX_ARRIVED = "outbox_arrived"
    OUTBOX_DROP = "outbox_drop"
    APPROVE_COMMENT = "approve_comment"
    REJECT_COMMENT = "reject_comment"
    TAKE_DOWN_COMMENT = "take_down_comment"
    SILENCE_READER = "silence_reader"
    LIFT_SILENCE = "lift_silence"
    READ_TIP = "read_tip"
    USE_TIP = "use_tip"
    DECLINE_TIP = "decline_tip"
    PAUSE = "pause"
    RESUME = "resume"


class Circumstance(StrEnum):
    """A circumstance of an action on an article that a person had scheduled."""

    AS_PLANNED = "as planned"
    NOT_REVIEWED = "not reviewed"


@dataclass(frozen=True, slots=True)
class TextDetails:
    """A text of a person: the title of an article that may be gone, or a reason."""

    text: str
    kind: Literal["text"] = "text"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return self.text


@dataclass(frozen=True, slots=True)
class RevisionDetails:
    """The category that a revision changed ("" where it stayed), and the note of a correction."""

    category_before: str = ""
    category_after: str = ""
    note: str = ""
    kind: Literal["revision"] = "revision"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        moved = f"{self.category_before} -> {self.category_after}" if self.category_after else ""
        return " · ".join(part for part in (moved, self.note) if part)


@dataclass(frozen=True, slots=True)
class ScheduleDetails:
    """The time `at` (ms) of a scheduled article, and whether it is to be breaking news."""

    at: int
    breaking: bool
    kind: Literal["schedule"] = "schedule"

    def plain(self) -> str:
        """Return the details as text that depends on no language; the time is in UTC."""
        time = f"{datetime.fromtimestamp(self.at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
        return f"{time} breaking" if self.breaking else time


@dataclass(frozen=True, slots=True)
class CircumstanceDetails:
    """A circumstance."""

    circumstance: Circumstance
    kind: Literal["circumstance"] = "circumstance"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return self.circumstance.value


@dataclass(frozen=True, slots=True)
class StoryDetails:
    """The first article of the story that an article tells again, or told until it was separated."""

    article_id: int
    kind: Literal["story"] = "story"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return str(self.article_id)


@dataclass(frozen=True, slots=True)
class FollowDetails:
    """The earlier article that an article goes on with, None for none."""

    article_id: int | None
    kind: Literal["follow"] = "follow"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return "-" if self.article_id is None else str(self.article_id)


@dataclass(frozen=True, slots=True)
class AnnouncementDetails:
    """An announcement: the Persian name of the category whose followers got it ("*": every chat), and its title."""

    audience: str
    title: str
    kind: Literal["announcement"] = "announcement"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{self.audience}: {self.title}"


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person. The name is stored too: names change, and are forgotten."""

    user_id: int
    name: str = ""
    kind: Literal["person"] = "person"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return named(self.name, self.user_id)


@dataclass(frozen=True, slots=True)
class RoleDetails:
    """A role, of an invitation."""

    role: Role
    kind: Literal["role"] = "role"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return self.role.value


@dataclass(frozen=True, slots=True)
class MemberDetails:
    """A member of staff who came or left; the id is None where the actor is that person."""

    user_id: int | None
    name: str
    role: Role
    kind: Literal["member"] = "member"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        person = self.name if self.user_id is None else named(self.name, self.user_id)
        return f"{person}: {self.role}"


@dataclass(frozen=True, slots=True)
class RoleChangeDetails:
    """A member of staff who has another role now."""

    user_id: int
    name: str
    before: Role
    after: Role
    kind: Literal["role_change"] = "role_change"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{named(self.name, self.user_id)}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class ChatActionDetails:
    """A chat, with its title at that time, and the reason for which it is lost ("" otherwise)."""

    chat_id: int
    title: str
    reason: str = ""
    kind: Literal["chat"] = "chat"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        chat = named(self.title, self.chat_id)
        return f"{chat}: {self.reason}" if self.reason else chat


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting of a chat or a source, by the name of its column, and its two values as text."""

    name: str
    before: str
    after: str

    def plain(self) -> str:
        """Return the change as text that depends on no language."""
        return f"{self.name} {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class SubscriptionChange:
    """A subscription of a chat: `sign` is "+" (added), "-" (removed) or "" (changed, as `note` says)."""

    sign: str
    subscription: str
    note: str = ""

    def plain(self) -> str:
        """Return the change as text that depends on no language."""
        return f"{self.sign} {self.subscription} {self.note}".strip()


@dataclass(frozen=True, slots=True)
class ChatChangeDetails:
    """Changes of the settings or of the subscriptions of a chat."""

    chat_id: int
    title: str
    settings: tuple[SettingChange, ...] = ()
    subscriptions: tuple[SubscriptionChange, ...] = ()
    kind: Literal["chat_change"] = "chat_change"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        changes = [change.plain() for change in self.settings] + [change.plain() for change in self.subscriptions]
        return f"{named(self.title, self.chat_id)}: {', '.join(changes)}"


@dataclass(frozen=True, slots=True)
class AddressDetails:
    """An address on the web, of a source or of an article at its source."""

    url: str
    kind: Literal["address"] = "address"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return self.url


@dataclass(frozen=True, slots=True)
class SourceChangeDetails:
    """Changes of a source's settings; `url` is its address before them."""

    url: str
    settings: tuple[SettingChange, ...]
    kind: Literal["source_change"] = "source_change"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{self.url}: {', '.join(change.plain() for change in self.settings)}"


@dataclass(frozen=True, slots=True)
class RuleDetails:
    """A rule of a source by its search; `action` is what it does, `source_url` "" for a rule of all sources."""

    query: str
    action: str = ""
    source_url: str = ""
    kind: Literal["rule"] = "rule"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return " · ".join(part for part in (self.source_url, self.query, self.action) if part)


@dataclass(frozen=True, slots=True)
class OriginDetails:
    """The origin of a text: the source that brought it ("" for none), and its address there, else its number."""

    source_url: str
    where: str
    kind: Literal["origin"] = "origin"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{self.source_url} → {self.where}" if self.source_url else self.where


@dataclass(frozen=True, slots=True)
class MoveDetails:
    """The old and the new address of a source."""

    before: str
    after: str
    kind: Literal["move"] = "move"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class PolicyDetails:
    """The old and the new policy for what a source changes."""

    url: str
    before: ChangePolicy
    after: ChangePolicy
    kind: Literal["policy"] = "policy"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{self.url}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class SourceDetails:
    """A new source: its address, the slug of its category, and whether its items go to readers or to review."""

    url: str
    category: str
    destination: str
    kind: Literal["source"] = "source"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{self.url} · {self.category} · {self.destination}"


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """A part of a source's requests, with the name of a header or cookie ("" for others), and never its value."""

    url: str
    part: RequestPart
    name: str = ""
    kind: Literal["request"] = "request"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return f"{self.url} · {self.part} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class HouseWordDetails:
    """A word of the newsroom and the spelling that takes its place (None: the copy editor leaves it as it is)."""

    word: str
    spelling: str | None = None
    kind: Literal["house_word"] = "house_word"

    def plain(self) -> str:
        """Return the details as text that depends on no language."""
        return self.word if self.spelling is None else f"{self.word} -> {self.spelling}"


AuditDetails = (
    TextDetails
    | RevisionDetails
    | ScheduleDetails
    | CircumstanceDetails
    | StoryDetails
    | FollowDetails
    | AnnouncementDetails
    | PersonDetails
    | RoleDetails
    | MemberDetails
    | RoleChangeDetails
    | ChatActionDetails
    | ChatChangeDetails
    | AddressDetails
    | SourceChangeDetails
    | RuleDetails
    | OriginDetails
    | MoveDetails
    | PolicyDetails
    | SourceDetails
    | RequestDetails
    | HouseWordDetails
)
"""Any kind of details."""


def named(name: str, id_: int) -> str:
    """Return a person or chat as text: the name, if there is one, and the id."""
    return f"{name} ({id_})" if name else str(id_)


def encoded(details: AuditDetails | None) -> str:
    """Return details as they are stored: JSON, "" for none."""
    return "" if details is None else _adapter().dump_json(details).decode()


def decoded(action: str, stored: str) -> AuditDetails | None:
    """Return the details of a stored entry, None for none.

    What no kind of today explains is TextDetails of the whole: the text of an older Peyk, or malformed JSON.
    """
    if not stored:
        return None
    if stored.startswith("{"):
        try:
            return _adapter().validate_json(stored)
        except ValidationError:
            return TextDetails(stored)
    return _of_older_text(action, stored)


@cache
def _adapter() -> TypeAdapter[AuditDetails]:
    # Building it takes as long as a query; most commands never need it.
    return TypeAdapter(Annotated[AuditDetails, Field(discriminator="kind")])


def _of_older_text(action: str, text: str) -> AuditDetails:
    """Return the details of an entry that was stored as text, before there were kinds of details."""
    if action in (AuditAction.INVITE, AuditAction.UNINVITE) and text in list(Role):
        return RoleDetails(Role(text))
    if action == AuditAction.FOLD and text.isdecimal():
        return StoryDetails(int(text))
    if action in (AuditAction.SCHEDULE, AuditAction.UNSCHEDULE):
        return _schedule_of(text) or TextDetails(text)
    return TextDetails(text)


def _schedule_of(text: str) -> ScheduleDetails | None:
    time = text.removesuffix(" breaking")
    try:
        at = datetime.strptime(time, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:
        return None
    return ScheduleDetails(int(at.timestamp() * 1000), breaking=time != text)
