"""Undo of what is followed; forms of digests; ends of dialogues; refusals of WebSub hubs."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the columns; changes from before cannot be undone, and no channel chose rich digests."""
    op.add_column("chat", sa.Column("rich_digests", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("dialogue", sa.Column("ended", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("hub_subscription", sa.Column("denied_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "subscription_undo",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("resumed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chat.id"],
            name=op.f("fk_subscription_undo_chat_id"),
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "topic_id", name=op.f("pk_subscription_undo")),
    )
