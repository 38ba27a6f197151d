"""A move from any database to any other leaves nothing out."""

import pytest
from sqlalchemy import func, select

from persian.query import parse_query
from persian.schedule import INSTANT
from storage import articles, audit, chats, fanouts, key_value, saved, search, subscriptions
from storage.audit_details import AuditAction
from storage.bootstrap import opened
from storage.database_copy import DifferentError, NotEmptyError, Progress, copy
from storage.engine.database import Database
from storage.errors import UnusableError
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
        assert told["verified"] == sum(map(len, (await everything(database)).values()))
        assert (told["audit"], told["article"], told["search"]) == (2100, 3, 2)
        async with target.write() as tx:
            hits = await search.find(tx, parse_query("نفت"), limit=5)
            assert [article.id for article in await articles.by_ordinals(tx, hits)] == [1]
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


class StoppedError(Exception):
    """The copy was interrupted."""


def until(part: str, least: int) -> Progress:
    """Interrupt a copy as soon as so much of a part is done."""

    def tell(name: str, done: int, _total: int) -> None:
        if name == part and done >= least:
            raise StoppedError

    return tell


@pytest.mark.parametrize("part", ["audit", "search"])
@pytest.mark.parametrize("to", KINDS)
async def test_a_copy_that_was_interrupted_goes_on_where_it_was(
    database: Database, addresses: Addresses, to: str, part: str
) -> None:
    await fill(database)
    async with addresses(to) as url:
        async with opened(url) as target:
            with pytest.raises(StoppedError):
                await copy(database, target, until(part, 1))
        with pytest.raises(UnusableError, match="not complete"):
            async with opened(url):
                pass
        told: list[tuple[str, int]] = []
        async with opened(url, incomplete=True) as target:
            await copy(database, target, lambda name, done, _total: told.append((name, done)))
        assert ("audit", 0) not in told
        async with opened(url) as target:
            assert await everything(target) == await everything(database)
            async with target.write() as tx:
                await audit.record(tx, 7, AuditAction.EDIT, now=NOW)


@pytest.mark.parametrize("to", KINDS)
async def test_a_source_that_was_written_during_an_interruption_is_noticed(
    database: Database, addresses: Addresses, to: str
) -> None:
    await fill(database)
    async with addresses(to) as url, opened(url) as target:
        with pytest.raises(StoppedError):
            await copy(database, target, until("saved", 1))
        async with database.write() as tx:
            await chats.change(tx, -5, title="نام تازه")
        with pytest.raises(DifferentError, match="table chat has 1 rows that are not the 1 of the source"):
            await copy(database, target, lambda *_: None)
