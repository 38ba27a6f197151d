"""The audit: read in pages and by article, and never changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from persian.schedule import INSTANT
from storage import articles, audit, chats, staff
from storage.audit_details import AuditAction, TextDetails
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import ChatKind, Content, Role

NOW = 1_766_576_760_000


async def _acts(database: Database, *actors: int) -> None:
    async with database.write() as tx:
        for place, actor in enumerate(actors, 1):
            await audit.record(
                tx, actor, AuditAction.EDIT, now=NOW + place, article_id=1 + place % 2, revision=place
            )


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor_id = 9", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"]
)
async def test_it_is_never_changed(database: Database, statement: str) -> None:
    await _acts(database, 5)
    with pytest.raises(DBAPIError, match="the audit is never changed"):
        async with database.write() as tx:
            await tx.execute(text(statement))
    async with database.read() as connection:
        assert [entry.actor_id for entry in await audit.page(connection, limit=5)] == [5]


async def test_not_even_emptied_at_once(postgresql: str) -> None:
    async with opened(postgresql) as database:
        with pytest.raises(DBAPIError, match="the audit is never changed"):
            async with database.write() as tx:
                await tx.execute(text("TRUNCATE audit"))


async def test_pages_lead_back_and_forth_and_leave_sources_out(database: Database) -> None:
    await _acts(database, 5, audit.SOURCE, 6, 7, audit.COMMAND_LINE)
    async with database.read() as connection:
        first = await audit.page(connection, limit=2)
        assert [entry.actor_id for entry in first] == [audit.COMMAND_LINE, 7]
        second = await audit.page(connection, limit=2, before=first[-1].id)
        assert [entry.actor_id for entry in second] == [6, 5]
        assert await audit.page(connection, limit=2, before=second[-1].id) == []
        assert await audit.page(connection, limit=2, after=second[0].id) == first
        # An article's history is whole.
        history = await audit.page(connection, limit=9, article_id=1)
        assert [(entry.actor_id, entry.revision) for entry in history] == [(7, 4), (audit.SOURCE, 2)]
        assert await audit.last(connection, 1) == history[0]
        assert await audit.last(connection, 77) is None


async def test_what_is_exported_is_young_enough(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_CHUNK", 2)
    await _acts(database, 1, 2, 3, 4, audit.SOURCE)
    async with database.read() as connection:
        entries = await audit.all_(connection, limit=9, since=NOW + 2)
        assert [entry.actor_id for entry in entries] == [audit.SOURCE, 4, 3, 2]
        assert [entry.actor_id for entry in await audit.all_(connection, limit=3)] == [audit.SOURCE, 4, 3]
        assert [entry.actor_id for entry in await audit.all_(connection, limit=9, article_id=2)] == [
            audit.SOURCE,
            3,
            1,
        ]


async def test_entries_of_other_versions_break_no_list(database: Database) -> None:
    async with database.write() as tx:
        for action, stored in (("levitate", "three metres"), ("draft", '{"kind":"lost"}'), ("draft", "تیتر")):
            statement = text("INSERT INTO audit (at, actor_id, action, detail) VALUES (:at, 1, :action, :detail)")
            await tx.execute(statement, {"at": NOW, "action": action, "detail": stored})
        await audit.record(tx, 1, AuditAction.DRAFT, now=NOW, details=TextDetails("تیتر"))
    async with database.read() as connection:
        for entries in (await audit.page(connection, limit=9), await audit.all_(connection, limit=9)):
            assert [(entry.action, entry.details) for entry in entries] == [
                ("draft", TextDetails("تیتر")),
                ("draft", TextDetails("تیتر")),
                ("draft", TextDetails('{"kind":"lost"}')),
                ("levitate", TextDetails("three metres")),
            ]


async def test_people_are_named_even_once_they_have_left(database: Database) -> None:
    async with database.write() as tx:
        for user_id, title in ((1, "در تلگرام"), (2, "رفته"), (3, "")):
            await chats.ensure(
                tx,
                user_id,
                kind=ChatKind.PRIVATE,
                schedule=INSTANT,
                timezone="Asia/Tehran",
                now=NOW,
                details=chats.ChatDetails(title=title),
            )
        await staff.put(tx, 1, Role.EDITOR, name="در تحریریه", now=NOW)
        assert await audit.names(tx, {0, 1, 2, 3, 4}) == {1: "در تحریریه", 2: "رفته"}


async def test_what_earlier_revisions_said_is_kept(database: Database) -> None:
    async with database.write() as tx:
        number = await articles.insert(tx, Content("نخست"), category_id=1, now=NOW, published_at=NOW)
        await articles.revise(tx, number, articles.NewRevision(Content("دوم", lead="لید"), 1), expected=1, now=NOW)
        contents = await articles.contents(tx, number, [1, 2, 3])
    assert contents == {1: Content("نخست"), 2: Content("دوم", lead="لید")}
