"""Readers: subscriptions by tag, desk and words, with schedules of their own; how posts look; what was seen."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def upgrade() -> None:
    """Add what the ways to follow the news need."""
    seen = sa.Column("seen_ordinal", sa.BigInteger(), server_default="0", nullable=False)
    for column in (_text("look"), _flag("rich_asked"), seen):
        op.add_column("chat", column)
    op.add_column("message", _text("look"))
    kind = sa.Column("kind", sa.String(length=16), server_default="category", nullable=False)
    for column in (kind, _text("subject"), _text("label"), _flag("breaking_only"), _text("schedule")):
        op.add_column("subscription", column)
    op.drop_index("uq_subscription", table_name="subscription")
    op.create_index(
        "uq_subscription",
        "subscription",
        ["chat_id", "topic_id", "kind", sa.text("coalesce(category_id, 0)"), "subject"],
        unique=True,
    )
    by_words = sa.text("kind IN ('words', 'muted')")
    op.create_index(
        "ix_subscription_words",
        "subscription",
        ["chat_id", "subject"],
        sqlite_where=by_words,
        postgresql_where=by_words,
    )
    own_schedule = sa.text("schedule != ''")
    op.create_index(
        "ix_subscription_schedule",
        "subscription",
        ["chat_id"],
        sqlite_where=own_schedule,
        postgresql_where=own_schedule,
    )
