"""Tables of the HTTP API: its clients, the creations that they may repeat, and the calls to their webhooks."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from storage.schema.base import RowId, instant_column, metadata, partial_index

api_client = Table(
    "api_client",
    metadata,
    # The audit and articles name it for good: a client that is taken out of the settings stays here.
    Column("id", RowId, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    instant_column("created_at"),
)

api_creation = Table(
    "api_creation",
    metadata,
    Column("client_id", ForeignKey("api_client.id", ondelete="CASCADE"), primary_key=True),
    # The Idempotency-Key of the request, and a digest of its body.
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    # No foreign key: a draft may be thrown away, and its request is not to make it again.
    Column("article_id", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
)

webhook_call = Table(
    "webhook_call",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("target", String(64), nullable=False),
    Column("event", String(16), nullable=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("happened_at", BigInteger, nullable=False, index=True),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("done_at", null=True),
)

OPEN_CALL = webhook_call.c.done_at.is_(None)
partial_index("ix_webhook_call_due", webhook_call.c.due_at, where=OPEN_CALL)
