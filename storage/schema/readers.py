"""Tables of readers' comments, tips and saved articles."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from storage.schema.base import RowId, equals_literal, instant_column, metadata, partial_index, text_column

comment = Table(
    "comment",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    text_column("name"),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False),
    instant_column("created_at"),
    Column("decided_by", BigInteger),
    instant_column("decided_at", null=True),
    Index("ix_comment_article", "article_id", "state", "id"),
    Index("ix_comment_user", "user_id", "created_at"),
    Index("ix_comment_own", "user_id", "article_id", "state", "id"),
    Index("ix_comment_created", "created_at", "article_id"),
)

WAITING_COMMENT = equals_literal(comment.c.state, "'waiting'")
partial_index("ix_comment_waiting", comment.c.id, where=WAITING_COMMENT)

tip = Table(
    "tip",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    text_column("name"),
    Column("text", Text, nullable=False),
    # Its attachments, as the media of a revision are stored.
    Column("media", Text, nullable=False, server_default="[]"),
    Column("state", String(16), nullable=False),
    # The article that was made of it.
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL")),
    instant_column("created_at"),
    Column("decided_by", BigInteger),
    instant_column("decided_at", null=True),
    Index("ix_tip_user", "user_id", "created_at"),
    Index("ix_tip_article_id", "article_id"),
)

WAITING_TIP = equals_literal(tip.c.state, "'waiting'")
partial_index("ix_tip_waiting", tip.c.id, where=WAITING_TIP)

silenced = Table(
    "silenced",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    text_column("name"),
    Column("by", BigInteger, nullable=False),
    instant_column("at"),
)

saved = Table(
    "saved",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    instant_column("saved_at"),
    Index("ix_saved_at", "saved_at", "article_id"),
)
