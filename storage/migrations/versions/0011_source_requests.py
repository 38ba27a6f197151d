"""Sources: what is set for their requests, their hubs, and the subscriptions there."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the table."""
    for name in ("hub", "topic"):
        op.add_column("source", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("source", sa.Column("requests", sa.Text(), server_default="[]", nullable=False))
    _index("ix_source_hub", "source", ["hub"], "hub != ''")
    op.create_table(
        "hub_subscription",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("source_id", _ROW_ID, nullable=True),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("strong", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("pushed_at", sa.BigInteger(), nullable=True),
        sa.Column("woken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_hub_subscription_source_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_subscription")),
        sa.UniqueConstraint("nonce", name=op.f("uq_hub_subscription_nonce")),
    )
    op.create_index(op.f("ix_hub_subscription_source_id"), "hub_subscription", ["source_id"])
    op.create_index("ix_hub_subscription_due", "hub_subscription", ["due_at"])
    _index("ix_hub_subscription_wanted", "hub_subscription", ["source_id"], "state = 'wanted'", unique=True)
    _index("ix_hub_subscription_pushed", "hub_subscription", ["pushed_at"], "pushed_at IS NOT NULL")


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
