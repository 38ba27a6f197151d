"""Articles: who set the time of a scheduled one is a column of its own, as the audit had it before."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add `article.scheduled_by`, and fill it from the last schedule of each article that waits for its time."""
    op.add_column("article", sa.Column("scheduled_by", sa.BigInteger()))
    op.execute(
        "UPDATE article SET scheduled_by = (SELECT actor_id FROM audit WHERE audit.id = ("
        "SELECT max(id) FROM audit WHERE audit.article_id = article.id AND audit.action = 'schedule')) "
        "WHERE scheduled_at IS NOT NULL"
    )
