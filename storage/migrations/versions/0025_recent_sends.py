"""The sends of the last minute: processes on one database know when others wrote to a chat."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "recent_send",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process", sa.String(length=32), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recent_send")),
    )
    op.create_index("ix_recent_send_chat", "recent_send", ["chat_id", "sent_at"])
    op.create_index("ix_recent_send_at", "recent_send", ["sent_at"])
