"""Sources: where articles come from, when each is fetched next, and how it fares."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list
from storage.engine.prepared import PreparedStatement
from storage.malformed import PARKED_MS, read_rows, readable
from storage.records import (
    SLOW_MS,
    ChangePolicy,
    RequestPart,
    RequestSetting,
    Source,
    SourceKind,
    SourceState,
    SourceVitals,
)
from storage.schema import article, source

_ACTIVE = source.c.state == SourceState.ACTIVE
_MARK_BYTES = 8


@dataclass(frozen=True, slots=True)
class FinishedFetch:
    """The result of a successful fetch, for the next one. The fields are those of Source.

    `url` is the address that was fetched: a source that has been given another one meanwhile stays as it is.
    """

    source_id: int
    url: str
    fetched_at: int
    next_fetch_at: int
    title: str
    etag: str
    last_modified: str
    body_digest: str
    ttl: int | None
    skip_hours: frozenset[int]
    skip_days: frozenset[int]
    brought_at: int | None
    habit: int | None
    took_ms: int
    hub: str = ""
    topic: str = ""
    known_items: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class FailedFetch:
    """The result of a failed fetch: `reason` is one line; `ended` says that the source is gone for good.

    `url` is that of FinishedFetch.
    """

    source_id: int
    url: str
    failing_since: int
    next_fetch_at: int
    reason: str
    took_ms: int
    ended: bool = False


@dataclass(frozen=True, slots=True)
class FailingSource:
    """A source that fails: when the newsroom was told of it (None: not yet), its next try, and the reason."""

    id: int
    told_at: int | None
    next_fetch_at: int
    reason: str


async def all_(connection: Connection) -> list[Source]:
    """Return every source, oldest first; malformed ones are left out."""
    rows = await connection.execute(select(source).order_by(source.c.id))
    return readable("source", rows, parse_source)


async def vitals(connection: Connection) -> list[SourceVitals]:
    """Return the signs that tell how each source is; malformed rows are left out."""
    columns = (source.c[field.name] for field in fields(SourceVitals))
    rows = await connection.execute(select(source.c.id, *columns))
    return readable("source", rows, _vitals)


async def get(connection: Connection, source_id: int) -> Source | None:
    """Return the source of that id."""
    row = (await connection.execute(select(source).where(source.c.id == source_id))).one_or_none()
    return parse_source(row) if row else None


async def lock(tx: Connection, source_id: int, *, shared: bool = False) -> Source | None:
    """Return the source of that id; until the transaction ends, nobody else changes it.

    Several may have it locked where it is `shared`: then staff do not change it, and fetches still write down how
    they went, and their leases.
    """
    query = select(source).where(source.c.id == source_id)
    row = (await tx.execute(query.with_for_update(read=shared, key_share=shared))).one_or_none()
    return parse_source(row) if row else None


async def by_url(connection: Connection, url: str) -> Source | None:
    """Return the source at exactly that address."""
    row = (await connection.execute(select(source).where(source.c.url == url))).one_or_none()
    return parse_source(row) if row else None


async def by_urls(connection: Connection, addresses: Collection[str]) -> Source | None:
    """Return the first source at one of some addresses."""
    query = select(source).where(source.c.url.in_(addresses)).order_by(source.c.id).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return parse_source(row) if row else None


async def urls(connection: Connection, source_ids: Collection[int]) -> dict[int, str]:
    """Return the addresses of those of the sources that there are."""
    rows = await connection.fetch(_URLS, source_ids=json_list(source_ids)) if source_ids else ()
    return {row.id: row.url for row in rows}


async def requests_of(connection: Connection, source_ids: Collection[int]) -> dict[int, tuple[RequestSetting, ...]]:
    """Return what is set for the requests of those of the sources for which anything is."""
    is_set = and_(source.c.id.in_(source_ids), source.c.requests != "[]")
    rows = await connection.execute(select(source.c.id, source.c.requests).where(is_set))
    return dict(readable("source", rows, lambda row: (row.id, _requests(row.requests))))


async def titles(connection: Connection, source_ids: Collection[int]) -> dict[int, str]:
    """Return the titles of those of the sources that have one."""
    rows = await connection.execute(select(source.c.id, source.c.title).where(source.c.id.in_(source_ids)))
    return {row.id: row.title for row in rows if row.title}


async def titles_at(connection: Connection, urls: Collection[str]) -> dict[str, str]:
    """Return, by address, the titles of those of the sources at these addresses that have one."""
    rows = await connection.execute(select(source.c.url, source.c.title).where(source.c.url.in_(urls)))
    return {row.url: row.title for row in rows if row.title}


async def claim(tx: Connection, *, slow: bool, now: int, lease_until: int, limit: int) -> list[Source]:
    """Claim up to `limit` sources whose next fetch is due, those that wait longest first, until `lease_until`.

    They are those that are slow (`Source.is_slow`), or the others. A malformed one is parked.
    """
    how = source.c.took_ms >= SLOW_MS if slow else source.c.took_ms < SLOW_MS
    due = select(source.c.id).where(_ACTIVE, source.c.next_fetch_at <= now, how)
    due = due.order_by(source.c.next_fetch_at, source.c.id).limit(limit).with_for_update(skip_locked=True)
    statement = update(source).where(source.c.id.in_(due)).values(next_fetch_at=lease_until)
    claimed = read_rows("source", await tx.execute(statement.returning(*source.c)), parse_source)
    if claimed.malformed:
        parked = update(source).where(source.c.id.in_(claimed.malformed))
        await tx.execute(parked.values(next_fetch_at=now + PARKED_MS))
    return sorted(claimed.records, key=lambda record: record.id)


async def renew_lease(
    tx: Connection, source_ids: Collection[int], *, held_until: int, lease_until: int
) -> list[int]:
    """Renew the leases of claimed fetches until `held_until`, and return the sources whose lease was renewed.

    Those that have ended stay as they are, and so do those that another transaction is changing: to wait for one
    of many rows, while others are locked, would block both.
    """
    held = select(source.c.id).where(source.c.id.in_(source_ids), source.c.next_fetch_at == held_until)
    free = held.with_for_update(skip_locked=True)
    renewed = update(source).where(source.c.id.in_(free)).values(next_fetch_at=lease_until)
    return list((await tx.execute(renewed.returning(source.c.id))).scalars())


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """The optional values of a new source; the fields are those of Source."""

    selector: str = ""
    interval: int | None = None
    title: str = ""


_NO_OPTIONS = SourceOptions()


async def add(
    tx: Connection,
    url: str,
    *,
    kind: SourceKind,
    category_id: int,
    review: bool,
    now: int,
    options: SourceOptions = _NO_OPTIONS,
) -> Source:
    """Store a source that is due at once. Raises sqlalchemy.exc.IntegrityError where the address is known."""
    values = {
        "url": url,
        "kind": kind,
        "category_id": category_id,
        "review": review,
        "selector": options.selector,
        "interval": options.interval,
        "title": options.title,
        "next_fetch_at": now,
        "created_at": now,
    }
    row = await tx.execute(source.insert().values(values).returning(*source.c))
    return parse_source(row.one())


async def remove(tx: Connection, source_id: int) -> bool:
    """Remove a source; what it brought stays, and is nobody's from then on. False where there is none."""
    await tx.execute(update(article).where(article.c.source_id == source_id).values(source_id=None))
    return (await tx.execute(source.delete().where(source.c.id == source_id))).rowcount == 1


