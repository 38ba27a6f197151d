"""Tables of the outbox: fan-outs, deliveries, and the rate limits that processes share."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    and_,
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

fan_out = Table(
    "fan_out",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    instant_column("released_at"),
    # An announcement may go to every chat, whatever it follows.
    flag_column("to_all"),
    Column("rank", SmallInteger, nullable=False, server_default="0"),
    Column("after_id", BigInteger),
    instant_column("created_at"),
    instant_column("done_at", null=True),
    # Webhooks are still to be told of it (storage.webhook_calls).
    indexed_flag("untold"),
    UniqueConstraint("article_id", "kind"),
)

UNTOLD = equals_literal(fan_out.c.untold, "1")
partial_index("ix_fan_out_untold", fan_out.c.id, where=UNTOLD)
partial_index("ix_fan_out_open", fan_out.c.id, where=fan_out.c.done_at.is_(None))

delivery = Table(
    "delivery",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, nullable=False, server_default="0"),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", String(16), nullable=False),
    # What is due is `ready`: a claim walks along one index and passes over nothing that has to wait.
    indexed_flag("ready"),
    instant_column("due_at"),
    flag_column("fold"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("first_tried_at", null=True),
    indexed_flag("doubt"),
    Column("message_id", ForeignKey("message.id")),
    text_column("reason"),
    instant_column("created_at"),
    instant_column("settled_at", null=True),
    UniqueConstraint("chat_id", "topic_id", "article_id", "kind"),
)

PENDING = equals_literal(delivery.c.state, "'pending'")

READY = equals_literal(delivery.c.ready, "1")

WAITING = equals_literal(delivery.c.ready, "0")
partial_index("ix_delivery_ready", delivery.c.priority, delivery.c.id, where=and_(PENDING, READY))
partial_index("ix_delivery_waiting", delivery.c.due_at, where=and_(PENDING, WAITING))
partial_index("ix_delivery_chat", delivery.c.chat_id, where=PENDING)
# The queues of chats: who has one, and its first delivery, are found without reading those behind it.
partial_index(
    "ix_delivery_queue",
    delivery.c.chat_id,
    delivery.c.priority,
    delivery.c.id,
    where=and_(PENDING, READY),
)
partial_index("ix_delivery_message", delivery.c.message_id, where=delivery.c.message_id.is_not(None))

budget = Table(
    "budget",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("next_at", BigInteger, nullable=False),
)

recent_send = Table(
    "recent_send",
    metadata,
    Column("id", RowId, primary_key=True),
    # The process that sent it: each has a name of its own from its start to its end.
    Column("process", String(32), nullable=False),
    # No foreign key: answers also go to those who are no chats of ours.
    Column("chat_id", BigInteger, nullable=False),
    instant_column("sent_at"),
    Index("ix_recent_send_chat", "chat_id", "sent_at"),
    Index("ix_recent_send_at", "sent_at"),
)
