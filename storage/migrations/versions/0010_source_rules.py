"""Sources: rules, and the categories of their names of sections."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_source(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["source_id"], ["source.id"], name=op.f(f"fk_{table}_source_id"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "source_rule",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("source_id", _ROW_ID, nullable=True),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("argument", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _of_source("source_rule"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_rule")),
    )
    op.create_index(op.f("ix_source_rule_source_id"), "source_rule", ["source_id"])
    op.create_table(
        "section_name",
        sa.Column("source_id", _ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_id", _ROW_ID, nullable=False),
        _of_source("section_name"),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_section_name_category_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "name", name=op.f("pk_section_name")),
        sqlite_with_rowid=False,
    )