async def set_state(tx: Connection, source_id: int, state: SourceState, *, now: int) -> bool:
    """Pause a source, or make it active and due at once; False where there is none."""
    values: dict[str, Any] = {"state": state}
    if state is SourceState.ACTIVE:
        values |= {"next_fetch_at": now, "failures": 0, "failing_since": None, "last_error": ""}
    return (await tx.execute(update(source).where(source.c.id == source_id).values(values))).rowcount == 1


async def make_due(tx: Connection, source_id: int, *, now: int) -> None:
    """Make an active source due at once; its failures still count."""
    await tx.execute(update(source).where(source.c.id == source_id, _ACTIVE).values(next_fetch_at=now))


async def make_due_whole(tx: Connection, source_id: int, *, now: int) -> None:
    """Make a source due at once, to be read even if its site says that nothing has changed."""
    values = {"etag": "", "last_modified": "", "body_digest": "", "next_fetch_at": now}
    await tx.execute(update(source).where(source.c.id == source_id).values(values))


async def edit(tx: Connection, edited: Source) -> None:
    """Store a source's title, category, destination and interval."""
    names = ("title", "named", "category_id", "review", "interval")
    values = {name: getattr(edited, name) for name in names}
    await tx.execute(update(source).where(source.c.id == edited.id).values(values))


async def lead_elsewhere(tx: Connection, edited: Source, *, now: int) -> None:
    """Store a source's address, kind and selector: it is fetched at once, as if for the first time.

    One that has ended is active again. Raises sqlalchemy.exc.IntegrityError where another source has its address.
    """
    values: dict[str, Any] = {name: getattr(edited, name) for name in ("url", "kind", "selector")}
    values |= {"etag": "", "last_modified": "", "body_digest": "", "fetched_at": None, "next_fetch_at": now}
    values |= {"failures": 0, "failing_since": None, "last_error": ""}
    values["hub"] = case((source.c.url == edited.url, source.c.hub), else_="")
    values["state"] = case((source.c.state == SourceState.ENDED, SourceState.ACTIVE), else_=source.c.state)
    await tx.execute(update(source).where(source.c.id == edited.id).values(values))


