"""The features that a server lacks are remembered, and the database tells nobody where the server is."""

import pytest
from sqlalchemy import select

from bot.telegram.server_support import RETRY_MS, Feature, StoredServerSupport
from storage import key_value
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.schema import setting

_SECRET = "k3Yf0rTheM1rror99"
_SERVER = f"https://mirror.example/{_SECRET}/telegram"


async def _rows(database: Database) -> list[tuple[str, str]]:
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(select(setting.c.key, setting.c.value))]


@pytest.mark.parametrize("feature", Feature)
async def test_a_lack_is_remembered_for_its_server_alone_and_names_it_nowhere(
    sqlite_url: str, feature: Feature
) -> None:
    now = 1_766_576_760_000
    async with opened(sqlite_url) as database:
        first = StoredServerSupport(database, lambda: now, _SERVER)
        await first.load()
        assert first.works(feature)
        await first.failed(feature)
        again, other = (StoredServerSupport(database, lambda: now, url) for url in (_SERVER, _SERVER + "2"))
        await again.load()
        await other.load()
        assert (again.works(feature), other.works(feature)) == (False, True)
        assert _SECRET not in str(await _rows(database))
        assert "mirror.example" not in str(await _rows(database))


async def test_addresses_that_earlier_versions_stored_are_removed_and_nothing_else(sqlite_url: str) -> None:
    now = 1_766_576_760_000
    async with opened(sqlite_url) as database:
        async with database.write() as tx:
            for feature in Feature:
                for server in (_SERVER, "http://old.example:8081/other-secret"):
                    await key_value.store(tx, f"{feature.value}:{server}", str(now + RETRY_MS))
            await key_value.store(tx, "no-rich-messages", "1")
        before = await _rows(database)
        await StoredServerSupport(database, lambda: now, _SERVER).load()
        after = await _rows(database)
        assert "example" not in str(after)
        assert after == [row for row in before if "example" not in row[0]]
