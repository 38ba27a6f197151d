"""Notices: lines for people of the newsroom, kept until Telegram has them."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select, update

from storage.engine.connection import Connection
from storage.fair_turns import in_turns, sorted_by_turns
from storage.malformed import PARKED_MS, read_rows
from storage.records import Notice
from storage.schema import notice

DESK_CHAT = 0
"""The desk chat, in place of a person."""


async def enqueue(
    tx: Connection,
    user_id: int,
    key: str,
    args: dict[str, str | int],
    *,
    now: int,
    buttons: Sequence[tuple[str, str]] = (),
) -> None:
    """Enqueue a notice to a person or DESK_CHAT: the text `key` of the catalogues with `args`.

    A number called `when` among `args` is an instant (ms).
    `buttons` are pairs of a button's text key and its callback data, one below the other.
    """
    values = {"args": json.dumps(args, ensure_ascii=False), "buttons": json.dumps(buttons)}
    await tx.execute(notice.insert().values(user_id=user_id, key=key, due_at=now, created_at=now, **values))


async def count(connection: Connection, key: str) -> int:
    """Return how many notices of that text wait."""
    return int((await connection.execute(select(func.count()).where(notice.c.key == key))).scalar_one())


async def any_due(connection: Connection, now: int) -> bool:
    """Return whether any notice is due at `now` (ms)."""
    return (
        await connection.execute(select(notice.c.id).where(notice.c.due_at <= now).limit(1))
    ).first() is not None


async def claim(tx: Connection, *, now: int, lease_until: int, limit: int) -> list[Notice]:
    """Claim up to `limit` due notices until `lease_until`; park malformed ones.

    The oldest come first, one of each person in turn.
    """
    due = in_turns(notice.c.id, notice.c.user_id, notice.c.due_at <= now, order=(notice.c.id,), limit=limit)
    statement = (
        update(notice)
        .where(notice.c.id.in_(due), notice.c.due_at <= now)
        .values(due_at=lease_until)
        .returning(notice.c.id, notice.c.user_id, notice.c.key, notice.c.args, notice.c.buttons, notice.c.attempts)
    )
    claimed = read_rows("notice", await tx.execute(statement), parse_notice)
    if claimed.malformed:
        parked = update(notice).where(notice.c.id.in_(claimed.malformed))
        await tx.execute(parked.values(due_at=now + PARKED_MS))
    in_order = sorted(claimed.records, key=lambda record: record.id)
    return sorted_by_turns(in_order, lambda record: record.user_id)


async def wait(tx: Connection, notice_id: int, *, due_at: int) -> None:
    """Postpone a notice that was not tried until `due_at`."""
    await tx.execute(update(notice).where(notice.c.id == notice_id).values(due_at=due_at))


async def postpone(tx: Connection, notice_id: int, *, due_at: int) -> None:
    """Try a notice again at `due_at`."""
    await tx.execute(
        update(notice).where(notice.c.id == notice_id).values(due_at=due_at, attempts=notice.c.attempts + 1)
    )


async def make_due(tx: Connection, user_id: int, *, now: int) -> None:
    """Make a person's notices due now: they have pressed start."""
    await tx.execute(update(notice).where(notice.c.user_id == user_id).values(due_at=now))


async def delete_for(tx: Connection, user_id: int, *, but: Collection[str]) -> None:
    """Delete what waits for a person, `but` for notices with these keys."""
    await tx.execute(notice.delete().where(notice.c.user_id == user_id, notice.c.key.not_in(but)))


async def delete(tx: Connection, notice_id: int) -> None:
    """Delete a notice that was sent, or that nobody will ever get."""
    await tx.execute(notice.delete().where(notice.c.id == notice_id))


def parse_notice(row: Any) -> Notice:
    """Return the notice of a row. Raises ValueError or TypeError where it is malformed."""
    buttons = tuple((text, data) for text, data in json.loads(row.buttons))
    return Notice(row.id, row.user_id, row.key, dict(json.loads(row.args)), buttons, row.attempts)
