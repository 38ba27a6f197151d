"""The HTTP API: its clients, the creations that they may repeat, and webhooks that are told of what happens."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables; what was published before is told to nobody."""
    op.create_table(
        "api_client",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("name", name=op.f("uq_api_client_name")),
    )
    op.create_table(
        "api_creation",
        sa.Column("client_id", _ROW_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_api_creation_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "key", name=op.f("pk_api_creation")),
    )
    op.create_index(op.f("ix_api_creation_created_at"), "api_creation", ["created_at"])
    op.create_table(
        "webhook_call",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_webhook_call_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_call")),
    )
    op.create_index(op.f("ix_webhook_call_article_id"), "webhook_call", ["article_id"])
    op.create_index(op.f("ix_webhook_call_happened_at"), "webhook_call", ["happened_at"])
    is_open = sa.text("done_at IS NULL")
    op.create_index(
        "ix_webhook_call_due", "webhook_call", ["due_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.add_column("fan_out", sa.Column("untold", sa.SmallInteger(), server_default="0", nullable=False))
    untold = sa.text("untold = 1")
    op.create_index("ix_fan_out_untold", "fan_out", ["id"], sqlite_where=untold, postgresql_where=untold)
