"""Tables of edit locks and reviews."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, and_

from storage.schema.base import RowId, equals_literal, instant_column, metadata, partial_index, text_column

editing = Table(
    "editing",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    instant_column("since"),
    instant_column("until"),
)

review = Table(
    "review",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    # None: a source that is read for the newsroom.
    Column("submitted_by", BigInteger),
    instant_column("submitted_at"),
    Column("decided_by", BigInteger),
    instant_column("decided_at", null=True),
    text_column("reason"),
)

OPEN_REVIEW = equals_literal(review.c.state, "'open'")

FROM_SOURCES = review.c.submitted_by.is_(None)
"""Reviews of what sources brought: the gate."""
partial_index("uq_review_open", review.c.article_id, where=OPEN_REVIEW, unique=True)
partial_index("ix_review_gate", review.c.id, where=and_(OPEN_REVIEW, FROM_SOURCES))
partial_index("ix_review_decided", review.c.decided_at, where=and_(FROM_SOURCES, review.c.decided_at.is_not(None)))
partial_index("ix_review_desk", review.c.id, where=and_(OPEN_REVIEW, ~FROM_SOURCES))
