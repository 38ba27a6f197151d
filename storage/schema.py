"""Every table of the desk, once. Migrations are held against this by a test.

Instants are milliseconds since the epoch, UTC; ids of Telegram and news numbers are 64-bit.
"""

from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    event,
    func,
    literal_column,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column declared INTEGER.
_RowId = BigInteger().with_variant(Integer, "sqlite")


def _instant(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def _bit(name: str) -> Column[int]:
    """A flag that partial indexes ask for: 1 and 0 read the same in every database."""
    return Column(name, SmallInteger, nullable=False, server_default="0")


def _is(column: Column[Any], *values: str) -> ColumnElement[bool]:
    """Compare with literals: a partial index serves only a query that states its condition literally."""
    literals: list[ColumnElement[Any]] = [literal_column(value) for value in values]
    return column.in_(literals) if len(literals) > 1 else column == literals[0]


def _index(name: str, *columns: Any, where: ColumnElement[bool], unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


category = Table(
    "category",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("name_fa", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("category_id", ForeignKey("category.id"), nullable=False),
    _flag("review"),
    _text("selector"),
    Column("interval", Integer),
    _text("title"),
    Column("state", String(16), nullable=False, server_default="active"),
    # What becomes of an article that the source has changed: bot.ingest decides by it.
    Column("changes", String(16), nullable=False, server_default="follow"),
    _text("etag"),
    _text("last_modified"),
    # Of the body that was read last: one that says the same is not parsed again.
    _text("body_digest"),
    _instant("fetched_at", null=True),
    _instant("next_fetch_at"),
    # What the feed itself asks for: seconds between fetches, hours (GMT) and days (Monday 0) to leave it alone.
    Column("ttl", Integer),
    Column("skip_hours", Text, nullable=False, server_default="[]"),
    Column("skip_days", Text, nullable=False, server_default="[]"),
    # When it last brought something new, and its habit: the usual time between new items, in seconds.
    _instant("brought_at", null=True),
    Column("habit", Integer),
    Column("took_ms", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    _instant("failing_since", null=True),
    # When the newsroom was told that it is ill; it is told once when it is well again.
    _instant("ill_told_at", null=True),
    _text("last_error"),
    _instant("created_at"),
)
_index("ix_source_due", source.c.next_fetch_at, where=_is(source.c.state, "'active'"))

article = Table(
    "article",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("category_id", ForeignKey("category.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("language", String(16), nullable=False),
    _text("url"),
    _text("origin"),
    _text("source_number"),
    Column("author_id", BigInteger),
    # The source that brought it, and the article whose story it tells once more.
    Column("source_id", BigInteger, index=True),
    Column("story_id", BigInteger, index=True),
    _instant("published_at"),
    _instant("released_at", null=True),
    Column("ordinal", BigInteger, unique=True),
    # When it is published by itself, and who set that time; breaking news overtakes whatever else is on its way.
    _instant("scheduled_at", null=True),
    Column("scheduled_by", BigInteger),
    _flag("breaking"),
    _instant("created_at"),
    _instant("updated_at"),
    # Lists run along the cursor; each of them is one walk of one index.
    Index("ix_article_state_ordinal", "state", "ordinal"),
    Index("ix_article_category_ordinal", "category_id", "state", "ordinal"),
    Index("ix_article_created", "created_at", "id"),
    # How much was published on which day, told from the index alone.
    Index("ix_article_released", "released_at", "category_id", "id"),
)
_index("ix_article_origin_number", article.c.source_number, article.c.origin, where=article.c.source_number != "")
_index("ix_article_url", article.c.url, where=article.c.url != "")
_index("ix_article_scheduled", article.c.scheduled_at, where=article.c.scheduled_at.is_not(None))

revision = Table(
    "revision",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    _text("lead"),
    Column("body", Text, nullable=False),
    _text("photo"),
    Column("media", Text, nullable=False, server_default="[]"),
    # None: from before this was kept.
    Column("category_id", BigInteger),
    _text("desk"),
    _text("byline"),
    _text("link"),
    Column("tags", Text, nullable=False, server_default="[]"),
    _text("note"),
    Column("editor_id", BigInteger),
    _instant("created_at"),
)

source_item = Table(
    "source_item",
    metadata,
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    # A draft that the newsroom threw away must not come back with the next fetch.
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL"), index=True),
    # By what the item is known again (bot.ingest.identity), and why it was taken for this article.
    _text("guid"),
    _text("address"),
    _text("title"),
    _instant("published_at", null=True),
    Column("reason", String(16), nullable=False, server_default=""),
    Column("digest", String(64), nullable=False),
    _instant("seen_at"),
    Index("ix_source_item_guid", "source_id", "guid"),
    Index("ix_source_item_address", "source_id", "address"),
    Index("ix_source_item_title", "source_id", "title"),
)

article_address = Table(
    "article_address",
    metadata,
    # In the form in which addresses of one page are equal (bot.ingest.addresses).
    Column("address", Text, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

article_number = Table(
    "article_number",
    metadata,
    # A site's own number, which is one only for its host, the kind of its pages and their language.
    Column("number", String(16), primary_key=True),
    Column("host", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

page_visit = Table(
    "page_visit",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    _text("host"),
    _instant("due_at"),
    # The newest articles come first.
    _instant("published_at"),
    # Readings that went well, and failures since the last of them.
    Column("visits", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    _text("etag"),
    _text("last_modified"),
    _text("body_digest"),
    # Why the last page that came was not believed.
    _text("doubt"),
    # Whether the newsroom was asked about a page that is gone or was emptied.
    _flag("asked"),
    Index("ix_page_visit_due", "due_at", "host"),
)

proposal = Table(
    "proposal",
    metadata,
    # A source's new text for an article, which waits for somebody's yes: a revision that is none yet.
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    _text("lead"),
    Column("body", Text, nullable=False),
    _text("photo"),
    Column("media", Text, nullable=False, server_default="[]"),
    Column("category_id", BigInteger),
    _text("desk"),
    _text("byline"),
    _text("link"),
    Column("tags", Text, nullable=False, server_default="[]"),
    _text("note"),
    Column("editor_id", BigInteger),
    _instant("created_at"),
)

article_signature = Table(
    "article_signature",
    metadata,
    # By which a story is known again in other words (bot.ingest.story_signature).
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("signature", LargeBinary, nullable=False),
    _instant("created_at"),
    Index("ix_article_signature_created", "created_at"),
)

story_band = Table(
    "story_band",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

chat = Table(
    "chat",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    # Fan-out goes by rank: channels 0, groups 1, private chats 2.
    Column("rank", SmallInteger, nullable=False),
    _text("title"),
    _text("username"),
    _text("language"),
    _text("client_language"),
    _text("timezone"),
    # What owners decided; whether the chat can be reached changes none of it.
    Column("admission", String(16), nullable=False, server_default="waiting"),
    Column("decided_by", BigInteger),
    _instant("decided_at", null=True),
    _instant("lost_at", null=True),
    _instant("refused_at", null=True),
    Column("refusals", Integer, nullable=False, server_default="0"),
    _text("reason"),
    _flag("paused"),
    Column("schedule", Text, nullable=False),
    _text("quiet"),
    _flag("breaking_passes_quiet"),
    _flag("silent"),
    Column("pin_minutes", Integer, nullable=False, server_default="0"),
    Column("members", Integer),
    Column("members_at", BigInteger, nullable=False, server_default="0"),
    _flag("plain_text"),
    # How posts look here, as bot.render.post_style writes it; "" is as the newsroom's posts look.
    _text("look"),
    # Whether the person was asked if they can see rich messages, and the newest headline they have leafed through.
    _flag("rich_asked"),
    Column("seen_ordinal", BigInteger, nullable=False, server_default="0"),
    Column("added_by", BigInteger, index=True),
    _flag("started"),
    _flag("panel_sent"),
    _flag("is_forum"),
    _flag("is_admin"),
    Column("wait_until", BigInteger, nullable=False, server_default="0"),
    _instant("created_at"),
)

ACTIVE_CHAT = and_(_is(chat.c.admission, "'admitted'"), chat.c.lost_at.is_(None))
"""Chats that pushes go to: admitted and not lost."""
LOST_CHAT = chat.c.lost_at.is_not(None)
"""Chats that cannot be reached."""
REFUSING_CHAT = and_(chat.c.refused_at.is_not(None), chat.c.lost_at.is_(None))
"""Chats that Telegram has refused lately; they are tried again."""
LOST_PLACE = and_(_is(chat.c.rank, "0", "1"), LOST_CHAT)
"""Lost channels and groups, which Telegram is asked about now and then."""
COUNTED_CHAT = and_(_is(chat.c.rank, "0", "1"), ACTIVE_CHAT)
"""Channels and groups whose members are counted."""
_index("ix_chat_rank", chat.c.rank, chat.c.id, where=ACTIVE_CHAT)
_index("ix_chat_refusing", chat.c.id, where=REFUSING_CHAT)
_index("ix_chat_lost", chat.c.wait_until, where=LOST_PLACE)
_index("ix_chat_counted", chat.c.members_at, where=COUNTED_CHAT)

topic = Table(
    "topic",
    metadata,
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Column("topic_id", BigInteger, primary_key=True, autoincrement=False),
    _text("name"),
    _flag("closed"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, nullable=False, server_default="0"),
    Column("kind", String(16), nullable=False, server_default="category"),
    Column("category_id", ForeignKey("category.id", ondelete="CASCADE")),
    # What tells a tag, a desk or words from others in whatever spelling, and how the person wrote it.
    _text("subject"),
    _text("label"),
    _flag("breaking_only"),
    # Its own, "" for the chat's.
    _text("schedule"),
    _instant("since"),
)
Index(
    "uq_subscription",
    subscription.c.chat_id,
    subscription.c.topic_id,
    subscription.c.kind,
    func.coalesce(subscription.c.category_id, 0),
    subscription.c.subject,
    unique=True,
)
BY_WORDS = _is(subscription.c.kind, "'words'", "'muted'")
"""Subscriptions to words, muted ones included: a fan-out reads which there are among its chats."""
_index("ix_subscription_words", subscription.c.chat_id, subscription.c.subject, where=BY_WORDS)
OWN_SCHEDULE = subscription.c.schedule != literal_column("''")
"""Subscriptions with a schedule of their own: a fan-out asks whether there is any among its chats."""
_index("ix_subscription_schedule", subscription.c.chat_id, where=OWN_SCHEDULE)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("body", Text, nullable=False),
    _instant("received_at"),
    Column("lease_until", BigInteger, nullable=False, server_default="0"),
    _instant("done_at", null=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("error"),
    # Reconciliation asks which ids of a chat were taken by others.
    Index("ix_inbox_chat_message", "chat_id", "message_id"),
)
_index("ix_inbox_open", inbox.c.update_id, where=inbox.c.done_at.is_(None))

fan_out = Table(
    "fan_out",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    _instant("released_at"),
    # An announcement may go to every chat, whatever it follows.
    _flag("to_all"),
    Column("rank", SmallInteger, nullable=False, server_default="0"),
    Column("after_id", BigInteger),
    _instant("created_at"),
    _instant("done_at", null=True),
    UniqueConstraint("article_id", "kind"),
)
_index("ix_fan_out_open", fan_out.c.id, where=fan_out.c.done_at.is_(None))

payload = Table(
    "payload",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("key", Text, unique=True),
    Column("body", Text, nullable=False),
    _instant("created_at"),
)

message = Table(
    "message",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, nullable=False, server_default="0"),
    Column("telegram_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("form", String(16), nullable=False),
    Column("part", SmallInteger, nullable=False, server_default="0"),
    Column("language", String(16), nullable=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE")),
    Column("revision", Integer, nullable=False, server_default="0"),
    # No foreign key: a payload is dropped once nothing is open that says it.
    Column("payload_id", BigInteger),
    # The newest id known in the chat when the send began: reconciliation looks above it.
    Column("floor_id", BigInteger),
    _bit("doubt"),
    # How it looks: what a copy shows can be told of old revisions, too.
    _text("look"),
    Column("left_out", Integer, nullable=False, server_default="0"),
    _instant("lease_until", null=True),
    _instant("created_at"),
    _instant("sent_at", null=True),
    Index("ix_message_chat", "chat_id", "telegram_id"),
    Index("ix_message_article", "article_id", "id"),
)
UNDER_WAY = _is(message.c.state, "'sending'", "'uncertain'")
"""Messages of which there is one at a time for each chat, whichever process sends it."""
OPEN_MESSAGE = _is(message.c.state, "'sending'", "'uncertain'", "'asked'")
"""Messages whose payload is still needed."""
DOUBTFUL = _is(message.c.doubt, "1")
"""Messages that may have a twin."""
_index("uq_message_under_way", message.c.chat_id, where=UNDER_WAY, unique=True)
_index("ix_message_open", message.c.id, where=OPEN_MESSAGE)
_index("ix_message_payload", message.c.payload_id, where=OPEN_MESSAGE)
_index("ix_message_doubt", message.c.id, where=DOUBTFUL)

message_article = Table(
    "message_article",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("revision", Integer, nullable=False),
)

amendment = Table(
    "amendment",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False, index=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    _instant("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _instant("first_tried_at", null=True),
    # When an edit whose answer was lost began: Telegram may carry it out late, over a newer one.
    _instant("lost_at", null=True),
    _text("reason"),
    _instant("created_at"),
    _instant("settled_at", null=True),
    Index("ix_amendment_article", "article_id", "state"),
)
PENDING_AMENDMENT = _is(amendment.c.state, "'pending'")
_index("ix_amendment_ready", amendment.c.priority, amendment.c.message_id, where=PENDING_AMENDMENT)

delivery = Table(
    "delivery",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, nullable=False, server_default="0"),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    # What is due is `ready`: a claim walks along one index and passes over nothing that has to wait.
    _bit("ready"),
    _instant("due_at"),
    _flag("fold"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _instant("first_tried_at", null=True),
    _bit("doubt"),
    Column("message_id", ForeignKey("message.id")),
    _text("reason"),
    _instant("created_at"),
    _instant("settled_at", null=True),
    UniqueConstraint("chat_id", "topic_id", "article_id", "kind"),
)
PENDING = _is(delivery.c.state, "'pending'")
READY = _is(delivery.c.ready, "1")
WAITING = _is(delivery.c.ready, "0")
_index("ix_delivery_ready", delivery.c.priority, delivery.c.id, where=and_(PENDING, READY))
_index("ix_delivery_waiting", delivery.c.due_at, where=and_(PENDING, WAITING))
_index("ix_delivery_chat", delivery.c.chat_id, where=PENDING)
_index("ix_delivery_message", delivery.c.message_id, where=delivery.c.message_id.is_not(None))

pin = Table(
    "pin",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    _flag("pinned"),
    Column("minutes", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
)

budget = Table(
    "budget",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("next_at", BigInteger, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("key", String(64), nullable=False),
    Column("args", Text, nullable=False),
    # Pairs of a button's text key and its callback data.
    Column("buttons", Text, nullable=False, server_default="[]"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _instant("due_at"),
    _instant("created_at"),
    Index("ix_notice_due", "due_at"),
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(16), nullable=False),
    _text("name"),
    Column("added_by", BigInteger),
    _instant("added_at"),
    # The configuration made them an owner (OWNER_IDS), and nobody else has given them a role since.
    _flag("configured"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    _instant("created_at"),
    _instant("expires_at"),
    Column("used_by", BigInteger),
    _instant("used_at", null=True),
)

invitation_bar = Table(
    "invitation_bar",
    metadata,
    # Whoever was removed does not come back by an invitation that was open then.
    Column("secret_hash", ForeignKey("invitation.secret_hash", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)

dialogue = Table(
    "dialogue",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("data", Text, nullable=False),
    _instant("updated_at"),
)

editing = Table(
    "editing",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    _instant("since"),
    _instant("until"),
)

review = Table(
    "review",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    # None: a source that is read for the desk.
    Column("submitted_by", BigInteger),
    _instant("submitted_at"),
    Column("decided_by", BigInteger),
    _instant("decided_at", null=True),
    _text("reason"),
)
OPEN_REVIEW = _is(review.c.state, "'open'")
FROM_SOURCES = review.c.submitted_by.is_(None)
"""Reviews of what sources brought: the gate."""
_index("uq_review_open", review.c.article_id, where=OPEN_REVIEW, unique=True)
_index("ix_review_gate", review.c.id, where=and_(OPEN_REVIEW, FROM_SOURCES))
_index("ix_review_desk", review.c.id, where=and_(OPEN_REVIEW, ~FROM_SOURCES))

card = Table(
    "card",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    # The message that a new one is to take the place of, and when the present one was sent.
    Column("left_id", BigInteger),
    Column("sent_at", BigInteger, nullable=False, server_default="0"),
    # Which state of its subject a card should show, and which it does.
    Column("wanted", Integer, nullable=False, server_default="1"),
    Column("shown", Integer, nullable=False, server_default="0"),
    _instant("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _instant("created_at"),
    UniqueConstraint("kind", "subject_id", "chat_id"),
)
STALE_CARD = card.c.wanted > card.c.shown
_index("ix_card_stale", card.c.due_at, where=STALE_CARD)

comment = Table(
    "comment",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    _text("name"),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False),
    _instant("created_at"),
    Column("decided_by", BigInteger),
    _instant("decided_at", null=True),
    Index("ix_comment_article", "article_id", "state", "id"),
    Index("ix_comment_user", "user_id", "created_at"),
    Index("ix_comment_own", "user_id", "article_id", "state", "id"),
)
WAITING_COMMENT = _is(comment.c.state, "'waiting'")
_index("ix_comment_waiting", comment.c.id, where=WAITING_COMMENT)

silenced = Table(
    "silenced",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    _text("name"),
    Column("by", BigInteger, nullable=False),
    _instant("at"),
)

tally = Table(
    "tally",
    metadata,
    Column("metric", String(16), primary_key=True),
    # Days since the epoch in the newsroom's time zone.
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
)

saved = Table(
    "saved",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    _instant("saved_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _RowId, primary_key=True),
    _instant("at"),
    Column("actor_id", BigInteger, nullable=False),
    Column("action", String(32), nullable=False),
    Column("article_id", BigInteger, index=True),
    Column("revision", Integer),
    _text("detail"),
)
BY_STAFF = audit.c.actor_id != literal_column("-1")
"""All but the acts of sources (storage.audit.SOURCE), which do most."""
_index("ix_audit_staff", audit.c.id, where=BY_STAFF)

_NEVER_CHANGED = "the audit is never changed"
for _act in ("UPDATE", "DELETE"):
    event.listen(
        audit,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER audit_no_{_act.lower()} BEFORE {_act} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{_NEVER_CHANGED}'); END"
        ).execute_if(dialect="sqlite"),
    )
for _statement in (
    "CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_NEVER_CHANGED}'; END $$",
    "CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_final()",
):
    _on_postgresql = DDL(_statement).execute_if(dialect="postgresql")  # type: ignore[no-untyped-call]
    event.listen(audit, "after_create", _on_postgresql)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
