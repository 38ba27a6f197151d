"""Every table of the desk, once. Migrations are held against this by a test.

Instants are milliseconds since the epoch, UTC; ids of Telegram and news numbers are 64-bit.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
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
    _text("etag"),
    _text("last_modified"),
    _instant("fetched_at", null=True),
    _instant("next_fetch_at"),
    Column("failures", Integer, nullable=False, server_default="0"),
    _text("last_error"),
    _instant("created_at"),
)

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
    _instant("published_at"),
    _instant("released_at", null=True),
    Column("ordinal", BigInteger, unique=True),
    _instant("created_at"),
    _instant("updated_at"),
    # Lists run along the cursor; each of them is one walk of one index.
    Index("ix_article_state_ordinal", "state", "ordinal"),
    Index("ix_article_category_ordinal", "category_id", "state", "ordinal"),
    Index("ix_article_created", "created_at", "id"),
)
Index(
    "uq_article_origin_number",
    article.c.origin,
    article.c.source_number,
    unique=True,
    sqlite_where=article.c.source_number != "",
    postgresql_where=article.c.source_number != "",
)

revision = Table(
    "revision",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    _text("lead"),
    Column("body", Text, nullable=False),
    _text("photo"),
    _text("desk"),
    _text("byline"),
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
    # A draft that the desk threw away must not come back with the next fetch.
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL"), index=True),
    Column("digest", String(64), nullable=False),
    _instant("seen_at"),
)

page_retry = Table(
    "page_retry",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
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
    Column("state", String(16), nullable=False),
    _text("reason"),
    _flag("paused"),
    Column("schedule", Text, nullable=False),
    _text("quiet"),
    _flag("breaking_passes_quiet"),
    _flag("plain_text"),
    Column("added_by", BigInteger, index=True),
    _flag("started"),
    _flag("panel_sent"),
    _flag("approval_asked"),
    _flag("is_forum"),
    _flag("is_admin"),
    Column("wait_until", BigInteger, nullable=False, server_default="0"),
    _instant("created_at"),
    Index("ix_chat_rank", "rank", "state", "id"),
)

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
    Column("category_id", ForeignKey("category.id", ondelete="CASCADE")),
    _instant("since"),
)
Index(
    "uq_subscription",
    subscription.c.chat_id,
    subscription.c.topic_id,
    func.coalesce(subscription.c.category_id, 0),
    unique=True,
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("body", Text, nullable=False),
    _instant("received_at"),
    _instant("done_at", null=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("error"),
    # Reconciliation asks which ids of a chat were taken by others.
    Index("ix_inbox_chat_message", "chat_id", "message_id"),
)
Index(
    "ix_inbox_open",
    inbox.c.update_id,
    sqlite_where=inbox.c.done_at.is_(None),
    postgresql_where=inbox.c.done_at.is_(None),
)

fan_out = Table(
    "fan_out",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    _instant("released_at"),
    Column("rank", SmallInteger, nullable=False, server_default="0"),
    Column("after_chat", BigInteger),
    _instant("created_at"),
    _instant("done_at", null=True),
    UniqueConstraint("article_id", "kind"),
)
Index(
    "ix_fan_out_open",
    fan_out.c.id,
    sqlite_where=fan_out.c.done_at.is_(None),
    postgresql_where=fan_out.c.done_at.is_(None),
)

payload = Table(
    "payload",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("key", Text, unique=True),
    Column("body", Text, nullable=False),
)

message = Table(
    "message",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, nullable=False, server_default="0"),
    Column("telegram_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), index=True),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("payload_id", ForeignKey("payload.id"), index=True),
    # The newest id known in the chat when the send began: reconciliation looks above it.
    Column("floor_id", BigInteger),
    _instant("lease_until", null=True),
    _instant("created_at"),
    _instant("sent_at", null=True),
    Index("ix_message_chat", "chat_id", "telegram_id"),
)
Index(
    "ix_message_open",
    message.c.id,
    sqlite_where=message.c.state.in_(["sending", "uncertain"]),
    postgresql_where=message.c.state.in_(["sending", "uncertain"]),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, nullable=False, server_default="0"),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    _instant("due_at"),
    _flag("fold"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _instant("first_tried_at", null=True),
    Column("message_id", ForeignKey("message.id"), index=True),
    _text("reason"),
    _instant("created_at"),
    _instant("settled_at", null=True),
    UniqueConstraint("chat_id", "topic_id", "article_id", "kind"),
)
Index(
    "ix_delivery_pending",
    delivery.c.lane,
    delivery.c.id,
    sqlite_where=delivery.c.state == "pending",
    postgresql_where=delivery.c.state == "pending",
)

Index(
    "ix_delivery_due",
    delivery.c.due_at,
    sqlite_where=delivery.c.state == "pending",
    postgresql_where=delivery.c.state == "pending",
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(16), nullable=False),
    _text("name"),
    Column("added_by", BigInteger),
    _instant("added_at"),
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

dialogue = Table(
    "dialogue",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("data", Text, nullable=False),
    _instant("updated_at"),
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
    _text("detail"),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
