"""Digests: how many headlines one leaves out is kept, so that what it says of them stays true."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to a message how many headlines it only counts."""
    op.add_column("message", sa.Column("left_out", sa.Integer(), server_default="0", nullable=False))
