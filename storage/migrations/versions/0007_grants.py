"""Grants: who is an owner by the configuration alone, and whom an open invitation does not let back in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what ends with a right.

    An owner whom nobody added was made one by the configuration.
    """
    configured: sa.Column[bool] = sa.Column(
        "configured", sa.Boolean(), server_default=sa.text("false"), nullable=False
    )
    op.add_column("staff", configured)
    op.execute(sa.text("UPDATE staff SET configured = true WHERE role = 'owner' AND added_by IS NULL"))
    op.create_table(
        "invitation_bar",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["secret_hash"],
            ["invitation.secret_hash"],
            name=op.f("fk_invitation_bar_secret_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("secret_hash", "user_id", name=op.f("pk_invitation_bar")),
    )