async def set_changes(tx: Connection, source_id: int, policy: ChangePolicy) -> None:
    """Choose what becomes of articles that the source changes."""
    await tx.execute(update(source).where(source.c.id == source_id).values(changes=policy))


async def set_requests(tx: Connection, source_id: int, requests: Sequence[RequestSetting], *, now: int) -> None:
    """Store the parts of a source's requests, in place of those that were set; it is fetched at once, and whole."""
    values = {"requests": json.dumps([asdict(setting) for setting in requests]), "next_fetch_at": now}
    values |= {"etag": "", "last_modified": "", "body_digest": ""}
    await tx.execute(update(source).where(source.c.id == source_id).values(values))


async def entitle(tx: Connection, source_id: int, title: str) -> None:
    """Store what a source's site calls itself, where the source has no title yet."""
    nameless = and_(source.c.id == source_id, source.c.title == "")
    await tx.execute(update(source).where(nameless).values(title=title))


async def reseal_requests(tx: Connection, source_id: int, requests: Sequence[RequestSetting]) -> None:
    """Store the parts of a source's requests, which say what they said before, encrypted anew."""
    values = {"requests": json.dumps([asdict(setting) for setting in requests])}
    await tx.execute(update(source).where(source.c.id == source_id).values(values))


async def move(tx: Connection, source_id: int, url: str, *, before: str) -> bool:
    """Store the address that a source has moved to for good from the one `before`.

    False where another source has it, or the source has been given another one meanwhile.
    """
    if await by_url(tx, url) is not None:
        return False
    moving = update(source).where(source.c.id == source_id, source.c.url == before)
    return (await tx.execute(moving.values(url=url))).rowcount == 1


async def settle_fetched(tx: Connection, fetched: Sequence[FinishedFetch]) -> None:
    """Record fetches that succeeded."""
    await tx.write_many(_FETCHED, [_fetched_values(fetch) for fetch in fetched])


async def settle_failed(tx: Connection, failed: Sequence[FailedFetch]) -> None:
    """Record fetches that failed."""
    await tx.write_many(_FAILED, [_failed_values(fetch) for fetch in failed])


async def record_report(tx: Connection, before: Source, *, ill_told_at: int | None) -> bool:
    """Record when the newsroom was notified that a source is ill, or (None) that it is well again.

    `before` is the source as it was read. False, and nothing is recorded, where somebody has notified the newsroom
    since, or staff have paused the source, removed it or led it elsewhere.
    """
    as_before = and_(
        source.c.id == before.id,
        source.c.url == before.url,
        source.c.state != SourceState.PAUSED,
        source.c.ill_told_at.is_not_distinct_from(before.ill_told_at),
    )
    return (await tx.execute(update(source).where(as_before).values(ill_told_at=ill_told_at))).rowcount == 1


async def failing_since(connection: Connection, earliest: int, latest: int) -> list[FailingSource]:
    """Return the active sources that have been failing since an instant between the two (ms)."""
    columns = (source.c.id, source.c.ill_told_at, source.c.next_fetch_at, source.c.last_error)
    failing = and_(_ACTIVE, source.c.failing_since.between(earliest, latest))
    rows = await connection.execute(select(*columns).where(failing).order_by(source.c.id))
    return [FailingSource(*row) for row in rows]


async def count_told_at(connection: Connection, told_at: int) -> int:
    """Return how many active sources the newsroom was told of at that instant (ms)."""
    told = select(func.count()).select_from(source).where(_ACTIVE, source.c.ill_told_at == told_at)
    return int((await connection.execute(told)).scalar_one())


async def bring_forward(tx: Connection, source_ids: Collection[int], *, now: int, later_than: int) -> None:
    """Make those of the active sources due now whose next fetch is `later_than` an instant (ms)."""
    later = and_(_ACTIVE, source.c.id.in_(source_ids), source.c.next_fetch_at > later_than)
    await tx.execute(update(source).where(later).values(next_fetch_at=now))


