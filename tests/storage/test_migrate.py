"""Migrations: the same schema as a fresh one, once, by themselves."""

import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

import storage.search  # noqa: F401 - it adds its index to the schema
from storage.database import Database
from storage.migrate import HEAD, SchemaTooNewError, migrate
from storage.schema import metadata


async def schema_of(database: Database) -> dict[str, str]:
    async with database.read() as connection:
        rows = await connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {
            row.name: re.sub(r'[\s"]+', "", row.sql).lower()
            for row in rows
            if row.name != "alembic_version" and not row.name.startswith("sqlite_")
        }


async def test_a_migrated_database_equals_a_fresh_one(tmp_path: Path) -> None:
    migrated, fresh = (Database(f"sqlite:///{tmp_path / name}") for name in ("migrated.db", "fresh.db"))
    for database in (migrated, fresh):
        await database.open()
    try:
        await migrate(migrated)
        async with fresh.write() as tx:
            await tx.run_sync(metadata.create_all)
        left, right = await schema_of(migrated), await schema_of(fresh)
        assert left.keys() == right.keys()
        for name, sql in right.items():
            assert sorted(re.split(r"[,()]", left[name])) == sorted(re.split(r"[,()]", sql)), name
    finally:
        await migrated.close()
        await fresh.close()


async def test_a_second_start_has_nothing_to_do(database: Database) -> None:
    assert await migrate(database) is False


async def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match="newer"):
        await migrate(database)


def test_head_is_the_newest_script() -> None:
    scripts = ScriptDirectory(str(Path(__file__).parents[2] / "storage" / "migrations"))
    assert scripts.get_current_head() == HEAD
