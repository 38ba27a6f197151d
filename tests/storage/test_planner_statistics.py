"""The statistics of PostgreSQL, while a library is being built."""

import asyncio

from sqlalchemy import insert, text

from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.planner_statistics import LEAST_CHANGED, count_anew
from storage.schema import setting


async def _fill(database: Database, rows: range) -> None:
    async with database.write() as tx:
        await tx.execute(insert(setting), [{"key": f"k{row}", "value": ""} for row in rows])


async def _counted(database: Database) -> int:
    """Return how many rows the planner expects of the table, -1 where it was never counted."""
    async with database.read() as connection:
        rows = await connection.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'setting'"))
        return int(rows.scalar_one())


async def test_a_table_that_has_grown_is_counted_soon_and_once(postgresql: str) -> None:
    async with opened(postgresql) as database:
        await _fill(database, range(LEAST_CHANGED))
        tables: list[str] = []
        async with asyncio.timeout(30):
            while not tables:  # the server tells of changes a moment after they are made
                tables = await count_anew(database)
        assert tables == ["setting"]
        assert await _counted(database) >= LEAST_CHANGED
        await _fill(database, range(LEAST_CHANGED, LEAST_CHANGED + 10))
        assert await count_anew(database) == []


async def test_answers_keep_their_plans_on_a_large_library_alone(postgresql: str) -> None:
    async def modes() -> tuple[str, str, str]:
        async with (
            opened(postgresql) as database,
            database.read() as reads,
            database.search() as searches,
            database.write() as writes,
        ):
            return await _plan_mode(reads), await _plan_mode(searches), await _plan_mode(writes)

    assert await modes() == ("force_custom_plan",) * 3
    async with opened(postgresql) as database, database.write() as tx:
        await tx.execute(text("UPDATE pg_class SET reltuples = 20000 WHERE oid = 'article'::regclass"))
    assert await modes() == ("auto", "force_custom_plan", "force_custom_plan")


async def _plan_mode(connection: Connection) -> str:
    return str((await connection.execute(text("SHOW plan_cache_mode"))).scalar_one())


async def test_sqlite_needs_none(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        await _fill(database, range(LEAST_CHANGED))
        assert await count_anew(database) == []


async def test_the_largest_tables_are_cleared_away_early(postgresql: str) -> None:
    async with opened(postgresql) as database, database.read() as connection:
        rows = await connection.execute(
            text("SELECT relname FROM pg_class WHERE 'autovacuum_vacuum_scale_factor=0.01' = ANY (reloptions)")
        )
        assert {row.relname for row in rows} == {"delivery", "message", "message_article", "inbox"}