def _fetched_values(fetch: FinishedFetch) -> Mapping[str, Any]:
    return {
        "source_id": fetch.source_id,
        "fetched_url": fetch.url,
        "new_fetched_at": fetch.fetched_at,
        "new_next_fetch_at": fetch.next_fetch_at,
        "new_title": fetch.title,
        "new_etag": fetch.etag,
        "new_last_modified": fetch.last_modified,
        "new_body_digest": fetch.body_digest,
        "new_ttl": fetch.ttl,
        "new_skip_hours": json.dumps(sorted(fetch.skip_hours)),
        "new_skip_days": json.dumps(sorted(fetch.skip_days)),
        "new_brought_at": fetch.brought_at,
        "new_habit": fetch.habit,
        "new_took_ms": fetch.took_ms,
        "new_hub": fetch.hub,
        "new_topic": fetch.topic,
        "new_known_items": _packed(fetch.known_items),
    }


def _failed_values(fetch: FailedFetch) -> Mapping[str, Any]:
    return {
        "source_id": fetch.source_id,
        "fetched_url": fetch.url,
        "new_failing_since": fetch.failing_since,
        "new_next_fetch_at": fetch.next_fetch_at,
        "new_last_error": fetch.reason,
        "new_took_ms": fetch.took_ms,
        "new_state": SourceState.ENDED if fetch.ended else SourceState.ACTIVE,
    }


def _vitals(row: Any) -> SourceVitals:
    values = {field.name: getattr(row, field.name) for field in fields(SourceVitals)}
    return SourceVitals(**values | {"state": SourceState(row.state)})


def parse_source(row: Any) -> Source:
    """Return the source of a row. Raises one of storage.malformed.UNREADABLE for a row that is none."""
    lists = {name: _numbers(row._mapping[name]) for name in ("skip_hours", "skip_days")}
    words = {
        "kind": SourceKind(row.kind),
        "state": SourceState(row.state),
        "changes": ChangePolicy(row.changes),
    }
    parts = {"requests": _requests(row.requests), "known_items": _unpacked(row.known_items)}
    return Source(**{**row._mapping, **lists, **words, **parts})


def _requests(text: str) -> tuple[RequestSetting, ...]:
    if text == "[]":
        return ()
    settings = json.loads(text)
    return tuple(RequestSetting(**{**setting, "part": RequestPart(setting["part"])}) for setting in settings)


def _packed(marks: frozenset[int]) -> str:
    return b"".join(mark.to_bytes(_MARK_BYTES) for mark in sorted(marks)).hex()


def _unpacked(packed: str) -> frozenset[int]:
    """Return the marks of a row, none where it does not hold such: its feed is then recognised whole."""
    try:
        data = bytes.fromhex(packed)
    except ValueError:
        return frozenset()
    parts = (data[begin : begin + _MARK_BYTES] for begin in range(0, len(data), _MARK_BYTES))
    return frozenset(map(int.from_bytes, parts))


def _numbers(text: str) -> frozenset[int]:
    """Return the hours or days of a row, none where it does not hold a list of such: one row stops no others."""
    try:
        numbers = json.loads(text)
    except ValueError:
        return frozenset()
    return (
        frozenset(number for number in numbers if type(number) is int and 0 <= number < 24)
        if type(numbers) is list
        else frozenset()
    )


_URLS = PreparedStatement(
    {kind: select(source.c.id, source.c.url).where(among(kind, source.c.id, "source_ids")) for kind in INSERTS}
)
_FETCHED = PreparedStatement(
    update(source)
    .where(source.c.id == bindparam("source_id"), source.c.url == bindparam("fetched_url"))
    .values(
        next_fetch_at=bindparam("new_next_fetch_at"),
        fetched_at=bindparam("new_fetched_at"),
        title=case((source.c.named, source.c.title), else_=bindparam("new_title")),
        etag=bindparam("new_etag"),
        last_modified=bindparam("new_last_modified"),
        body_digest=bindparam("new_body_digest"),
        ttl=bindparam("new_ttl"),
        skip_hours=bindparam("new_skip_hours"),
        skip_days=bindparam("new_skip_days"),
        brought_at=bindparam("new_brought_at"),
        habit=bindparam("new_habit"),
        took_ms=bindparam("new_took_ms"),
        hub=bindparam("new_hub"),
        topic=bindparam("new_topic"),
        known_items=bindparam("new_known_items"),
        failures=0,
        failing_since=None,
        last_error="",
    )
)
_FAILED = PreparedStatement(
    update(source)
    .where(source.c.id == bindparam("source_id"), source.c.url == bindparam("fetched_url"), _ACTIVE)
    .values(
        next_fetch_at=bindparam("new_next_fetch_at"),
        failing_since=bindparam("new_failing_since"),
        failures=source.c.failures + 1,
        last_error=bindparam("new_last_error"),
        took_ms=bindparam("new_took_ms"),
        state=bindparam("new_state"),
    )
)
