"""The inbox: updates as Telegram sent them, kept until their handler is done."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.records import StoredUpdate
from storage.schema import inbox

MALFORMED = "malformed: "
"""The beginning of the error of an update that does not fit the Bot API; the rest says in which way."""


class Received(NamedTuple):
    """An update as it came: its JSON text, and the chat and id of the message in it, if any."""

    update_id: int
    body: str
    chat_id: int | None = None
    message_id: int | None = None


class MalformedUpdate(NamedTuple):
    """A malformed update: a substitute id (below 0), the text that came, and the reason why it is not handled."""

    update_id: int
    body: str
    error: str


async def put(tx: Connection, updates: Sequence[Received], *, now: int, lease_until: int = 0) -> set[int]:
    """Store updates; return the ids of the new ones (Telegram repeats an update until it is confirmed).

    The calling process has a lease on them until `lease_until`.
    """
    if not updates:
        return set()
    rows = [received._asdict() | {"received_at": now, "lease_until": lease_until} for received in updates]
    statement = insert(tx, inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
    return set((await tx.execute(statement, rows)).scalars())


async def put_failed(tx: Connection, updates: Sequence[MalformedUpdate], *, now: int) -> int:
    """Store updates that are never handled; return how many of them were not there."""
    if not updates:
        return 0
    rows = [malformed_update._asdict() | {"received_at": now, "done_at": now} for malformed_update in updates]
    statement = insert(tx, inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
    return len((await tx.execute(statement, rows)).all())


async def count_malformed(connection: Connection, *, since: int) -> int:
    """Return how many updates received since that instant (ms) were none that can be handled."""
    query = select(func.count()).where(inbox.c.error.startswith(MALFORMED), inbox.c.received_at >= since)
    return int((await connection.execute(query)).scalar_one())


async def open_updates(connection: Connection) -> tuple[int, int | None]:
    """Return how many updates are not handled yet, and since when (ms) the oldest waits, None where none does."""
    query = select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None))
    count, oldest = (await connection.execute(query)).one()
    return count, oldest


async def renew_leases(tx: Connection, update_ids: Collection[int], *, lease_until: int) -> None:
    """Renew our leases on updates that wait or are being handled, until `lease_until`."""
    held = and_(inbox.c.update_id.in_(update_ids), inbox.c.done_at.is_(None))
    await tx.execute(update(inbox).where(held).values(lease_until=lease_until))


async def resume(tx: Connection, *, lease_until: int, expired_before: int | None = None) -> list[StoredUpdate]:
    """Claim the open updates on which no process has a lease any more, oldest first.

    Without `expired_before` every open one counts: for the start of the only process.
    """
    statement = (
        update(inbox)
        .where(_orphaned(expired_before))
        .values(lease_until=lease_until)
        .returning(inbox.c.update_id, inbox.c.body)
    )
    updates = [StoredUpdate(*row) for row in await tx.execute(statement)]
    return sorted(updates, key=lambda stored_update: stored_update.update_id)


async def count_attempt(tx: Connection, update_id: int) -> None:
    """Count that a resumed update is being handled: should the process end, it may have ended by that."""
    values = {"attempts": inbox.c.attempts + 1}
    await tx.execute(update(inbox).where(inbox.c.update_id == update_id).values(values))


async def discount_attempts(tx: Connection, update_ids: Collection[int]) -> None:
    """Undo `count_attempt`: the updates wait for something that they did not cause."""
    counted = and_(inbox.c.update_id.in_(update_ids), inbox.c.attempts > 0, inbox.c.done_at.is_(None))
    await tx.execute(update(inbox).where(counted).values(attempts=inbox.c.attempts - 1))


async def give_up(tx: Connection, resumed: int, *, now: int, expired_before: int | None = None) -> int:
    """Close the updates that `resume` would claim and that were resumed `resumed` times; return how many."""
    hopeless = update(inbox).where(_orphaned(expired_before), inbox.c.attempts >= resumed)
    return (await tx.execute(hopeless.values(done_at=now, error="given up"))).rowcount


async def finish(tx: Connection, errors: Mapping[int, str], *, now: int) -> None:
    """Mark updates as handled, each with the reason where it was given up, "" for none."""
    rows = [{"finished_id": update_id, "new_error": error, "now": now} for update_id, error in errors.items()]
    await tx.write_many(_FINISH, rows)


async def taken_ids(connection: Connection, chat_id: int, above: int) -> set[int]:
    """Return the message ids above `above` that updates showed to be taken by others in the chat."""
    query = select(inbox.c.message_id).where(inbox.c.chat_id == chat_id, inbox.c.message_id > above)
    return {row.message_id for row in await connection.execute(query)}


async def replace_text(tx: Connection, chat_id: int, message_id: int, text: str) -> None:
    """Replace a message's text or caption with `text` in every stored update that holds the message."""
    of_message = and_(inbox.c.chat_id == chat_id, inbox.c.message_id == message_id)
    for row in (await tx.execute(select(inbox.c.update_id, inbox.c.body).where(of_message))).all():
        body = json.loads(row.body)
        for message in (value for value in body.values() if isinstance(value, dict)):
            for name in {"text", "caption"} & message.keys():
                message[name] = text
            for name in ("entities", "caption_entities", "link_preview_options"):
                message.pop(name, None)
        values = {"body": json.dumps(body, ensure_ascii=False)}
        await tx.execute(update(inbox).where(inbox.c.update_id == row.update_id).values(values))


async def texts_of(connection: Connection, chat_id: int, message_id: int) -> set[str]:
    """Return the texts and captions that a message has in the stored updates: one for each edit that came."""
    query = select(inbox.c.body).where(inbox.c.chat_id == chat_id, inbox.c.message_id == message_id)
    bodies = [json.loads(body) for body in (await connection.execute(query)).scalars()]
    messages = [part for body in bodies for part in body.values() if isinstance(part, dict)]
    return {message[name] for message in messages for name in ("text", "caption") if name in message}


async def prune(tx: Connection, older_than: int, *, limit: int) -> int:
    """Delete up to `limit` handled updates received before `older_than`; return how many."""
    done = and_(inbox.c.done_at.is_not(None), inbox.c.received_at < older_than)
    old = select(inbox.c.update_id).where(done).limit(limit)
    return (await tx.execute(inbox.delete().where(inbox.c.update_id.in_(old)))).rowcount


def _orphaned(expired_before: int | None) -> ColumnElement[bool]:
    is_open = inbox.c.done_at.is_(None)
    return is_open if expired_before is None else and_(is_open, inbox.c.lease_until < expired_before)


_FINISH = PreparedStatement(
    update(inbox)
    .where(inbox.c.update_id == bindparam("finished_id"))
    .values(done_at=bindparam("now"), error=bindparam("new_error"))
)
