"""The queue of each chat: what waits behind its first row costs nothing."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from storage import amendments, outbox
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import ChatKind
from tests.storage.test_outbox import NOW, fan_out, follow, publish

Look = Callable[[Connection], Awaitable[Any]]

_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda connection: outbox.ready_for(connection, [-100, -101], NOW), "ix_delivery_queue"),
        (lambda connection: outbox.ready_chats(connection, limit=9), "ix_delivery_queue"),
        (lambda connection: amendments.due_for(connection, [-100, -101], NOW), "ix_amendment_queue"),
    ],
)
async def test_the_first_row_is_found_by_an_index(
    database: Database, kind: str, look: Look, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[str] = []

    async with database.read() as connection:
        if kind == "postgresql":
            # With no row any plan is as good; what is asked is which there can be.
            for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
                await connection.execute(text(f"SET LOCAL {setting} = off"))
        fetch = connection._fetch

        async def explained(sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
            plans.append("\n".join(str(row[-1]) for row in await fetch(_EXPLAIN[kind] + sql, values)))
            return await fetch(sql, values)

        monkeypatch.setattr(connection, "_fetch", explained)
        await look(connection)
    (plan,) = plans
    assert index in plan
    # Rows that were found are sorted; the queue itself is walked in its order.
    assert plan.count("TEMP B-TREE") <= 1, plan


async def test_each_chat_gives_its_first_and_only_where_it_may_be_written_to(database: Database) -> None:
    for chat_id in (-100, -101):
        await follow(database, chat_id, ChatKind.CHANNEL)
    for _ in range(3):
        await publish(database)
    await fan_out(database)
    async with database.write() as tx:
        await tx.execute(text("UPDATE chat SET wait_until = :later WHERE id = -101"), {"later": NOW + 1})
    async with database.read() as connection:
        (first,) = await outbox.ready_for(connection, [-100, -101, -102], NOW)
        both = await outbox.ready_for(connection, [-100, -101, -102], NOW + 1)
        queues = await outbox.ready_chats(connection, limit=9)
        assert await outbox.ready_chats(connection, limit=1) == [-101]
        everything = await outbox.ready_after(connection, None, NOW + 1, limit=9)
    assert len(everything) == 6
    assert queues == [-101, -100]
    firsts = {delivery.chat_id: delivery for delivery in reversed(everything)}
    assert first == firsts[-100]
    assert both == sorted(firsts.values(), key=lambda delivery: delivery.key)
