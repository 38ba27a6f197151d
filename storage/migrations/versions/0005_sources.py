"""Sources: identity by address and number, health, visits to pages, stories, changes that wait for a yes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _word(name: str, default: str = "", size: int = 16) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=size), server_default=default, nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _instant(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _article() -> sa.Column[int]:
    return sa.Column("article_id", sa.BigInteger(), nullable=False)


def _of_article(table: str, *columns: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f(f"fk_{table}_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Add what reading a thousand sources faithfully needs."""
    _sources()
    _articles()
    _items()
    _visits()
    _proposals()
    _stories()
    op.add_column("notice", _text("buttons", "[]"))


def _sources() -> None:
    for column in (
        _word("state", "active"),
        _word("changes", "follow"),
        _text("body_digest"),
        sa.Column("ttl", sa.Integer()),
        _text("skip_hours", "[]"),
        _text("skip_days", "[]"),
        _instant("brought_at", null=True),
        sa.Column("habit", sa.Integer()),
        _count("took_ms"),
        _instant("failing_since", null=True),
        _instant("ill_told_at", null=True),
    ):
        op.add_column("source", column)
    active = sa.text("state = 'active'")
    op.create_index("ix_source_due", "source", ["next_fetch_at"], sqlite_where=active, postgresql_where=active)


def _articles() -> None:
    for name in ("source_id", "story_id"):
        op.add_column("article", sa.Column(name, sa.BigInteger()))
        op.create_index(f"ix_article_{name}", "article", [name])
    # A number is a site's own for a kind of pages and a language alone: one site may have it twice.
    op.drop_index("uq_article_origin_number", table_name="article")
    for name, columns in (("origin_number", ["source_number", "origin"]), ("url", ["url"])):
        there = sa.text(f"{columns[0]} != ''")
        op.create_index(f"ix_article_{name}", "article", columns, sqlite_where=there, postgresql_where=there)
    op.create_table(
        "article_address",
        sa.Column("address", sa.Text(), nullable=False),
        _article(),
        *_of_article("article_address", "address", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_address_article_id", "article_address", ["article_id"])
    op.create_table(
        "article_number",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        _article(),
        *_of_article("article_number", "number", "host", "kind", "language", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_number_article_id", "article_number", ["article_id"])


def _items() -> None:
    for column in (
        _text("guid"),
        _text("address"),
        _text("title"),
        _instant("published_at", null=True),
        _word("reason"),
    ):
        op.add_column("source_item", column)
    # The key was the guid, else the address: what was brought before is known again by either.
    op.execute("UPDATE source_item SET guid = key")
    op.execute(
        "UPDATE article SET source_id = (SELECT min(source_id) FROM source_item WHERE article_id = article.id) "
        "WHERE author_id IS NULL"
    )
    for name in ("guid", "address", "title"):
        op.create_index(f"ix_source_item_{name}", "source_item", ["source_id", name])


def _visits() -> None:
    op.create_table(
        "page_visit",
        _article(),
        _text("host"),
        _instant("due_at"),
        _instant("published_at"),
        _count("visits"),
        _count("failures"),
        _text("etag"),
        _text("last_modified"),
        _text("body_digest"),
        _text("doubt"),
        sa.Column("asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *_of_article("page_visit", "article_id"),
    )
    op.create_index("ix_page_visit_due", "page_visit", ["due_at", "host"])
    op.execute(
        "INSERT INTO page_visit (article_id, host, due_at, published_at, failures) "
        "SELECT article_id, origin, due_at, published_at, attempts "
        "FROM page_retry JOIN article ON article.id = page_retry.article_id"
    )
    # Whatever else came from a page has its text from there: no feed's few words are to replace it.
    op.execute(
        "INSERT INTO page_visit (article_id, host, due_at, published_at, visits) "
        "SELECT id, origin, 4611686018427387904, published_at, 1 FROM article "
        "WHERE author_id IS NULL AND url != '' AND id NOT IN (SELECT article_id FROM page_retry)"
    )
    op.drop_table("page_retry")


def _proposals() -> None:
    op.create_table(
        "proposal",
        _article(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        _text("lead"),
        sa.Column("body", sa.Text(), nullable=False),
        _text("photo"),
        _text("media", "[]"),
        sa.Column("category_id", sa.BigInteger()),
        _text("desk"),
        _text("byline"),
        _text("link"),
        _text("tags", "[]"),
        _text("note"),
        sa.Column("editor_id", sa.BigInteger()),
        _instant("created_at"),
        *_of_article("proposal", "article_id"),
    )


def _stories() -> None:
    op.create_table(
        "article_signature",
        _article(),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        _instant("created_at"),
        *_of_article("article_signature", "article_id"),
    )
    op.create_index("ix_article_signature_created", "article_signature", ["created_at"])
    op.create_table(
        "story_band",
        sa.Column("band", sa.BigInteger(), nullable=False, autoincrement=False),
        _article(),
        *_of_article("story_band", "band", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_band_article_id", "story_band", ["article_id"])
