"""Sources: whether somebody chose the name, how learned sections are written, and which were offered."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add columns and the table of offers; the names from before are those of the sites."""
    op.add_column("source", sa.Column("named", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("section_name", sa.Column("label", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "section_offer",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("source_id", _ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_id", _ROW_ID, nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_section_offer_source_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_section_offer_category_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_offer")),
        sa.UniqueConstraint("source_id", "name", "category_id", name=op.f("uq_section_offer_source_id")),
    )
