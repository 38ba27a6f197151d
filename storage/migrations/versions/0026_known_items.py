"""Sources remember the items that their feeds held, across restarts and for every process."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; feeds that change are recognised whole once."""
    op.add_column("source", sa.Column("known_items", sa.Text(), server_default="", nullable=False))
