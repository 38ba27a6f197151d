"""Files that Telegram keeps of addresses, and the pictures of each source."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "telegram_file",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_telegram_file")),
    )
    op.create_index(op.f("ix_telegram_file_used_at"), "telegram_file", ["used_at"])
    op.create_table(
        "source_picture",
        sa.Column("source_id", _ROW_ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_picture_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "address", name=op.f("pk_source_picture")),
    )
    op.create_index(op.f("ix_source_picture_seen_at"), "source_picture", ["seen_at"])
