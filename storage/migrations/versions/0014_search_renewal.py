"""Search by stems: the articles that are in the index already await their renewal (storage.search_renewal)."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note up to which article the index is to be renewed."""
    op.execute(
        "INSERT INTO setting (key, value) SELECT 'search_renewal', CAST(newest + 1 AS TEXT) "
        "FROM (SELECT max(ordinal) AS newest FROM article WHERE state = 'published') AS published "
        "WHERE newest IS NOT NULL"
    )
