"""Tables of sources, their items and the visits to pages."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from storage.schema.base import (
    RowId,
    equals_literal,
    flag_column,
    instant_column,
    metadata,
    partial_index,
    text_column,
)

source = Table(
    "source",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("category_id", ForeignKey("category.id"), nullable=False),
    flag_column("review"),
    text_column("selector"),
    Column("interval", Integer),
    text_column("title"),
    # Whether somebody chose the title: what the site calls itself no longer counts.
    flag_column("named"),
    Column("state", String(16), nullable=False, server_default="active"),
    # What becomes of an article that the source has changed: bot.ingest decides by it.
    Column("changes", String(16), nullable=False, server_default="follow"),
    text_column("etag"),
    text_column("last_modified"),
    # Of the body that was read last: one that says the same is not parsed again.
    text_column("body_digest"),
    instant_column("fetched_at", null=True),
    instant_column("next_fetch_at"),
    # What the feed itself asks for: seconds between fetches, hours (GMT) and days (Monday 0) to leave it alone.
    Column("ttl", Integer),
    Column("skip_hours", Text, nullable=False, server_default="[]"),
    Column("skip_days", Text, nullable=False, server_default="[]"),
    # When it last brought something new, and its habit: the usual time between new items, in seconds.
    instant_column("brought_at", null=True),
    Column("habit", Integer),
    Column("took_ms", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    instant_column("failing_since", null=True),
    # When the newsroom was told that it is ill; it is told once when it is well again.
    instant_column("ill_told_at", null=True),
    text_column("last_error"),
    instant_column("created_at"),
    # The WebSub hub that its feed names, and the topic there.
    text_column("hub"),
    text_column("topic"),
    # Parts of its requests, as JSON: with the row, so that no fetch costs a query more.
    Column("requests", Text, nullable=False, server_default="[]"),
    # The marks of the items that its feed held last, in hexadecimal: what is known is not made ready again.
    text_column("known_items"),
)
partial_index("ix_source_due", source.c.next_fetch_at, where=equals_literal(source.c.state, "'active'"))

partial_index("ix_source_hub", source.c.hub, where=source.c.hub != literal_column("''"))

hub_subscription = Table(
    "hub_subscription",
    metadata,
    Column("id", RowId, primary_key=True),
    # None: its source is gone, and the hub must be notified.
    Column("source_id", ForeignKey("source.id", ondelete="SET NULL"), index=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    Column("nonce", String(64), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    flag_column("strong"),
    instant_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("confirmed_at", null=True),
    instant_column("denied_at", null=True),
    # The first push for which the source was not made due yet, and when it was made due last.
    instant_column("pushed_at", null=True),
    instant_column("woken_at", null=True),
    Index("ix_hub_subscription_due", "due_at"),
)
partial_index(
    "ix_hub_subscription_wanted",
    hub_subscription.c.source_id,
    where=equals_literal(hub_subscription.c.state, "'wanted'"),
    unique=True,
)
partial_index(
    "ix_hub_subscription_pushed", hub_subscription.c.pushed_at, where=hub_subscription.c.pushed_at.is_not(None)
)

source_item = Table(
    "source_item",
    metadata,
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    # A draft that the newsroom threw away must not come back with the next fetch.
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL"), index=True),
    # By what the item is known again (bot.ingest.identity.decision), and why it was taken for this article.
    text_column("guid"),
    text_column("address"),
    text_column("title"),
    instant_column("published_at", null=True),
    Column("reason", String(16), nullable=False, server_default=""),
    Column("digest", String(64), nullable=False),
    instant_column("seen_at"),
    Index("ix_source_item_guid", "source_id", "guid"),
    Index("ix_source_item_address", "source_id", "address"),
    Index("ix_source_item_title", "source_id", "title"),
)

page_visit = Table(
    "page_visit",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    text_column("host"),
    instant_column("due_at"),
    # The newest articles come first.
    instant_column("published_at"),
    # Readings that went well, and failures since the last of them.
    Column("visits", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    text_column("etag"),
    text_column("last_modified"),
    text_column("body_digest"),
    # Why the last page that came was not believed.
    text_column("doubt"),
    # Whether the newsroom was asked about a page that is gone or was emptied.
    flag_column("asked"),
    Index("ix_page_visit_due", "due_at", "host"),
)

source_rule = Table(
    "source_rule",
    metadata,
    Column("id", RowId, primary_key=True),
    # None: of every source.
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), index=True),
    Column("query", Text, nullable=False),
    Column("action", String(16), nullable=False),
    text_column("argument"),
    instant_column("created_at"),
)

source_picture = Table(
    "source_picture",
    metadata,
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, primary_key=True),
    # On how many articles of the source it stands.
    Column("articles", Integer, nullable=False),
    Column("seen_at", BigInteger, nullable=False, index=True),
)

section_name = Table(
    "section_name",
    metadata,
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    # As a match key; the label is how the site writes it.
    Column("name", Text, primary_key=True),
    Column("category_id", ForeignKey("category.id", ondelete="CASCADE"), nullable=False),
    text_column("label"),
    sqlite_with_rowid=False,
)

section_offer = Table(
    "section_offer",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("category_id", ForeignKey("category.id", ondelete="CASCADE"), nullable=False),
    text_column("label"),
    instant_column("created_at"),
    # What was offered once is not offered again.
    UniqueConstraint("source_id", "name", "category_id"),
)
