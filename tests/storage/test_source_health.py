"""The newsroom hears of an ill source once, and once when it is well again; a source that is well costs nothing."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.errors import ConflictError, NotFoundError
from bot.ingest.sources import source_health
from bot.ingest.sources.source_admin import SourceAdmin, find_source
from storage import audit, notices, sources, staff
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import ChangePolicy, Notice, Role, Source, SourceKind, SourceState
from storage.sources import FailedFetch, FinishedFetch
from tests.storage.side_by_side import behind

_HOUR = 3_600_000
NOW = 1_788_000_000_000
EDITOR, AUTHOR = 7, 8


async def _add(tx: Connection, url: str = "https://a.example/feed") -> Source:
    return await sources.add(tx, url, kind=SourceKind.FEED, category_id=1, review=False, now=NOW - 2000 * _HOUR)


async def _newsroom(tx: Connection) -> None:
    for user_id, role in ((EDITOR, Role.EDITOR), (AUTHOR, Role.AUTHOR)):
        await staff.put(tx, user_id, role, name="", added_by=None, now=NOW)


async def _source(database: Database, source_id: int) -> Source:
    async with database.read() as connection:
        return await find_source(connection, source_id)


async def _fail(database: Database, source_id: int, *, now: int, since: int, ended: bool = False) -> list[Notice]:
    async with database.write() as tx:
        await _settle_failure(tx, source_id, now=now, since=since, ended=ended)
    return await _said(database, now)


async def _settle_failure(tx: Connection, source_id: int, *, now: int, since: int, ended: bool = False) -> None:
    source = await find_source(tx, source_id)
    failed = FailedFetch(source_id, source.url, since, now + _HOUR, "a.example did not answer in time", 5, ended)
    await sources.settle_failed(tx, [failed])
    await source_health.after_failure(tx, source, failed, now=now)


async def _fetch(database: Database, source_id: int, *, now: int, moved_to: str = "", **more: Any) -> list[Notice]:
    source = await _source(database, source_id)
    fetched = FinishedFetch(
        source_id=source_id,
        url=source.url,
        fetched_at=now,
        next_fetch_at=now + _HOUR,
        title="",
        etag="",
        last_modified="",
        body_digest="",
        ttl=None,
        skip_hours=frozenset(),
        skip_days=frozenset(),
        brought_at=source.brought_at,
        habit=source.habit,
        took_ms=5,
    )
    fetched = replace(fetched, **more)
    async with database.write() as tx:
        await sources.settle_fetched(tx, [fetched])
        await source_health.after_fetch(tx, source, fetched, moved_to=moved_to, now=now)
    return await _said(database, now)


async def _said(database: Database, now: int) -> list[Notice]:
    async with database.write() as tx:
        due = await notices.claim(tx, now=now, lease_until=now + 1, limit=99)
        for notice in due:
            await notices.delete(tx, notice.id)
    return due


async def _audit(database: Database) -> list[tuple[int, str, str]]:
    async with database.read() as connection:
        return [
            (entry.actor_id, entry.action, entry.details.plain() if entry.details else "")
            for entry in await audit.all_(connection, limit=99)
        ]


@pytest.fixture
async def source_id(database: Database) -> int:
    async with database.write() as tx:
        await _newsroom(tx)
        return (await _add(tx)).id


async def test_a_failing_source_is_told_once_and_once_when_it_is_well(database: Database, source_id: int) -> None:
    since = NOW
    for minutes in (0, 20, 40):
        assert await _fail(database, source_id, now=NOW + minutes * 60_000, since=since) == []
    told = await _fail(database, source_id, now=NOW + _HOUR, since=since)
    args = {"title": "https://a.example/feed", "hours": 1, "why": "late", "status": 0}
    assert [(notice.user_id, notice.key) for notice in told] == [(EDITOR, "source-ill")]
    assert told[0].args == args | {"reason": "a.example did not answer in time"}
    assert told[0].buttons == (("button-source-page", f"source:{source_id}"),)
    assert await _fail(database, source_id, now=NOW + 2 * _HOUR, since=since) == []
    well = await _fetch(database, source_id, now=NOW + 3 * _HOUR)
    assert [notice.key for notice in well] == ["source-well"]
    assert await _fetch(database, source_id, now=NOW + 4 * _HOUR) == []


async def test_a_short_trouble_is_not_told(database: Database, source_id: int) -> None:
    for minutes in range(0, 59, 5):
        assert await _fail(database, source_id, now=NOW + minutes * 60_000, since=NOW) == []
    assert await _fetch(database, source_id, now=NOW + _HOUR) == []


async def test_a_silent_source_is_told_once_and_once_when_it_brings_something(
    database: Database, source_id: int
) -> None:
    assert await _fetch(database, source_id, now=NOW, brought_at=NOW, habit=600) == []
    assert await _fetch(database, source_id, now=NOW + 47 * _HOUR) == []
    told = await _fetch(database, source_id, now=NOW + 49 * _HOUR)
    assert [(notice.key, notice.args["days"]) for notice in told] == [("source-silent", 2)]
    assert await _fetch(database, source_id, now=NOW + 90 * _HOUR) == []
    # To fail for a while is no recovery, nor is to answer with nothing new.
    assert await _fail(database, source_id, now=NOW + 91 * _HOUR, since=NOW + 91 * _HOUR) == []
    assert await _fetch(database, source_id, now=NOW + 92 * _HOUR) == []
    well = await _fetch(database, source_id, now=NOW + 93 * _HOUR, brought_at=NOW + 93 * _HOUR)
    assert [notice.key for notice in well] == ["source-well"]


async def test_a_source_that_is_gone_has_ended_until_somebody_resumes_it(
    database: Database, source_id: int
) -> None:
    assert [notice.key for notice in await _fail(database, source_id, now=NOW, since=NOW, ended=True)] == [
        "source-gone"
    ]
    assert (await _source(database, source_id)).state is SourceState.ENDED
    async with database.write() as tx:
        assert await sources.claim(tx, slow=False, now=NOW * 2, lease_until=NOW * 2, limit=5) == []
    await SourceAdmin(database, lambda: NOW).resume(source_id, actor_id=EDITOR)
    source = await _source(database, source_id)
    assert (source.state, source.next_fetch_at, source.failures) == (SourceState.ACTIVE, NOW, 0)
    assert [notice.key for notice in await _fetch(database, source_id, now=NOW + _HOUR)] == ["source-well"]


async def test_a_new_address_is_stored_unless_another_source_has_it(database: Database, source_id: int) -> None:
    async with database.write() as tx:
        other = await _add(tx, "https://b.example/feed")
    await _fetch(database, source_id, now=NOW, moved_to=other.url)
    assert (await _source(database, source_id)).url == "https://a.example/feed"
    await _fetch(database, source_id, now=NOW, moved_to="https://c.example/feed")
    assert (await _source(database, source_id)).url == "https://c.example/feed"
    moved = (audit.SOURCE, "source_moved", "https://a.example/feed → https://c.example/feed")
    assert await _audit(database) == [moved]


async def test_when_all_are_ill_at_once_the_newsroom_is_not_flooded(database: Database, source_id: int) -> None:
    async with database.write() as tx:
        ids = [source_id, *[(await _add(tx, f"https://{number}.example/")).id for number in range(30)]]
    keys = [notice.key for id_ in ids for notice in await _fail(database, id_, now=NOW, since=NOW, ended=True)]
    assert keys == ["source-gone"] * 5 + ["sources-many-ill"]
    keys = [notice.key for id_ in ids for notice in await _fetch(database, id_, now=NOW + 2 * _HOUR)]
    assert keys == ["source-well"] * 5 + ["sources-many-ill"]


async def _sources(database: Database, count: int) -> list[int]:
    async with database.write() as tx:
        await _newsroom(tx)
        return [(await _add(tx, f"https://{number}.example/feed")).id for number in range(count)]


async def _fail_for_an_hour(database: Database, ids: list[int], *, since: int) -> list[Notice]:
    """Have sources fail one after another, a second apart, at four times within an hour; return what was told."""
    told = []
    for minutes in (0, 20, 40, 61):
        for number, id_ in enumerate(ids):
            later = number * 1000
            told += await _fail(database, id_, now=since + minutes * 60_000 + later, since=since + later)
    return told


async def test_many_that_fail_together_are_told_as_one_and_so_are_they_when_most_are_well(
    database: Database,
) -> None:
    ids = await _sources(database, 40)
    told = await _fail_for_an_hour(database, ids, since=NOW)
    assert [(notice.key, notice.args["count"], notice.args["hours"]) for notice in told] == [
        ("sources-ill-together", 40, 1)
    ]
    assert told[0].buttons == (("button-sources", "sources:0"),)
    later = NOW + 3 * _HOUR
    well = [notice for id_ in ids[:30] for notice in await _fetch(database, id_, now=later)]
    assert [(notice.key, notice.args["left"]) for notice in well] == [("sources-well-together", 20)]
    # Those that are left are in the list; when one of the well fails again, it is told of by itself.
    assert [notice for id_ in ids[30:] for notice in await _fetch(database, id_, now=later)] == []
    again = await _fail_for_an_hour(database, ids[:1], since=NOW + 9 * _HOUR)
    assert [notice.key for notice in again] == ["source-ill"]
    assert [notice.key for notice in await _fetch(database, ids[0], now=NOW + 11 * _HOUR)] == ["source-well"]


async def test_two_apps_tell_of_a_group_once(database: Database) -> None:
    ids = await _sources(database, 6)
    for minutes in (0, 20, 40):
        for id_ in ids:
            await _fail(database, id_, now=NOW + minutes * 60_000, since=NOW)

    async def elsewhere() -> None:
        async with database.write() as tx:
            await _settle_failure(tx, ids[1], now=NOW + _HOUR + 1, since=NOW)

    def here(tx: Connection) -> Awaitable[None]:
        return _settle_failure(tx, ids[0], now=NOW + _HOUR, since=NOW)

    assert await behind(database, here, elsewhere()) == [None]
    assert [notice.key for notice in await _said(database, NOW + 2 * _HOUR)] == ["sources-ill-together"]


async def test_what_is_removed_keeps_no_group_ill(database: Database) -> None:
    ids = await _sources(database, 6)
    assert [notice.key for notice in await _fail_for_an_hour(database, ids, since=NOW)] == ["sources-ill-together"]
    async with database.write() as tx:
        for id_ in ids[1:5]:
            await sources.remove(tx, id_)
    well = await _fetch(database, ids[0], now=NOW + 3 * _HOUR)
    assert [(notice.key, notice.args["left"]) for notice in well] == [("sources-well-together", 1)]


async def test_a_few_that_fail_together_and_many_that_do_not_are_told_one_by_one(database: Database) -> None:
    ids = await _sources(database, 11)
    told = await _fail_for_an_hour(database, ids[:5], since=NOW)
    assert [notice.key for notice in told] == ["source-ill"] * 5
    told = [
        notice
        for number, id_ in enumerate(ids[5:], start=1)
        for notice in await _fail_for_an_hour(database, [id_], since=NOW + number * _HOUR)
    ]
    assert [notice.key for notice in told] == ["source-ill"] * 6


async def test_who_fails_later_is_not_lost_in_a_group_that_is_well(database: Database) -> None:
    ids = await _sources(database, 8)
    await _fail_for_an_hour(database, ids[:7], since=NOW)
    for id_ in ids[:6]:
        await _fetch(database, id_, now=NOW + 2 * _HOUR)
    told = await _fail_for_an_hour(database, ids[7:], since=NOW + 60_000)
    assert [notice.key for notice in told] == ["source-ill"]


@pytest.mark.parametrize("act", ["pause", "remove", "lead elsewhere"])
async def test_what_staff_did_while_it_was_fetched_is_told_by_nobody(
    database: Database, source_id: int, act: str
) -> None:
    source = await _source(database, source_id)
    failed = FailedFetch(source_id, source.url, NOW, NOW + _HOUR, "the site answered 410", 5, ended=True)
    async with database.write() as tx:
        if act == "pause":
            await sources.set_state(tx, source_id, SourceState.PAUSED, now=NOW)
        elif act == "remove":
            await sources.remove(tx, source_id)
        else:
            await sources.lead_elsewhere(tx, replace(source, url="https://b.example/feed"), now=NOW)
        await sources.settle_failed(tx, [failed])
        await source_health.after_failure(tx, source, failed, now=NOW)
    assert await _said(database, NOW) == []


async def test_when_one_is_reached_again_the_others_are_not_kept_waiting(database: Database) -> None:
    ids = await _sources(database, 8)
    answered, reached = ids[0], ids[1]
    for number, id_ in enumerate(ids):
        source = await _source(database, id_)
        reason = "the site answered 503" if id_ == answered else "a.example refuses connections"
        failed = FailedFetch(id_, source.url, NOW + number, NOW + 9 * _HOUR, reason, 5)
        async with database.write() as tx:
            for _ in range(3):
                await sources.settle_failed(tx, [failed])
    await _fetch(database, reached, now=NOW + 2 * _HOUR)
    due = {id_: (await _source(database, id_)).next_fetch_at for id_ in ids}
    assert due == dict.fromkeys(ids[2:], NOW + 2 * _HOUR) | {answered: NOW + 9 * _HOUR, reached: NOW + 3 * _HOUR}


async def test_a_source_that_leads_to_another_one_is_told_once_and_once_when_it_does_not(
    database: Database, source_id: int
) -> None:
    async with database.write() as tx:
        other = await _add(tx, "https://b.example/feed")
    told = [await _fetch(database, source_id, now=NOW + hours * _HOUR, moved_to=other.url) for hours in range(3)]
    assert [[(notice.key, notice.args["other"]) for notice in notices] for notices in told] == [
        [("source-repeats", "https://b.example/feed")],
        [],
        [],
    ]
    assert [notice.key for notice in await _fetch(database, source_id, now=NOW + 4 * _HOUR)] == ["source-well"]
    await SourceAdmin(database, lambda: NOW).pause(other.id, actor_id=EDITOR)
    assert await _fetch(database, source_id, now=NOW + 5 * _HOUR, moved_to=other.url) == []


async def test_where_nobody_manages_sources_the_desk_chat_is_told(database: Database) -> None:
    async with database.write() as tx:
        source = await _add(tx)
    told = await _fail(database, source.id, now=NOW, since=NOW, ended=True)
    assert [(notice.user_id, notice.buttons) for notice in told] == [(notices.DESK_CHAT, ())]


class _Untouched:
    """A connection that notes whatever is asked of it."""

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    def __getattr__(self, name: str) -> object:
        self._asked.append(name)
        raise AttributeError(name)


async def test_a_source_that_is_well_costs_nothing(database: Database, source_id: int) -> None:
    source = await _source(database, source_id)
    asked: list[str] = []
    nothing = cast(Connection, _Untouched(asked))
    fetched = FinishedFetch(
        source_id, source.url, NOW, NOW, "", "", "", "", None, frozenset(), frozenset(), NOW - 600_000, 600, 5
    )
    await source_health.after_fetch(nothing, source, fetched, moved_to="", now=NOW)
    await source_health.after_failure(
        nothing, source, FailedFetch(source_id, source.url, NOW, NOW, "no", 5), now=NOW
    )
    assert asked == []


async def test_acts_are_in_the_audit_once(database: Database, source_id: int) -> None:
    acts = SourceAdmin(database, lambda: NOW)
    for _ in range(2):
        await acts.pause(source_id, actor_id=EDITOR)
        with pytest.raises(ConflictError):
            await acts.fetch_now(source_id, actor_id=EDITOR)
    async with database.write() as tx:
        assert await sources.claim(tx, slow=False, now=NOW, lease_until=NOW, limit=5) == []
    for _ in range(2):
        await acts.resume(source_id, actor_id=EDITOR)
        await acts.change_policy(source_id, ChangePolicy.ASK, actor_id=EDITOR)
    with pytest.raises(NotFoundError):
        await acts.pause(999, actor_id=EDITOR)
    url = "https://a.example/feed"
    assert await _audit(database) == [
        (EDITOR, "change_source_policy", f"{url}: follow -> ask"),
        (EDITOR, "resume_source", url),
        (EDITOR, "pause_source", url),
    ]


async def test_an_active_source_is_due_when_somebody_asks_for_it(database: Database, source_id: int) -> None:
    await _fail(database, source_id, now=NOW, since=NOW)
    await SourceAdmin(database, lambda: NOW + 1).fetch_now(source_id, actor_id=EDITOR)
    async with database.write() as tx:
        due = await sources.claim(tx, slow=False, now=NOW + 1, lease_until=NOW, limit=5)
    assert [(source.id, source.failures) for source in due] == [(source_id, 1)]
