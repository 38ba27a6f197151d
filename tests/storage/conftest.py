"""A real database for every test, brought into being as at a start of the desk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import categories
from storage.database import Database
from storage.migrate import migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'peyk.db'}")
    await database.open()
    await migrate(database)
    async with database.write() as tx:
        await categories.seed(tx)
    yield database
    await database.close()
