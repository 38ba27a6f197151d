"""Upgrades while processes of the version before still run: a migration adds, or declares that it takes away."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

from storage.engine import migrate as migrations
from storage.engine.database import Database
from storage.engine.instance_lock import instance_lock
from storage.engine.migrate import HEAD, contracting_after
from storage.errors import UnusableError
from tests import postgres

_LAST_RELEASED = "0013"
"""The schema of the last version whose migrations did not follow the rule."""

_SCRIPTS = Path(migrations.__file__).parents[1] / "migrations"
_READS_OR_FILLS = re.compile(r"(SELECT|INSERT|UPDATE|WITH)\b", re.IGNORECASE)
_NEW_TABLE = re.compile(r"CREATE TABLE (\w+)", re.IGNORECASE)
_NEW_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX \w+ ON (\w+)", re.IGNORECASE)
_OLD_INDEX = re.compile(r"DROP INDEX (\w+)", re.IGNORECASE)
_NEW_COLUMN = re.compile(r"ALTER TABLE \w+ ADD COLUMN (.*)", re.IGNORECASE | re.DOTALL)
_STORAGE = re.compile(r"ALTER TABLE \w+ SET \(", re.IGNORECASE)


def takes_away(statement: str, made: set[str], plain: AbstractSet[str]) -> bool:
    """Return whether a statement may stop processes that do not know of it.

    `made` are its migration's tables. `plain` are the indexes that are not unique: without one a process is slower.
    """
    statement = statement.strip()
    if _READS_OR_FILLS.match(statement) or _STORAGE.match(statement):
        return False
    if table := _NEW_TABLE.match(statement):
        made.add(table[1])
        return False
    if index := _NEW_INDEX.match(statement):
        return bool(index[1]) and index[2] not in made
    if index := _OLD_INDEX.match(statement):
        return index[1] not in plain
    if column := _NEW_COLUMN.match(statement):
        return "NOT NULL" in column[1] and "DEFAULT" not in column[1]
    return True


@pytest.mark.parametrize(
    ("statement", "away"),
    [
        ("CREATE TABLE a (id BIGINT NOT NULL)", False),
        ("CREATE UNIQUE INDEX uq_a ON a (id)", False),
        ("CREATE UNIQUE INDEX uq_chat ON chat (title)", True),
        ("CREATE INDEX ix_chat ON chat (title)", False),
        ("ALTER TABLE chat ADD COLUMN a INTEGER", False),
        ("ALTER TABLE chat ADD COLUMN a INTEGER DEFAULT '0' NOT NULL", False),
        ("ALTER TABLE chat ADD COLUMN a INTEGER NOT NULL", True),
        ("ALTER TABLE chat DROP COLUMN title", True),
        ("ALTER TABLE chat ALTER COLUMN title SET NOT NULL", True),
        ("ALTER TABLE chat RENAME COLUMN title TO name", True),
        ("ALTER TABLE chat ADD CONSTRAINT c CHECK (id > 0)", True),
        ("DROP INDEX ix_chat", False),
        ("DROP INDEX uq_chat", True),
        ("DROP TABLE chat", True),
        ("DELETE FROM chat", True),
    ],
)
def test_the_rule(statement: str, away: bool) -> None:
    assert takes_away(statement, {"a"}, {"ix_chat"}) is away


@asynccontextmanager
async def _released(socket: str) -> AsyncIterator[Database]:
    """An open database with the schema of the last version before the rule."""
    async with postgres.database(socket, template=postgres.EMPTY) as url:
        database = Database(url)
        await database.open()
        try:
            async with database.write() as tx:
                await tx.run(_upgrade, _LAST_RELEASED)
            yield database
        finally:
            await database.close()


def _upgrade(connection: sqlalchemy.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _upgraded_one_by_one(connection: sqlalchemy.Connection) -> dict[str, list[str]]:
    """Bring the database to HEAD and return the statements of each migration that the rule is for."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    revision = ""

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said[revision].append(statement)

    event.listen(connection.engine, "before_cursor_execute", hear)
    steps = ScriptDirectory(str(_SCRIPTS)).iterate_revisions(HEAD, _LAST_RELEASED)
    for revision in reversed([one.revision for one in steps]):
        _upgrade(connection, revision)
    return said


async def test_every_migration_only_adds_or_says_that_it_does_not(postgres_socket: str) -> None:
    async with _released(postgres_socket) as database, database.write() as tx:
        indexes = await tx.execute(text("SELECT indexname, indexdef FROM pg_indexes"))
        plain = {row.indexname for row in indexes if " UNIQUE " not in row.indexdef}
        said = await tx.run(_upgraded_one_by_one)
    assert HEAD in said
    away = set()
    for revision, statements in said.items():
        made: set[str] = set()
        away |= {revision for one in statements if takes_away(one, made, plain)}
    assert away <= set(contracting_after(_LAST_RELEASED)), "declare contract = True, and say so in the upgrade note"


async def test_what_takes_away_waits_until_no_process_runs(
    postgres_socket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "contracting_after", lambda _before: [HEAD])
    async with _released(postgres_socket) as database:
        async with instance_lock(database, alone=False):
            with pytest.raises(UnusableError, match="stop every process, then start"):
                await migrations.migrate(database)
        assert await migrations.migrate(database)
