"""Acts on the requests of sources: what is stored, what the audit tells, and what is left of a secret's message."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.errors import NotFoundError, UserError
from bot.ingest.sources.sealing import Sealer
from bot.ingest.sources.source_requests import REMOVED, SecretMessage, SourceRequests
from storage import audit, inbox, sources
from storage.engine.database import Database
from storage.inbox import Received
from storage.records import RequestPart, Source, SourceKind
from storage.row_check import MalformedRow, TextChecks, malformed_rows
from storage.schema import inbox as inbox_table
from storage.schema import source as source_table
from tests.newsroom_people import employ

NOW = 1_795_842_000_000
_URL = "https://paper.example/rss"
_PASSWORD = "گذرواژهٔ پنهان"


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, 5)


async def _add(database: Database, url: str = _URL) -> Source:
    async with database.write() as tx:
        return await sources.add(tx, url, kind=SourceKind.FEED, category_id=1, review=False, now=NOW)


async def _stored(database: Database, source_id: int) -> Source:
    async with database.read() as connection:
        source = await sources.get(connection, source_id)
    assert source is not None
    return source


def _requests(database: Database, key: str = "k" * 32) -> SourceRequests:
    return SourceRequests(database, Sealer(key, None), lambda: NOW)


async def test_a_secret_is_stored_sealed_for_the_sources_origin_and_the_source_is_read_whole(
    database: Database,
) -> None:
    source, requests = await _add(database), _requests(database)
    async with database.write() as tx:
        await tx.execute(
            update(source_table).values(etag="x", last_modified="y", body_digest="z", next_fetch_at=NOW + 9)
        )
    await requests.set(source.id, RequestPart.LOGIN, f"ali:{_PASSWORD}", actor_id=5)
    await requests.set(source.id, RequestPart.HEADER, "X-Key: k", actor_id=5)
    await requests.set(source.id, RequestPart.COOKIE, "a=1", actor_id=5, at="https://www.paper.example/login")
    stored = await _stored(database, source.id)
    assert [(request.part, request.name, request.origin) for request in stored.requests] == [
        (RequestPart.LOGIN, "", "https://paper.example:443"),
        (RequestPart.HEADER, "X-Key", "https://paper.example:443"),
        (RequestPart.COOKIE, "a", "https://www.paper.example:443"),
    ]
    assert _PASSWORD not in str([request.value for request in stored.requests])
    assert dict(requests.profile(stored).headers["https://www.paper.example:443"]) == {"Cookie": "a=1"}
    assert (stored.etag, stored.last_modified, stored.body_digest, stored.next_fetch_at) == ("", "", "", NOW)
    async with database.read() as connection:
        entries = await audit.all_(connection, limit=9)
        assert (await sources.requests_of(connection, [source.id])) == {source.id: stored.requests}
    assert [entry.details.plain() for entry in entries if entry.details] == [
        f"{_URL} · cookie a",
        f"{_URL} · header X-Key",
        f"{_URL} · login",
    ]


async def test_what_is_set_stays_with_its_origin_when_the_source_moves(database: Database) -> None:
    source, requests = await _add(database), _requests(database)
    await requests.set(source.id, RequestPart.COOKIE, "a=1", actor_id=5)
    moved = replace(await _stored(database, source.id), url="https://evil.example/rss")
    async with database.write() as tx:
        await sources.lead_elsewhere(tx, moved, now=NOW)
    profile = requests.profile(await _stored(database, source.id))
    assert list(profile.headers) == ["https://paper.example:443"]


async def test_removal_and_what_is_not_there(database: Database) -> None:
    source, requests = await _add(database), _requests(database)
    await requests.set(source.id, RequestPart.HEADER, "X-Key: k\nX-Other: o", actor_id=5)
    await requests.remove(source.id, RequestPart.HEADER, "x-key", actor_id=5)
    assert [request.name for request in (await _stored(database, source.id)).requests] == ["X-Other"]
    with pytest.raises(NotFoundError, match="request-not-set"):
        await requests.remove(source.id, RequestPart.HEADER, "X-Key", actor_id=5)
    with pytest.raises(NotFoundError, match="source-unknown"):
        await requests.set(99, RequestPart.LOGIN, "a:b", actor_id=5)
    with pytest.raises(UserError, match="request-other-site"):
        await requests.set(source.id, RequestPart.LOGIN, "a:b", actor_id=5, at="https://evil.example/")


async def test_acts_at_the_same_moment_lose_nothing(database: Database) -> None:
    source, requests = await _add(database), _requests(database)
    cookies = [f"c{number}=1" for number in range(8)]
    await asyncio.gather(*(requests.set(source.id, RequestPart.COOKIE, cookie, actor_id=5) for cookie in cookies))
    assert len((await _stored(database, source.id)).requests) == len(cookies)


async def test_another_key_is_told_of_and_what_is_set_anew_can_be_read(database: Database) -> None:
    source, requests = await _add(database), _requests(database)
    await requests.set(source.id, RequestPart.COOKIE, "a=1; b=2", actor_id=5)
    other = _requests(database, "o" * 32)
    await other.set(source.id, RequestPart.COOKIE, "a=3", actor_id=5)
    stored = (await _stored(database, source.id)).requests
    assert [(request.name, other.is_readable(request)) for request in stored] == [("b", False), ("a", True)]


@pytest.mark.parametrize("is_taken", [True, False])
async def test_the_stored_update_of_a_secret_loses_its_text(database: Database, *, is_taken: bool) -> None:
    source, requests = await _add(database), _requests(database)
    message = SecretMessage(5, 70)
    body = '{"update_id":1,"message":{"message_id":70,"text":"a:secret","entities":[{"offset":0}],"chat":{"id":5}}}'
    async with database.write() as tx:
        await inbox.put(tx, [Received(1, body, 5, 70), Received(2, body, 5, 71)], now=NOW)
    if is_taken:
        await requests.set(source.id, RequestPart.LOGIN, "a:secret", actor_id=5, message=message)
    else:
        await requests.forget_message(message)
    async with database.read() as connection:
        rows = await connection.execute(select(inbox_table.c.body).order_by(inbox_table.c.update_id))
        first, second = rows.scalars()
    assert "secret" not in first
    assert "entities" not in first
    assert REMOVED in first
    assert second == body


async def test_a_row_whose_settings_cannot_be_read_is_left_out_and_reported(database: Database) -> None:
    source = await _add(database)
    other = await _add(database, "https://other.example/rss")
    async with database.write() as tx:
        await tx.execute(
            update(source_table).where(source_table.c.id == source.id).values(requests='[{"part": "riddle"}]')
        )
        assert [listed.id for listed in await sources.all_(tx)] == [other.id]
        malformed = await malformed_rows(tx, TextChecks(lambda _: True, lambda _: True), limit=9)
    assert [(row.table, row.id) for row in malformed] == [("source", source.id)]
    assert isinstance(malformed[0], MalformedRow)
