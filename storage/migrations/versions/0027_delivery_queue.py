"""The queue of a chat: its first ready delivery is found without reading those behind it."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Put an index in the order of sending in the place of that of the chats alone, for which it serves too."""
    op.create_index(
        "ix_delivery_queue",
        "delivery",
        ["chat_id", "ready", "priority", "id"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )
    op.drop_index("ix_delivery_chat", "delivery")
