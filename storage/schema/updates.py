"""Tables of stored updates and dialogues."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from storage.schema.base import flag_column, instant_column, metadata, partial_index, text_column

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("body", Text, nullable=False),
    instant_column("received_at"),
    Column("lease_until", BigInteger, nullable=False, server_default="0"),
    instant_column("done_at", null=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text_column("error"),
    # Reconciliation asks which ids of a chat were taken by others.
    Index("ix_inbox_chat_message", "chat_id", "message_id"),
)
partial_index("ix_inbox_open", inbox.c.update_id, where=inbox.c.done_at.is_(None))

dialogue = Table(
    "dialogue",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("data", Text, nullable=False),
    instant_column("updated_at"),
    flag_column("ended"),
)
