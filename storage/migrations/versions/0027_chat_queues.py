"""Indexes of each chat's queue, by which its first delivery and amendment are found, and of the chats that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_READY = sa.text("state = 'pending' AND ready = 1")


def upgrade() -> None:
    """Add the indexes; that of the amendments takes the place of the one of their chats."""
    op.create_index(
        "ix_delivery_queue",
        "delivery",
        ["chat_id", "priority", "id"],
        sqlite_where=_READY,
        postgresql_where=_READY,
    )
    op.create_index("ix_amendment_queue", "amendment", ["chat_id", "state", "priority", "message_id"])
    op.drop_index("ix_amendment_chat_id", "amendment")
    waiting = sa.text("wait_until > 0")
    op.create_index("ix_chat_waiting", "chat", ["wait_until"], sqlite_where=waiting, postgresql_where=waiting)
