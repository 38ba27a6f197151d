"""Sources: what is set for their requests."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("source", sa.Column("requests", sa.Text(), server_default="[]", nullable=False))
