"""A move from any database to any other leaves nothing out."""

import pytest
from sqlalchemy import func, select

from persian.query import parse_query
from persian.schedule import INSTANT
from storage import articles, audit, chats, fanouts, key_value, saved, search, subscriptions
from storage.audit_details import AuditAction
from storage.database_copy import NotEmptyError, copy
from storage.engine.bootstrap import opened
from storage.engine.database import Database
from storage.records import ChatKind, Content, FanOutKind
from storage.schema import metadata
from tests.storage.conftest import KINDS, Addresses

NOW = 1_766_576_760_000


async def fill(database: Database) -> None:
    async with database.write() as tx:
        for number in range(2100):
            await audit.record(tx, 7, AuditAction.PUBLISH, now=NOW + number)
        for title in ("نفت ایران", "بازار"):
            made = await articles.insert(tx, Content(title), category_id=1, now=NOW, published_at=NOW)
            await articles.release(tx, made, published_at=NOW, now=NOW)
        await articles.insert(tx, Content("نفت در پیش‌نویس"), category_id=2, now=NOW, published_at=NOW)
        await chats.ensure(tx, -5, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        await subscriptions.subscribe(tx, -5, None, now=NOW)
        await fanouts.begin(tx, 1, FanOutKind.HEADLINE, now=NOW)
        await saved.add(tx, 3, 1, now=NOW)
        await key_value.store(tx, "paused", "1")


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    async with database.read() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("to", KINDS)
async def test_everything_moves_and_counting_goes_on(database: Database, addresses: Addresses, to: str) -> None:
    await fill(database)
    told: dict[str, int] = {}
    async with addresses(to) as url, opened(url) as target:
        await copy(database, target, lambda part, done, _total: told.update({part: done}))
        assert await everything(target) == await everything(database)
        assert (told["audit"], told["article"], told["search"]) == (2100, 3, 2)
        async with target.write() as tx:
            hits = await search.find(tx, parse_query("نفت"), limit=5)
            assert [one.id for one in await articles.by_ordinals(tx, hits)] == [1]
            await audit.record(tx, 7, AuditAction.EDIT, now=NOW)
            assert (await tx.execute(select(func.count()).select_from(metadata.tables["audit"]))).scalar() == 2101
            assert await articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW) == 4


@pytest.mark.parametrize("to", KINDS)
async def test_what_is_in_use_is_never_written_over(database: Database, addresses: Addresses, to: str) -> None:
    await fill(database)
    async with addresses(to) as url, opened(url) as target:
        async with target.write() as tx:
            await key_value.store(tx, "k", "v")
        before = await everything(target)
        with pytest.raises(NotEmptyError, match="setting"):
            await copy(database, target, lambda *_: None)
        assert await everything(target) == before
