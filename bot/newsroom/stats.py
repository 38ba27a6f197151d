"""Statistics: sums of the daily counters, of everything and of one article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from storage import amendments, categories, chats, comments, daily_counters, progress
from storage.daily_counters import ALL, Metric, Tally
from storage.engine.connection import Connection
from storage.records import AmendmentState, Article, Category, CommentState

DEFAULT_DAYS = 30
MOST_DAYS = 365
"""The default and the greatest number of days of statistics."""

_OF_CATEGORIES = (Metric.DELIVERED, Metric.AUDIENCE, Metric.READ, Metric.GAINED, Metric.LOST)
_OF_ARTICLES = (Metric.TO_CHANNELS, Metric.TO_GROUPS, Metric.TO_PEOPLE, Metric.REACHED, Metric.READERS)


@dataclass(frozen=True, slots=True)
class DayRange:
    """Whole days, from `first` up to `last`, as days since the epoch in the newsroom's time zone."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """The number of days."""
        return self.last - self.first + 1

    def date(self, place: int) -> date:
        """Return the day at that place, from the end where it is below 0."""
        return daily_counters.date_of(self.first + place % self.length)

    def moment(self, place: int, zone: tzinfo) -> int:
        """Return the instant (ms) with which the day at that place begins."""
        return daily_counters.start_of(self.first + place, zone)


@dataclass(frozen=True, slots=True)
class Daily:
    """A figure for each day of a period."""

    posts: tuple[int, ...]
    delivered: tuple[int, ...]
    audience: tuple[int, ...]
    read: tuple[int, ...]
    gained: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one category over a whole period."""

    category: Category
    posts: int
    delivered: int
    audience: int
    read: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Outlet:
    """The figures of one channel or group over a whole period."""

    title: str
    posts: int
    audience: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the whole newsroom; sections in the order of their audience, outlets of theirs."""

    period: DayRange
    daily: Daily
    sections: tuple[Section, ...]
    outlets: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """The figures of one article: whom it reached, who read it, what became of its copies and who commented."""

    article: Article
    period: DayRange
    channels: int
    groups: int
    people: int
    audience: int
    readers: tuple[int, ...]
    readers_in_all: int
    copies: dict[AmendmentState, int]
    comments: dict[CommentState, int]

    @property
    def delivered(self) -> int:
        """The number of deliveries that arrived."""
        return self.channels + self.groups + self.people


def period_of(days: int, now: int, zone: tzinfo) -> DayRange:
    """Return the `days` up to today."""
    today = daily_counters.day_of(now, zone)
    return DayRange(today - days + 1, today)


def per_day(counts: Iterable[tuple[int, int]], period: DayRange) -> tuple[int, ...]:
    """Return the sum of (day, count) pairs for each day of the period."""
    sums = [0] * period.length
    for day, count in counts:
        if period.first <= day <= period.last:
            sums[day - period.first] += count
    return tuple(sums)


def day_ticks(length: int, most: int) -> tuple[int, ...]:
    """Return the places of at most `most` days to name beside an axis, evenly apart, today among them."""
    step = -(-length // most)
    return tuple(range(length - 1, -1, -step))[::-1]


async def overview(connection: Connection, period: DayRange, *, outlets: int) -> Overview:
    """Return the figures of everything, with as many channels and groups as `outlets` says."""
    posts = await daily_counters.published(connection, period.first, period.last)
    counted = await daily_counters.of_days(connection, _OF_CATEGORIES, period.first, period.last)
    known = await categories.all_(connection)
    best = await daily_counters.places(connection, period.first, period.last, limit=outlets)
    named = await chats.get_many(connection, [totals.chat_id for totals in best])
    titles = {chat.id: chat.title for chat in named.values()}
    daily = Daily(
        per_day(((day, number) for day, _, number in posts), period),
        *(_daily(counted, metric, period) for metric in _OF_CATEGORIES),
    )
    sections = [_section(category, posts, counted) for category in known]
    return Overview(
        period,
        daily,
        tuple(sorted(sections, key=lambda section: (-section.audience, -section.posts, section.category.id))),
        tuple(
            Outlet(titles.get(totals.chat_id) or str(totals.chat_id), totals.posts, totals.audience)
            for totals in best
        ),
    )


async def reach(connection: Connection, article: Article, period: DayRange, zone: tzinfo) -> Reach:
    """Return the figures of an article since its publication; its readers by day are those of the period."""
    begun = min(period.first, daily_counters.day_of(article.released_at or article.created_at, zone))
    counted = await daily_counters.of_subject(connection, _OF_ARTICLES, article.id, begun, last=period.last)
    change = await progress.last_change(connection, article.id)
    sums = {metric: sum(tally.count for tally in counted if tally.metric is metric) for metric in _OF_ARTICLES}
    return Reach(
        article,
        period,
        channels=sums[Metric.TO_CHANNELS],
        groups=sums[Metric.TO_GROUPS],
        people=sums[Metric.TO_PEOPLE],
        audience=sums[Metric.REACHED],
        readers=per_day(((tally.day, tally.count) for tally in counted if tally.metric is Metric.READERS), period),
        readers_in_all=sums[Metric.READERS],
        copies=await amendments.counts(connection, article.id, since=change.begun_at) if change else {},
        comments=await comments.count_by_state(connection, article.id),
    )


def _daily(counted: Sequence[Tally], metric: Metric, period: DayRange) -> tuple[int, ...]:
    # Who follows two categories follows the newsroom once.
    once = metric in (Metric.GAINED, Metric.LOST)
    chosen = (tally for tally in counted if tally.metric is metric and (not once or tally.subject_id == ALL))
    return per_day(((tally.day, tally.count) for tally in chosen), period)


def _section(category: Category, posts: Sequence[tuple[int, int, int]], counted: Sequence[Tally]) -> Section:
    own = [tally for tally in counted if tally.subject_id == category.id]
    return Section(
        category,
        sum(number for _, category_id, number in posts if category_id == category.id),
        *(sum(tally.count for tally in own if tally.metric is metric) for metric in _OF_CATEGORIES),
    )
