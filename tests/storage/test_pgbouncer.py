"""A real PgBouncer before PostgreSQL, in each of its modes."""

import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from storage.bootstrap import opened
from storage.errors import UnusableError
from tests import real_programs
from tests.unit.web.conftest import free_port

Pooler = Callable[[str], AbstractAsyncContextManager[str]]


@pytest.fixture
def pgbouncer(postgresql: str, tmp_path: Path) -> Pooler:
    """Start PgBouncer in a mode before a new database, and yield the address that it serves."""
    program = real_programs.path_of("pgbouncer")
    before, _, socket = postgresql.partition("?host=")
    name = before.rpartition("/")[2]

    @asynccontextmanager
    async def start(mode: str) -> AsyncIterator[str]:
        port = free_port()
        (tmp_path / "users.txt").write_text('"postgres" ""\n', encoding="utf-8")
        config = tmp_path / "pgbouncer.ini"
        config.write_text(
            f"""
[databases]
{name} = host={socket} dbname={name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {tmp_path / "users.txt"}
pool_mode = {mode}
default_pool_size = 23
""",
            encoding="utf-8",
        )
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(folder.stat().st_mode | 0o055)
        user = "nobody" if os.getuid() == 0 else None  # it refuses the superuser
        process = subprocess.Popen([program, config], user=user, stderr=(tmp_path / "log").open("wb"))
        url = f"postgresql://postgres@127.0.0.1:{port}/{name}"
        try:
            await _connected(url, process, tmp_path / "log")
            yield url
        finally:
            process.terminate()
            process.wait(20)

    return start


async def _connected(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the pooler serves."""
    while True:
        try:
            await (await asyncpg.connect(url, statement_cache_size=0)).close()
        except OSError:
            assert process.poll() is None, log.read_text()
        else:
            return


async def test_pgbouncer_that_gives_each_connection_a_session_serves(pgbouncer: Pooler) -> None:
    async with pgbouncer("session") as url, opened(url) as database:
        async with database.read() as connection:
            assert (await connection.execute(text("SHOW transaction_read_only"))).scalar_one() == "on"
        async with database.write() as tx:
            assert (await tx.execute(text("SELECT count(*) FROM category"))).scalar_one() > 0


@pytest.mark.parametrize("mode", ["transaction", "statement"])
async def test_pgbouncer_that_shares_sessions_is_refused_with_what_to_do(pgbouncer: Pooler, mode: str) -> None:
    async with pgbouncer(mode) as url:
        with pytest.raises(UnusableError, match="set its pool_mode to session"):
            async with opened(url):
                pass
