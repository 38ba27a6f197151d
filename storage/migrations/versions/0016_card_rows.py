"""Cards whose rows keep their places, and cards that are drawn anew while work is under way."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_DECIDED = sa.text("submitted_by IS NULL AND decided_at IS NOT NULL")


def upgrade() -> None:
    """Add the columns; cards from before show the queue as it is when they are next drawn."""
    for name, kind in (("queue_at", sa.BigInteger()), ("rounds", sa.Integer())):
        op.add_column("card", sa.Column(name, kind, nullable=False, server_default="0"))
    op.create_index("ix_review_decided", "review", ["decided_at"], sqlite_where=_DECIDED, postgresql_where=_DECIDED)
