"""Invitations: those that were open end, since their codes stand in the inbox as people sent them."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the invitations that nobody has used."""
    op.execute("DELETE FROM invitation WHERE used_by IS NULL")
