"""The sends of the last minute, so that processes on one database know when others wrote to a chat."""

from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, String, bindparam, select

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list
from storage.engine.prepared import PreparedStatement
from storage.schema import recent_send


async def record(tx: Connection, process: str, sends: Iterable[tuple[int, int]]) -> None:
    """Record sends that a process begins: pairs of (chat id, instant in ms)."""
    rows = [{"new_process": process, "new_chat_id": chat_id, "new_sent_at": at} for chat_id, at in sends]
    await tx.write_many(_RECORD, rows)


async def of_others(
    connection: Connection, process: str, chat_ids: Sequence[int], *, since: int
) -> dict[int, list[int]]:
    """Return by chat the instants (ms, not before `since`) of the sends of every process but this one."""
    rows = await connection.fetch(_OF_OTHERS, process=process, chat_ids=json_list(chat_ids), since=since)
    instants: dict[int, list[int]] = {}
    for row in rows:
        instants.setdefault(row.chat_id, []).append(row.sent_at)
    return instants


async def forget(tx: Connection, *, before: int) -> None:
    """Delete the sends before that instant (ms)."""
    await tx.execute(recent_send.delete().where(recent_send.c.sent_at < before))


_OF_OTHERS = PreparedStatement(
    {
        kind: select(recent_send.c.chat_id, recent_send.c.sent_at).where(
            among(kind, recent_send.c.chat_id, "chat_ids"),
            recent_send.c.sent_at >= bindparam("since", type_=BigInteger),
            recent_send.c.process != bindparam("process", type_=String),
        )
        for kind in INSERTS
    }
)
_RECORD = PreparedStatement(
    recent_send.insert().values(
        process=bindparam("new_process", type_=String),
        chat_id=bindparam("new_chat_id", type_=BigInteger),
        sent_at=bindparam("new_sent_at", type_=BigInteger),
    )
)
