"""Autovacuum of the tables with a row for each message and update, by what has changed instead of by their size."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TABLES = ("delivery", "message", "message_article", "inbox")
_SETTINGS = (
    "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 20000, "
    "autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 20000"
)


def upgrade() -> None:
    """Have PostgreSQL clear these tables away early: of 5,000,000 rows, the default waits for 1,000,000."""
    if op.get_context().dialect.name == "postgresql":
        for table in _TABLES:
            op.execute(f"ALTER TABLE {table} SET ({_SETTINGS})")
