"""The newsroom: reviews, cards, comments, plans, pins, tallies; a final audit; search by category."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _columns(table: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        op.add_column(table, column)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _count(name: str, *, wide: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger() if wide else sa.Integer(), server_default="0", nullable=False)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def upgrade() -> None:
    """Add what the life of an article in the newsroom needs."""
    _columns("article", sa.Column("scheduled_at", sa.BigInteger(), nullable=True), _flag("breaking"))
    _partial("ix_article_scheduled", "article", ["scheduled_at"], "scheduled_at IS NOT NULL")
    op.create_index("ix_article_released", "article", ["released_at", "category_id", "id"], unique=False)
    _columns(
        "revision",
        sa.Column("media", sa.Text(), server_default="[]", nullable=False),
        sa.Column("link", sa.Text(), server_default="", nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
    )
    _columns(
        "chat",
        _flag("silent"),
        _count("pin_minutes"),
        sa.Column("members", sa.Integer(), nullable=True),
        _count("members_at", wide=True),
    )
    _partial("ix_chat_counted", "chat", ["members_at"], "rank IN (0, 1) AND state = 'active'")
    _columns("inbox", _count("lease_until", wide=True))
    _columns("amendment", sa.Column("lost_at", sa.BigInteger(), nullable=True))
    _columns("fan_out", _flag("to_all"))
    _columns("audit", sa.Column("revision", sa.Integer(), nullable=True))
    _partial("ix_audit_staff", "audit", ["id"], "actor_id >= 0")
    op.create_table(
        "pin",
        sa.Column("message_id", _ROW_ID, nullable=False),
        _flag("pinned"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        _count("attempts"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_pin_message_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_pin")),
    )
    op.create_index(op.f("ix_pin_due_at"), "pin", ["due_at"], unique=False)
    op.create_table(
        "editing",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_editing_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_editing")),
    )
    op.create_table(
        "review",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("submitted_by", sa.BigInteger(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_review_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_article_id"), "review", ["article_id"], unique=False)
    _partial("uq_review_open", "review", ["article_id"], "state = 'open'", unique=True)
    _partial("ix_review_gate", "review", ["id"], "state = 'open' AND submitted_by IS NULL")
    _partial("ix_review_desk", "review", ["id"], "state = 'open' AND submitted_by IS NOT NULL")
    op.create_table(
        "card",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("left_id", sa.BigInteger(), nullable=True),
        _count("sent_at", wide=True),
        sa.Column("wanted", sa.Integer(), server_default="1", nullable=False),
        _count("shown"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        _count("attempts"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("kind", "subject_id", "chat_id", name=op.f("uq_card_kind")),
    )
    _partial("ix_card_stale", "card", ["due_at"], "wanted > shown")
    op.create_table(
        "comment",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_comment_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_article", "comment", ["article_id", "state", "id"], unique=False)
    op.create_index("ix_comment_user", "comment", ["user_id", "created_at"], unique=False)
    op.create_index("ix_comment_own", "comment", ["user_id", "article_id", "state", "id"], unique=False)
    _partial("ix_comment_waiting", "comment", ["id"], "state = 'waiting'")
    op.create_table(
        "silenced",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_silenced")),
    )
    op.create_table(
        "tally",
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "day", "subject_id", name=op.f("pk_tally")),
    )
    _mark_in_search()
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_final()"
    )


def _mark_in_search() -> None:
    """Have every article of the search index bear its marks, as storage.fts_query makes them from now on."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "UPDATE article_search SET joined = "
            "(SELECT char(57344) || ' ' || char(57344) || category_id || ' ' FROM article "
            "WHERE ordinal = article_search.rowid) || joined WHERE rowid IN (SELECT ordinal FROM article)"
        )
        return
    op.execute(
        "UPDATE article_search SET document = article_search.document || "
        "CAST(chr(57344) || ' ' || chr(57344) || article.category_id AS tsvector) "
        "FROM article WHERE article.ordinal = article_search.ordinal"
    )
