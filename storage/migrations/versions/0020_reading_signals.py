"""Signals of reading: reactions to posts, saves and comments in time; and the report to the desk chat."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, the indexes and the table."""
    op.add_column("message", sa.Column("reactions", sa.Integer(), server_default="0", nullable=False))
    reacted = sa.text("reactions > 0")
    op.create_index(
        "ix_message_reactions", "message", ["article_id"], sqlite_where=reacted, postgresql_where=reacted
    )
    op.create_index("ix_comment_created", "comment", ["created_at", "article_id"], unique=False)
    op.create_index("ix_saved_at", "saved", ["saved_at", "article_id"], unique=False)
    op.create_table(
        "desk_report",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_desk_report")),
    )
