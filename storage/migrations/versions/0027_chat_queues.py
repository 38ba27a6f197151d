"""The queues of a chat: its first ready delivery and amendment are found without reading those behind them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Put indexes in the order of sending in the places of those of the chats alone, which they serve as well."""
    op.create_index(
        "ix_delivery_queue",
        "delivery",
        ["chat_id", "ready", "priority", "id"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )
    op.drop_index("ix_delivery_chat", "delivery")
    op.create_index("ix_amendment_queue", "amendment", ["chat_id", "state", "priority", "message_id"])
    op.drop_index("ix_amendment_chat_id", "amendment")
