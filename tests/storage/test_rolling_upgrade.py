"""Upgrades while processes of the version before still run: a migration adds, or declares that it takes away."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

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
_READS_OR_FILLS = re.compile(r"(SELECT|INSERT|UPDATE|WITH(?!.*\bDELETE))\b", re.IGNORECASE | re.DOTALL)
_NEW_TABLE = re.compile(r"CREATE TABLE (\w+)", re.IGNORECASE)
_NEW_INDEX = re.compile(
    r"CREATE (?P<unique>UNIQUE )?INDEX (?P<name>\w+) ON (?:public\.)?(?P<table>\w+)(?: USING \w+)?"
    r" \((?P<columns>.*?)\)(?P<condition> WHERE .*)?$",
    re.IGNORECASE | re.DOTALL,
)
_OLD_INDEX = re.compile(r"DROP INDEX (\w+)", re.IGNORECASE)
_NEW_COLUMN = re.compile(r"ALTER TABLE \w+ ADD COLUMN (.*)", re.IGNORECASE | re.DOTALL)
_STORAGE = re.compile(r"ALTER TABLE \w+ SET \(", re.IGNORECASE)


class _Index(NamedTuple):
    """An index that is not unique: of all rows of its table, or only of those that meet a condition."""

    table: str
    columns: tuple[str, ...]
    of_all_rows: bool

    def serves_instead_of(self, other: "_Index") -> bool:
        """Return whether it finds whatever the other one finds, as fast: it begins with the same columns."""
        begins_alike = self.columns[: len(other.columns)] == other.columns
        return self.table == other.table and begins_alike and self.of_all_rows


def _plain_index(match: re.Match[str]) -> dict[str, _Index]:
    """Return an index by its name; nothing for a unique one, which is a promise and no mere help."""
    if match["unique"]:
        return {}
    columns = tuple(column.strip() for column in match["columns"].split(","))
    return {match["name"]: _Index(match["table"], columns, not match["condition"])}


def takes_away(statement: str, made: set[str], plain: dict[str, _Index]) -> bool:
    """Return whether a statement may stop, or badly slow down, processes that do not know of it.

    `made` are its migration's tables, `plain` the indexes that are not unique by then. One of these may go where
    another one serves instead.
    """
    statement = statement.strip()
    if _READS_OR_FILLS.match(statement) or _STORAGE.match(statement):
        return False
    if table := _NEW_TABLE.match(statement):
        made.add(table[1])
        return False
    if index := _NEW_INDEX.match(statement):
        plain.update(_plain_index(index))
        return bool(index["unique"]) and index["table"] not in made
    if index := _OLD_INDEX.match(statement):
        gone = plain.pop(index[1], None)
        return gone is None or not any(other.serves_instead_of(gone) for other in plain.values())
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
        ("CREATE INDEX ix_chat ON chat (title) WHERE rank = 1", False),
        ("DROP INDEX ix_chat_kind", False),
        ("DROP INDEX ix_chat_title", True),
        ("DROP INDEX ix_chat_kind_title", True),
        ("DROP INDEX uq_chat", True),
        ("DROP TABLE chat", True),
        ("DELETE FROM chat", True),
        ("WITH old AS (SELECT id FROM chat) DELETE FROM chat", True),
    ],
)
def test_the_rule(statement: str, away: bool) -> None:
    plain = {
        "ix_chat_kind": _Index("chat", ("kind",), of_all_rows=True),
        "ix_chat_kind_title": _Index("chat", ("kind", "title"), of_all_rows=True),
        "ix_chat_title": _Index("chat", ("title",), of_all_rows=True),
        "ix_chat_title_of_some": _Index("chat", ("title", "kind"), of_all_rows=False),
        "ix_topic_title": _Index("topic", ("title",), of_all_rows=True),
    }
    assert takes_away(statement, {"a"}, plain) is away


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
    statements: defaultdict[str, list[str]] = defaultdict(list)
    revision = ""

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements[revision].append(statement)

    event.listen(connection.engine, "before_cursor_execute", record)
    scripts = ScriptDirectory(str(_SCRIPTS)).iterate_revisions(HEAD, _LAST_RELEASED)
    for revision in reversed([script.revision for script in scripts]):
        _upgrade(connection, revision)
    return statements


async def test_every_migration_only_adds_or_says_that_it_does_not(postgres_socket: str) -> None:
    async with _released(postgres_socket) as database, database.write() as tx:
        definitions = (
            await tx.execute(text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        ).scalars()
        plain: dict[str, _Index] = {}
        for definition in definitions:
            if index := _NEW_INDEX.match(definition):
                plain |= _plain_index(index)
        by_revision = await tx.run(_upgraded_one_by_one)
    assert HEAD in by_revision
    assert "ix_amendment_chat_id" in plain, "the indexes of before are read"
    away = set()
    for revision, statements in by_revision.items():
        made: set[str] = set()
        away |= {revision for statement in statements if takes_away(statement, made, plain)}
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
