"""Sources: whether somebody chose the name."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the names from before are those of the sites."""
    op.add_column("source", sa.Column("named", sa.Boolean(), server_default=sa.text("false"), nullable=False))
