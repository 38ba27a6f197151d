"""Daily counters: how often each thing happened on a day. They are small and are never deleted.

The newsroom's days are those of its time zone, which the database was opened with (`storage.engine.database`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal_column, select, true, union_all

from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS
from storage.engine.prepared import PreparedStatement
from storage.records import DeliveryKind
from storage.schema import article, chat, delivery, tally

ALL = 0
"""The subject that stands for all categories."""

_QUARTER_MS = 15 * 60_000
_EPOCH = date(1970, 1, 1)


class Metric(StrEnum):
    """The metrics, and the subject of each."""

    # Of a category.
    DELIVERED = "delivered"
    AUDIENCE = "audience"
    READ = "read"
    GAINED = "gained"
    LOST = "lost"
    # Of an article.
    TO_CHANNELS = "to_channels"
    TO_GROUPS = "to_groups"
    TO_PEOPLE = "to_people"
    REACHED = "reached"
    READERS = "readers"
    # Of a channel or group.
    CHAT_POSTS = "chat_posts"
    CHAT_AUDIENCE = "chat_audience"


@dataclass(frozen=True, slots=True)
class Tally:
    """The count for a subject on a day."""

    metric: Metric
    day: int
    subject_id: int
    count: int


@dataclass(frozen=True, slots=True)
class ChatTotals:
    """The totals of a channel or group over some days: its posts, and the members at each of them, added up."""

    chat_id: int
    posts: int
    audience: int


def day_of(ms: int, zone: tzinfo) -> int:
    """Return the day of an instant (ms), as days since the epoch by the wall clock of `zone`."""
    return (datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone).date() - _EPOCH).days


def start_of(day: int, zone: tzinfo) -> int:
    """Return the instant (ms) with which a day begins in `zone`."""
    day_date = date_of(day)
    return int(datetime(day_date.year, day_date.month, day_date.day, tzinfo=zone).timestamp() * 1000)


def date_of(day: int) -> date:
    """Return the date of a day since the epoch."""
    return _EPOCH + timedelta(days=day)


async def add(tx: Connection, counts: Mapping[tuple[Metric, int], int], *, now: int) -> None:
    """Add to today's tallies, by (metric, subject)."""
    day = day_of(now, tx.zone)
    # In one order, so that two who count at once never wait for each other.
    for (metric, subject_id), count in sorted(counts.items()):
        if count:
            await tx.fetch(_ADDING, metric=metric, day=day, subject_id=subject_id, count=count)


async def count_sent(tx: Connection, delivery_ids: Sequence[int], *, now: int) -> None:
    """Count deliveries that have just arrived: best as the last act of a transaction, since others wait for it.

    A channel or group counts with its members as far as they are known, a person as one.
    """
    if delivery_ids:
        values = {"ids": delivery_ids, "today": day_of(now, tx.zone)}
        await tx.execute(_COUNTING[tx.dialect.name], values)


async def of_days(connection: Connection, metrics: Iterable[Metric], first: int, last: int) -> list[Tally]:
    """Return the tallies of metrics of categories from the day `first` up to `last`."""
    query = select(tally).where(tally.c.metric.in_(list(metrics)), tally.c.day.between(first, last))
    return [Tally(Metric(row.metric), *row[1:]) for row in await connection.execute(query)]


async def of_subject(
    connection: Connection, metrics: Iterable[Metric], subject_id: int, first: int, *, last: int
) -> list[Tally]:
    """Return the tallies of one subject from the day `first` up to `last`."""
    # Every day is named: the index leads to a subject by way of its day.
    query = select(tally).where(
        tally.c.metric.in_(list(metrics)), tally.c.day.in_(range(first, last + 1)), tally.c.subject_id == subject_id
    )
    return [Tally(Metric(row.metric), *row[1:]) for row in await connection.execute(query)]


async def places(connection: Connection, first: int, last: int, *, limit: int) -> list[ChatTotals]:
    """Return the channels and groups with the largest audience from the day `first` up to `last`."""
    posts = func.sum(case((tally.c.metric == Metric.CHAT_POSTS, tally.c.count), else_=0))
    audience = func.sum(case((tally.c.metric == Metric.CHAT_AUDIENCE, tally.c.count), else_=0))
    query = (
        select(tally.c.subject_id, posts.label("posts"), audience.label("audience"))
        .where(tally.c.metric.in_([Metric.CHAT_POSTS, Metric.CHAT_AUDIENCE]), tally.c.day.between(first, last))
        .group_by(tally.c.subject_id)
        .order_by(audience.desc(), posts.desc(), tally.c.subject_id)
        .limit(limit)
    )
    return [
        ChatTotals(row.subject_id, int(row.posts), int(row.audience)) for row in await connection.execute(query)
    ]


