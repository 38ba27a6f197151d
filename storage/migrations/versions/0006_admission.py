"""Chats: what owners decided and whether a chat can be reached are fields of their own."""

import re
import time
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ACTIVE = "admission = 'admitted' AND lost_at IS NULL"
_ITS_ID = re.compile(r"(-?\d+)\)?$")
"""The chat's id, with which the detail of a decision ends; its title, which stands before, may hold anything."""


def upgrade() -> None:
    """Split `chat.state` into the admission and the reachability."""
    for column in (
        sa.Column("admission", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("lost_at", sa.BigInteger()),
        sa.Column("refused_at", sa.BigInteger()),
        sa.Column("refusals", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("chat", column)
    _carry_over()
    for name in ("ix_chat_rank", "ix_chat_counted"):
        op.drop_index(name, table_name="chat")
    for name in ("state", "approval_asked"):
        op.drop_column("chat", name)
    # What Telegram's answers show is read among the acts of people.
    op.drop_index("ix_audit_staff", table_name="audit")
    _partial("ix_audit_staff", ["id"], "actor_id != -1", table="audit")
    _partial("ix_chat_rank", ["rank", "id"], _ACTIVE)
    _partial("ix_chat_counted", ["members_at"], f"rank IN (0, 1) AND {_ACTIVE}")
    _partial("ix_chat_refusing", ["id"], "refused_at IS NOT NULL AND lost_at IS NULL")
    _partial("ix_chat_lost", ["wait_until"], "rank IN (0, 1) AND lost_at IS NOT NULL")


def _partial(name: str, columns: list[str], where: str, *, table: str = "chat") -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _carry_over() -> None:
    now = int(time.time() * 1000)
    op.execute("UPDATE chat SET admission = 'admitted' WHERE state = 'active' OR kind = 'private'")
    op.execute(sa.text("UPDATE chat SET lost_at = :now WHERE state = 'inactive'").bindparams(now=now))
    # Only owners deny.
    op.execute(
        sa.text("UPDATE chat SET admission = 'denied', decided_at = :now WHERE state = 'denied'").bindparams(
            now=now
        )
    )
    # News went to chats that had been let in alone, and an owner's chat was let in at once. What a chat follows
    # proves nothing: whoever brought the bot could choose that while the chat waited.
    op.execute(
        "UPDATE chat SET admission = 'admitted' WHERE state = 'inactive' AND ("
        "EXISTS (SELECT 1 FROM delivery WHERE delivery.chat_id = chat.id) "
        "OR EXISTS (SELECT 1 FROM message WHERE message.chat_id = chat.id) "
        "OR EXISTS (SELECT 1 FROM staff WHERE staff.user_id = chat.added_by AND staff.role = 'owner'))"
    )
    _follow_decisions()


def _follow_decisions() -> None:
    """Follow the last decision of an owner where the audit has one, also where a chat got round it since."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT at, actor_id, action, detail FROM audit "
            "WHERE action IN ('approve_chat', 'deny_chat') ORDER BY id"
        )
    )
    last: dict[int, dict[str, Any]] = {}
    for row in rows:
        if found := _ITS_ID.search(row.detail):
            admission = "admitted" if row.action == "approve_chat" else "denied"
            last[int(found[1])] = {"a": admission, "by": row.actor_id, "at": row.at}
    if last:
        statement = "UPDATE chat SET admission = :a, decided_by = :by, decided_at = :at WHERE id = :chat"
        connection.execute(sa.text(statement), [{"chat": chat_id, **one} for chat_id, one in last.items()])
