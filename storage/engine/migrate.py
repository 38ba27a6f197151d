"""Migrations, which run at every start of the app and of a command."""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy
import structlog
from sqlalchemy import inspect, text

from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.dialect import INSTANCE_LOCK, MIGRATION_LOCK, advisory_lock
from storage.errors import UnusableError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0027"
"""The newest migration; a test holds it against the scripts."""

_SCRIPTS = Path(__file__).parents[1] / "migrations"

_log = structlog.get_logger(__name__)


async def migrate(database: Database) -> bool:
    """Migrate the database to HEAD in one transaction; return whether anything had to be done.

    Two processes that start at once take turns. Raises SchemaTooNewError where a newer Peyk wrote it,
    UnusableError where a migration has to wait until no process of an earlier version runs.
    """
    async with database.read() as connection:
        if await connection.run(_version) == HEAD:
            return False
    async with database.write() as connection:
        await _acquire_lock(connection, database)
        return await connection.run(_upgrade)


async def _acquire_lock(connection: Connection, database: Database) -> None:
    """Wait until no other process migrates, however long that takes: a large table is not rewritten in seconds."""
    on_postgresql = database.path is None
    if on_postgresql:
        await connection.execute(text("SET LOCAL lock_timeout = 0"))
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
    await advisory_lock(connection, MIGRATION_LOCK)
    if on_postgresql:
        from storage.engine.on_postgresql import PATIENCE_MS

        await connection.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))


class SchemaTooNewError(Exception):
    """The database was written by a newer version of Peyk."""


def _version(connection: sqlalchemy.Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: sqlalchemy.Connection) -> bool:
    # Alembic is slow to import, and most starts do not need it.
    from alembic import command

    before = _version(connection)
    if before == HEAD:
        return False
    if before is not None and before > HEAD:
        raise SchemaTooNewError(f"the database has schema {before}, this Peyk knows {HEAD}: install a newer one")
    config = _config()
    config.attributes["connection"] = connection
    if before is not None and (contracting := contracting_after(before)):
        _require_no_process(connection, contracting)
    command.upgrade(config, "head")
    _log.info("migrated", before=before, now=HEAD)
    return True


def contracting_after(revision: str) -> list[str]:
    """Return the migrations behind `revision` that take away what processes of the version before still use.

    They declare `contract = True`. All others only add, so that those processes go on while a new one starts.
    """
    from alembic.script import ScriptDirectory

    behind = ScriptDirectory.from_config(_config()).iterate_revisions(HEAD, revision)
    return [script.revision for script in behind if getattr(script.module, "contract", False)]


def _require_no_process(connection: sqlalchemy.Connection, contracting: list[str]) -> None:
    """Prevent processes from starting until the transaction ends. Raises UnusableError where one runs."""
    if connection.dialect.name != "postgresql":
        return
    alone = sqlalchemy.select(sqlalchemy.func.pg_try_advisory_xact_lock(INSTANCE_LOCK))
    if not connection.execute(alone).scalar():
        raise UnusableError(
            f"schema {min(contracting)} cannot come while an earlier version runs: stop every process, then start"
        )


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config