async def published(connection: Connection, first: int, last: int) -> list[tuple[int, int, int]]:
    """Return (day, category, how many articles were published then) from the day `first` up to `last`."""
    zone = connection.zone
    # Every day of every zone begins with a quarter of an hour.
    quarter = (article.c.released_at // _QUARTER_MS).label("quarter")
    query = (
        select(quarter, article.c.category_id, func.count().label("number"))
        .where(
            article.c.released_at >= start_of(first, zone),
            article.c.released_at < start_of(last + 1, zone),
            article.c.id > 0,
        )
        .group_by("quarter", article.c.category_id)
    )
    counts: dict[tuple[int, int], int] = {}
    for row in await connection.execute(query):
        key = (day_of(int(row.quarter) * _QUARTER_MS, zone), row.category_id)
        counts[key] = counts.get(key, 0) + row.number
    return [(*key, number) for key, number in sorted(counts.items())]


def _adding(into: Any) -> Any:
    """Return the statement that adds to what was counted before."""
    return into.on_conflict_do_update(
        index_elements=["metric", "day", "subject_id"], set_={"count": tally.c.count + into.excluded.count}
    )


def _counted(metric: ColumnElement[Any], subject: ColumnElement[Any], count: Any, *more: Any) -> Select[Any]:
    named = (metric.label("metric"), subject.label("subject_id"), count.label("count"))
    return select(*named).group_by(subject, *more)


def _metric(metric: Metric) -> ColumnElement[Any]:
    return literal_column(f"'{metric}'")


def _what_was_sent() -> Select[Any]:
    """Return the rows that deliveries add to the tallies: all of them are counted in one statement."""
    private = chat.c.rank == literal_column("2")
    arrived = (
        select(
            delivery.c.article_id,
            article.c.category_id,
            chat.c.id.label("chat_id"),
            chat.c.rank,
            case((private, 1), else_=func.coalesce(chat.c.members, 0)).label("people"),
        )
        .join(chat, chat.c.id == delivery.c.chat_id)
        .join(article, article.c.id == delivery.c.article_id)
        .where(
            delivery.c.id.in_(bindparam("ids", expanding=True)),
            delivery.c.kind != literal_column(f"'{DeliveryKind.ANNOUNCEMENT}'"),
        )
        .cte("arrived")
    )
    rank, sends, people = arrived.c.rank, func.count(), func.sum(arrived.c.people)
    to = case(
        (rank == literal_column("0"), _metric(Metric.TO_CHANNELS)),
        (rank == literal_column("1"), _metric(Metric.TO_GROUPS)),
        else_=_metric(Metric.TO_PEOPLE),
    )
    shared = rank < literal_column("2")
    rows = union_all(
        _counted(_metric(Metric.DELIVERED), arrived.c.category_id, sends),
        _counted(_metric(Metric.AUDIENCE), arrived.c.category_id, people),
        _counted(to, arrived.c.article_id, sends, rank),
        _counted(_metric(Metric.REACHED), arrived.c.article_id, people),
        _counted(_metric(Metric.CHAT_POSTS), arrived.c.chat_id, sends).where(shared),
        _counted(_metric(Metric.CHAT_AUDIENCE), arrived.c.chat_id, people).where(shared),
    ).subquery("counted")
    today = bindparam("today", type_=tally.c.day.type).label("day")
    # In one order, so that two who count at once never wait for each other; SQLite wants a WHERE before ON.
    return (
        select(rows.c.metric, today, rows.c.subject_id, rows.c.count)
        .where(true())
        .order_by(rows.c.metric, rows.c.subject_id)
    )


# What most commits say, built once.
_COLUMNS = ["metric", "day", "subject_id", "count"]
_ADDING = PreparedStatement(
    {
        name: _adding(begin(tally).values({column: bindparam(column) for column in _COLUMNS}))
        for name, begin in INSERTS.items()
    }
)
_COUNTING = {name: _adding(begin(tally).from_select(_COLUMNS, _what_was_sent())) for name, begin in INSERTS.items()}
