"""Tables of staff, and of the notices and cards that they get."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.schema.base import RowId, flag_column, instant_column, metadata, partial_index, text_column

notice = Table(
    "notice",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("key", String(64), nullable=False),
    Column("args", Text, nullable=False),
    # Pairs of a button's text key and its callback data.
    Column("buttons", Text, nullable=False, server_default="[]"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("due_at"),
    instant_column("created_at"),
    Index("ix_notice_due", "due_at"),
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(16), nullable=False),
    text_column("name"),
    Column("added_by", BigInteger),
    instant_column("added_at"),
    # The configuration made them an owner (OWNER_IDS), and nobody else has given them a role since.
    flag_column("configured"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    instant_column("created_at"),
    instant_column("expires_at"),
    Column("used_by", BigInteger),
    instant_column("used_at", null=True),
)

invitation_bar = Table(
    "invitation_bar",
    metadata,
    # Whoever was removed does not come back by an invitation that was open then.
    Column("secret_hash", ForeignKey("invitation.secret_hash", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)

card = Table(
    "card",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    # The message that a new one is to take the place of, and when the present one was sent.
    Column("left_id", BigInteger),
    Column("sent_at", BigInteger, nullable=False, server_default="0"),
    # The instant whose queue a card of a queue shows; 0: that of its next drawing.
    Column("queue_at", BigInteger, nullable=False, server_default="0"),
    # How often a card of work under way was drawn anew.
    Column("rounds", Integer, nullable=False, server_default="0"),
    # Which state of its subject a card should show, and which it does.
    Column("wanted", Integer, nullable=False, server_default="1"),
    Column("shown", Integer, nullable=False, server_default="0"),
    instant_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("created_at"),
    UniqueConstraint("kind", "subject_id", "chat_id"),
)

STALE_CARD = card.c.wanted > card.c.shown
partial_index("ix_card_stale", card.c.due_at, where=STALE_CARD)
