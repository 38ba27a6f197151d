"""Tables of chats, their topics and subscriptions."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    and_,
    func,
    literal_column,
)

from storage.schema.base import (
    RowId,
    equals_literal,
    flag_column,
    instant_column,
    metadata,
    partial_index,
    text_column,
)

chat = Table(
    "chat",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    # Fan-out goes by rank: channels 0, groups 1, private chats 2.
    Column("rank", SmallInteger, nullable=False),
    text_column("title"),
    text_column("username"),
    text_column("language"),
    text_column("client_language"),
    text_column("timezone"),
    # What owners decided; whether the chat can be reached changes none of it.
    Column("admission", String(16), nullable=False, server_default="waiting"),
    Column("decided_by", BigInteger),
    instant_column("decided_at", null=True),
    instant_column("lost_at", null=True),
    instant_column("refused_at", null=True),
    Column("refusals", Integer, nullable=False, server_default="0"),
    text_column("reason"),
    flag_column("paused"),
    Column("schedule", Text, nullable=False),
    text_column("quiet"),
    flag_column("breaking_passes_quiet"),
    flag_column("silent"),
    Column("pin_minutes", Integer, nullable=False, server_default="0"),
    Column("members", Integer),
    Column("members_at", BigInteger, nullable=False, server_default="0"),
    flag_column("plain_text"),
    # The post style, as storage.post_style writes it; "" is the usual one.
    text_column("look"),
    # Whether the person was asked if they can see rich messages, and the newest headline they have leafed through.
    flag_column("rich_asked"),
    # Of channels and groups: whether their administrators chose rich digests.
    flag_column("rich_digests"),
    Column("seen_ordinal", BigInteger, nullable=False, server_default="0"),
    Column("added_by", BigInteger, index=True),
    flag_column("started"),
    flag_column("panel_sent"),
    flag_column("is_forum"),
    flag_column("is_admin"),
    Column("wait_until", BigInteger, nullable=False, server_default="0"),
    instant_column("created_at"),
)

ACTIVE_CHAT = and_(equals_literal(chat.c.admission, "'admitted'"), chat.c.lost_at.is_(None))
"""Chats that pushes go to: admitted and not lost."""

LOST_CHAT = chat.c.lost_at.is_not(None)
"""Chats that cannot be reached."""

REFUSING_CHAT = and_(chat.c.refused_at.is_not(None), chat.c.lost_at.is_(None))
"""Chats that Telegram has refused lately; they are tried again."""

LOST_PLACE = and_(equals_literal(chat.c.rank, "0", "1"), LOST_CHAT)
"""Lost channels and groups, which Telegram is asked about now and then."""

COUNTED_CHAT = and_(equals_literal(chat.c.rank, "0", "1"), ACTIVE_CHAT)
"""Channels and groups whose members are counted."""
WAITING_CHAT = chat.c.wait_until > literal_column("0")
"""Chats that wait, or have waited, for an instant: the care for the clock asks for those that wait too long."""
partial_index("ix_chat_waiting", chat.c.wait_until, where=WAITING_CHAT)
partial_index("ix_chat_rank", chat.c.rank, chat.c.id, where=ACTIVE_CHAT)
partial_index("ix_chat_refusing", chat.c.id, where=REFUSING_CHAT)
partial_index("ix_chat_lost", chat.c.wait_until, where=LOST_PLACE)
partial_index("ix_chat_counted", chat.c.members_at, where=COUNTED_CHAT)

topic = Table(
    "topic",
    metadata,
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Column("topic_id", BigInteger, primary_key=True, autoincrement=False),
    text_column("name"),
    flag_column("closed"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, nullable=False, server_default="0"),
    Column("kind", String(16), nullable=False, server_default="category"),
    Column("category_id", ForeignKey("category.id", ondelete="CASCADE")),
    # What tells a tag, a section or words from others in whatever spelling, and how the person wrote it.
    text_column("subject"),
    text_column("label"),
    flag_column("breaking_only"),
    # Its own, "" for the chat's.
    text_column("schedule"),
    instant_column("since"),
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

BY_WORDS = equals_literal(subscription.c.kind, "'words'", "'muted'")
"""Subscriptions to words, muted ones included: a fan-out reads which there are among its chats."""
partial_index("ix_subscription_words", subscription.c.chat_id, subscription.c.subject, where=BY_WORDS)

OWN_SCHEDULE = subscription.c.schedule != literal_column("''")
"""Subscriptions with a schedule of their own: a fan-out asks whether there is any among its chats."""
partial_index("ix_subscription_schedule", subscription.c.chat_id, where=OWN_SCHEDULE)

subscription_undo = Table(
    "subscription_undo",
    metadata,
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True),
    Column("topic_id", BigInteger, primary_key=True, autoincrement=False),
    # The subscriptions before and after the last change, as storage.subscription_undo writes them.
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    flag_column("resumed"),
    instant_column("at"),
)
