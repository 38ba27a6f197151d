"""Tables of articles: revisions, proposals, identity and stories."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from storage.schema.base import RowId, flag_column, instant_column, metadata, partial_index, text_column

category = Table(
    "category",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("name_fa", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("category_id", ForeignKey("category.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("language", String(16), nullable=False),
    text_column("url"),
    text_column("origin"),
    text_column("source_number"),
    Column("author_id", BigInteger),
    # The source that brought it, and the article whose story it tells once more.
    Column("source_id", BigInteger, index=True),
    Column("story_id", BigInteger, index=True),
    # The earlier article of a developing story that it goes on with.
    Column("follows_id", BigInteger, index=True),
    instant_column("published_at"),
    instant_column("released_at", null=True),
    Column("ordinal", BigInteger, unique=True),
    # When it is published by itself, and who set that time; breaking news overtakes whatever else is on its way.
    instant_column("scheduled_at", null=True),
    Column("scheduled_by", BigInteger),
    flag_column("breaking"),
    instant_column("created_at"),
    instant_column("updated_at"),
    # Lists run along the cursor; each of them is one walk of one index.
    Index("ix_article_state_ordinal", "state", "ordinal"),
    Index("ix_article_category_ordinal", "category_id", "state", "ordinal"),
    Index("ix_article_created", "created_at", "id"),
    # How much was published on which day, told from the index alone.
    Index("ix_article_released", "released_at", "category_id", "id"),
)
partial_index(
    "ix_article_origin_number", article.c.source_number, article.c.origin, where=article.c.source_number != ""
)
partial_index("ix_article_url", article.c.url, where=article.c.url != "")
partial_index("ix_article_scheduled", article.c.scheduled_at, where=article.c.scheduled_at.is_not(None))


def _content_columns() -> list[Column[Any]]:
    """Return new columns for a text and who wrote it, as storage.article_rows.revision_row fills them."""
    return [
        Column("title", Text, nullable=False),
        text_column("lead"),
        Column("body", Text, nullable=False),
        text_column("photo"),
        Column("media", Text, nullable=False, server_default="[]"),
        # None: from before this was kept.
        Column("category_id", BigInteger),
        text_column("desk"),
        text_column("byline"),
        text_column("link"),
        Column("tags", Text, nullable=False, server_default="[]"),
        text_column("note"),
        Column("editor_id", BigInteger),
        instant_column("created_at"),
    ]


revision = Table(
    "revision",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_content_columns(),
)

article_address = Table(
    "article_address",
    metadata,
    # In the form in which addresses of one page are equal (bot.ingest.identity.addresses).
    Column("address", Text, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

article_number = Table(
    "article_number",
    metadata,
    # A site's own number, which is one only for its host, the kind of its pages and their language.
    Column("number", String(16), primary_key=True),
    Column("host", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

proposal = Table(
    "proposal",
    metadata,
    # A source's new text for an article, which waits for somebody's yes: a revision that is none yet.
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, nullable=False),
    *_content_columns(),
)

article_signature = Table(
    "article_signature",
    metadata,
    # By which a story is known again in other words (bot.newsroom.story_signature).
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("signature", LargeBinary, nullable=False),
    instant_column("created_at"),
    Index("ix_article_signature_created", "created_at"),
)

story_band = Table(
    "story_band",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
