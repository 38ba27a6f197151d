"""The cache of compiled statements that all engines of a process share."""

from pathlib import Path

import pytest
from sqlalchemy import literal, select

from storage.bootstrap import opened
from storage.engine import statement_cache
from storage.engine.statement_cache import STATEMENTS, StatementCache


async def test_what_one_connection_has_compiled_serves_the_others_and_other_files(tmp_path: Path) -> None:
    statement = select(literal(1).label("written_for_this_test"))
    async with opened(f"sqlite:///{tmp_path}/one.db") as database:
        async with database.write() as tx:
            assert (await tx.execute(statement)).scalar_one() == 1
        compiled = len(STATEMENTS)
        async with database.read() as connection:
            assert (await connection.execute(statement)).scalar_one() == 1
        assert len(STATEMENTS) == compiled
    async with opened(f"sqlite:///{tmp_path}/two.db") as database, database.read() as connection:
        compiled = len(STATEMENTS)
        assert (await connection.execute(statement)).scalar_one() == 1
        assert len(STATEMENTS) == compiled


def test_the_cache_is_bounded_and_the_oldest_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_cache, "_MOST_STATEMENTS", 2)

    class Dialect:
        name, server_version_info = "sqlite", (3, 40)

    cache = StatementCache()
    for number in range(3):
        cache[Dialect(), number] = f"compiled {number}"
    assert [cache.get((Dialect(), number)) for number in range(3)] == [None, "compiled 1", "compiled 2"]
