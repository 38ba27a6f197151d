"""Developing stories: the earlier article that an article goes on with."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; articles from before follow none."""
    op.add_column("article", sa.Column("follows_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_article_follows_id"), "article", ["follows_id"])
