"""Tables of the ledger: messages, their payloads, amendments and pins."""

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
    literal_column,
)

from storage.schema.base import (
    RowId,
    equals_literal,
    flag_column,
    indexed_flag,
    instant_column,
    metadata,
    partial_index,
    text_column,
)

payload = Table(
    "payload",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Text, unique=True),
    Column("body", Text, nullable=False),
    instant_column("created_at"),
)

message = Table(
    "message",
    metadata,
    Column("id", RowId, primary_key=True),
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
    indexed_flag("doubt"),
    # Its post style: what a copy shows can be told of old revisions, too.
    text_column("look"),
    Column("left_out", Integer, nullable=False, server_default="0"),
    # Reactions to it in its channel or group, as Telegram counts them.
    Column("reactions", Integer, nullable=False, server_default="0"),
    instant_column("lease_until", null=True),
    instant_column("created_at"),
    instant_column("sent_at", null=True),
    Index("ix_message_chat", "chat_id", "telegram_id"),
    Index("ix_message_article", "article_id", "id"),
)

UNDER_WAY = equals_literal(message.c.state, "'sending'", "'uncertain'")
"""Messages of which there is one at a time for each chat, whichever process sends it."""

OPEN_MESSAGE = equals_literal(message.c.state, "'sending'", "'uncertain'", "'asked'")
"""Messages whose payload is still needed."""

DOUBTFUL = equals_literal(message.c.doubt, "1")
"""Messages that may have a twin."""
partial_index("uq_message_under_way", message.c.chat_id, where=UNDER_WAY, unique=True)
partial_index("ix_message_open", message.c.id, where=OPEN_MESSAGE)
partial_index("ix_message_payload", message.c.payload_id, where=OPEN_MESSAGE)
partial_index("ix_message_doubt", message.c.id, where=DOUBTFUL)

REACTED_TO = message.c.reactions > literal_column("0")
"""Messages that somebody has reacted to."""
partial_index("ix_message_reactions", message.c.article_id, where=REACTED_TO)

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
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    instant_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("first_tried_at", null=True),
    # When an edit whose answer was lost began: Telegram may carry it out late, over a newer one.
    instant_column("lost_at", null=True),
    text_column("reason"),
    instant_column("created_at"),
    instant_column("settled_at", null=True),
    Index("ix_amendment_article", "article_id", "state"),
    # A chat's queue: its first due amendment is found without reading what was amended there before.
    Index("ix_amendment_queue", "chat_id", "state", "priority", "message_id"),
)

PENDING_AMENDMENT = equals_literal(amendment.c.state, "'pending'")
partial_index("ix_amendment_ready", amendment.c.priority, amendment.c.message_id, where=PENDING_AMENDMENT)

telegram_file = Table(
    "telegram_file",
    metadata,
    # The address of a source's medium, and the file that Telegram keeps of it.
    Column("address", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("file_id", Text, nullable=False),
    Column("used_at", BigInteger, nullable=False, index=True),
)

pin = Table(
    "pin",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    flag_column("pinned"),
    Column("minutes", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
)
