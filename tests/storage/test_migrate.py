"""Migrations: the same schema as a fresh one, once, by themselves, in turns."""

import asyncio
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from persian.query import parse_query
from storage import search, staff
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.engine.migrate import HEAD, SchemaTooNewError, migrate
from storage.schema import metadata
from tests.storage.conftest import Addresses

_SCRIPTS = Path(__file__).parents[2] / "storage" / "migrations"
_SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
_POSTGRESQL = """
    SELECT table_name || '.' || column_name AS name,
           concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default) AS sql
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
"""


async def schema_of(database: Database) -> dict[str, list[str]]:
    """Return what the database says that it is made of, each thing in words that no order or quote changes."""
    async with database.read() as connection:
        rows = await connection.execute(text(_POSTGRESQL if database.path is None else _SQLITE))
        return {
            row.name: sorted(re.split(r"[,()]", re.sub(r'[\s"]+', "", row.sql).lower()))
            for row in rows
            if "alembic_version" not in row.name
        }


async def test_a_migrated_database_equals_a_fresh_one(kind: str, addresses: Addresses) -> None:
    async with addresses(kind, empty=True) as one, addresses(kind, empty=True) as other:
        migrated, fresh = Database(one), Database(other)
        for database in (migrated, fresh):
            await database.open()
        try:
            await migrate(migrated)
            async with fresh.write() as tx:
                await tx.run(metadata.create_all)
            left, right = await schema_of(migrated), await schema_of(fresh)
            assert left.keys() == right.keys()
            for name, made in right.items():
                assert left[name] == made, name
        finally:
            await migrated.close()
            await fresh.close()


async def test_two_that_start_at_once_take_turns(kind: str, addresses: Addresses) -> None:
    async def start(url: str) -> bool:
        database = Database(url)
        await database.open()
        try:
            return await migrate(database)
        finally:
            await database.close()

    async with addresses(kind, empty=True) as url:
        assert sorted(await asyncio.gather(*(start(url) for _ in range(3)))) == [False, False, True]


async def test_a_migration_that_breaks_leaves_nothing_behind(kind: str, addresses: Addresses) -> None:
    async with addresses(kind, empty=True) as url:
        database = Database(url)
        await database.open()
        try:
            async with database.write() as tx:
                await tx.execute(text("CREATE TABLE setting (clash INTEGER)"))
            with pytest.raises(Exception, match="setting"):
                await migrate(database)
            assert {name.partition(".")[0] for name in await schema_of(database)} == {"setting"}
        finally:
            await database.close()


def upgrade_to(connection: Connection, revision: str) -> None:
    """Bring an empty database to the schema of before that a revision names."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_owners_whom_nobody_added_are_the_configurations(kind: str, addresses: Addresses) -> None:
    async with addresses(kind, empty=True) as url:
        database = Database(url)
        await database.open()
        try:
            async with database.write() as tx:
                await tx.run(upgrade_to, "0005")
                people = "(1, 'owner', NULL, 0), (2, 'owner', 1, 0), (3, 'editor', NULL, 0)"
                await tx.execute(text(f"INSERT INTO staff (user_id, role, added_by, added_at) VALUES {people}"))
            await migrate(database)
            async with database.read() as connection:
                assert [member.user_id for member in await staff.all_(connection) if member.configured] == [1]
        finally:
            await database.close()


async def test_what_was_published_before_is_found_by_its_category(kind: str, addresses: Addresses) -> None:
    async with addresses(kind, empty=True) as url:
        database = Database(url)
        await database.open()
        try:
            async with database.write() as tx:
                await tx.run(upgrade_to, "0001")
                await tx.execute(text("INSERT INTO category VALUES (1, 'a', 'a', 'a'), (7, 'b', 'b', 'b')"))
                for number, section in ((1, 1), (2, 7)):
                    await tx.execute(
                        text(
                            "INSERT INTO article (id, state, category_id, revision, language, published_at, "
                            "ordinal, created_at, updated_at) VALUES (:n, 'published', :c, 1, 'fa', :n, :n, 0, 0)"
                        ),
                        {"n": number, "c": section},
                    )
                    await tx.execute(
                        text(
                            "INSERT INTO article_search (rowid, words, joined) VALUES (:n, 'نفت ایران', 'نفتایران')"
                            if kind == "sqlite"
                            else "INSERT INTO article_search (ordinal, document) "
                            "VALUES (:n, CAST('نفت:1A ایران:2A نفتایران:1B' AS tsvector))"
                        ),
                        {"n": number},
                    )
            await migrate(database)
            async with database.read() as connection:
                for words, within, numbers in (
                    ("نفت", search.Within(7), [2]),
                    ("نفت", search.Within(1), [1]),
                    ("نفتایران", search.EVERYWHERE, [2, 1]),
                    ('"نفت ایران"', search.Within(7), [2]),
                    ("-ایران دسته:b", search.Within(7), []),
                    ("-طلا دسته:b", search.Within(7), [2]),
                ):
                    query = parse_query(words)
                    assert await search.find(connection, query, within, limit=9) == numbers, words
        finally:
            await database.close()


async def test_who_scheduled_an_article_is_taken_from_the_audit(kind: str, addresses: Addresses) -> None:
    async with addresses(kind, empty=True) as url:
        database = Database(url)
        await database.open()
        try:
            async with database.write() as tx:
                await tx.run(upgrade_to, "0008")
                await tx.execute(text("INSERT INTO category VALUES (1, 'a', 'a', 'a')"))
                # 1 waits for the time that a second person set, 2 was cancelled, 3 has no entry in the audit.
                for number, at in ((1, 99), (2, None), (3, 99)):
                    await tx.execute(
                        text(
                            "INSERT INTO article (id, state, category_id, revision, language, published_at, "
                            "scheduled_at, created_at, updated_at) VALUES (:n, 'x', 1, 1, 'fa', 0, :at, 0, 0)"
                        ),
                        {"n": number, "at": at},
                    )
                acts = ((5, "schedule", 1), (6, "schedule", 1), (7, "edit", 1), (5, "schedule", 2))
                for actor, action, number in acts:
                    await tx.execute(
                        text("INSERT INTO audit (at, actor_id, action, article_id) VALUES (0, :actor, :act, :n)"),
                        {"actor": actor, "act": action, "n": number},
                    )
            await migrate(database)
            async with database.read() as connection:
                rows = await connection.execute(text("SELECT id, scheduled_by FROM article ORDER BY id"))
                assert [tuple(row) for row in rows] == [(1, 6), (2, None), (3, None)]
        finally:
            await database.close()


async def test_a_second_start_has_nothing_to_do(database: Database) -> None:
    assert await migrate(database) is False


async def test_a_database_of_a_newer_version_is_left_alone(address: str, database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match="newer"):
        async with opened(address):
            pass


def test_head_is_the_newest_script() -> None:
    scripts = ScriptDirectory(str(_SCRIPTS))
    assert scripts.get_current_head() == HEAD
