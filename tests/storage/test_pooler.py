"""A pooler before PostgreSQL: one that gives sessions serves, one that shares them is refused with what to do."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.bootstrap import opened
from storage.errors import UnusableError
from tests.shared_sessions import pooler

_SETTINGS = {
    "transaction_isolation": "repeatable read",
    "transaction_read_only": "on",
    "plan_cache_mode": "force_custom_plan",
    "lock_timeout": "10s",
}
"""Settings that every view of the database has."""


def _through(folder: Path, url: str) -> tuple[Path, str]:
    """Return the folder of a server's socket, and the database's address with `folder` in its place."""
    before, _, socket = url.partition("?host=")
    return Path(socket), f"{before}?host={folder}"


async def test_a_pooler_that_gives_each_connection_a_session_serves(postgresql: str, tmp_path: Path) -> None:
    socket, url = _through(tmp_path, postgresql)
    async with (
        pooler(socket, tmp_path, shared=False),
        opened(url) as database,
        database.read() as one,
        database.read() as other,
    ):
        for connection in (one, other):
            settings = [(await connection.execute(text(f"SHOW {name}"))).scalar_one() for name in _SETTINGS]
            assert settings == list(_SETTINGS.values())


async def test_a_pooler_that_shares_sessions_is_refused(postgresql: str, tmp_path: Path) -> None:
    socket, url = _through(tmp_path, postgresql)
    async with pooler(socket, tmp_path, shared=True):
        with pytest.raises(UnusableError, match="set its pool_mode to session") as refused:
            async with opened(url):
                pass
    assert len(str(refused.value).splitlines()) == 1


async def test_it_is_refused_too_while_others_use_its_sessions(postgresql: str, tmp_path: Path) -> None:
    socket, url = _through(tmp_path, postgresql)
    async with pooler(socket, tmp_path, shared=True):

        async def refused() -> bool:
            try:
                async with opened(url):
                    return False
            except UnusableError:
                return True

        assert all(await asyncio.gather(*(refused() for _ in range(5))))
