"""Matching of a publication with the subscriptions of chats.

The database matches categories, tags and sections. `persian.matching` matches words beforehand: a fan-out reads the
words that its chats follow, and passes those that the article contains.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, or_, select

from persian.normalise import match_key
from storage.engine.connection import Connection
from storage.engine.prepared import PreparedStatement
from storage.records import Content, FanOut, FanOutKind, Subscription, SubscriptionKind
from storage.schema import BY_WORDS, OWN_SCHEDULE, subscription

LAST_GROUP = -1
"""Groups and channels have ids up to here, private chats have ids above it (core.telegram.org/bots/api)."""
PRIVATE_RANK = 2
"""The rank of private chats."""

LOWEST_ID = -(2**63)
"""Below every id of a chat."""
_HIGHEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects of subscriptions that an article matches besides its category.

    `words` and `muted` are those of some chats' subjects of either kind that the article's text is a hit of.
    """

    tags: Collection[str] = ()
    section: str = ""
    words: Collection[str] = ()
    muted: Collection[str] = ()


NOTHING_MORE = Subjects()


def subjects_of(content: Content) -> Subjects:
    """Return by which tags and section an article is wanted (pure)."""
    tags = {key for tag in content.tags if (key := match_key(tag))}
    return Subjects(sorted(tags), match_key(content.section))


def wants(category_id: int, kind: FanOutKind, subjects: Subjects = NOTHING_MORE) -> ColumnElement[bool]:
    """Return which subscriptions a publication of that kind and category answers to, where nothing mutes it."""
    named = or_(subscription.c.category_id.is_(None), subscription.c.category_id == category_id)
    ways = [and_(subscription.c.kind == SubscriptionKind.CATEGORY, named)]
    for subject_kind, keys in (
        (SubscriptionKind.TAG, subjects.tags),
        (SubscriptionKind.SECTION, [subjects.section] if subjects.section else []),
        (SubscriptionKind.WORDS, subjects.words),
    ):
        if keys:
            ways.append(and_(subscription.c.kind == subject_kind, subscription.c.subject.in_(keys)))
    followed = or_(*ways)
    return followed if kind is FanOutKind.BREAKING else and_(followed, subscription.c.breaking_only.is_(False))


def unmuted(subjects: Subjects) -> list[ColumnElement[bool]]:
    """Return what holds of subscriptions in whose place nothing mutes the article, as conditions."""
    if not subjects.muted:
        return []
    muted = subscription.alias("muted")
    mutes = select(muted.c.id).where(
        muted.c.chat_id == subscription.c.chat_id,
        muted.c.topic_id == subscription.c.topic_id,
        muted.c.kind == SubscriptionKind.MUTED,
        muted.c.subject.in_(subjects.muted),
    )
    return [~mutes.exists()]


def in_chunk(work: FanOut, end: int | None) -> list[ColumnElement[bool]]:
    """Return which subscriptions are of the chats of a chunk up to `end`, or of others between them by id."""
    after, until = _bounds(work, end)
    return [subscription.c.chat_id > after, subscription.c.chat_id <= until]


def _bounds(work: FanOut, end: int | None) -> tuple[int, int]:
    """Return the id after which the chats of a chunk begin, and that up to which they may go."""
    after, until = (LAST_GROUP, _HIGHEST_ID) if work.rank == PRIVATE_RANK else (LOWEST_ID, LAST_GROUP)
    if work.after_id is not None:
        after = max(after, work.after_id)
    return after, until if end is None else min(until, end)


def matches(followed: Subscription, category_id: int, subjects: Subjects) -> bool:
    """Return whether an article of that category is of what a subscription follows or mutes (pure)."""
    match followed.kind:
        case SubscriptionKind.CATEGORY:
            return followed.category_id in (None, category_id)
        case SubscriptionKind.TAG:
            return followed.subject in subjects.tags
        case SubscriptionKind.SECTION:
            return followed.subject == subjects.section
        case SubscriptionKind.WORDS:
            return followed.subject in subjects.words
        case SubscriptionKind.MUTED:
            return followed.subject in subjects.muted


async def own_schedules(connection: Connection, work: FanOut, end: int | None) -> bool:
    """Return whether anything that the chats of a chunk follow has a schedule of its own."""
    after, until = _bounds(work, end)
    return bool(await connection.fetch(_OWN_SCHEDULES, after=after, until=until))


async def by_words(
    connection: Connection, work: FanOut, end: int | None, *, limit: int
) -> tuple[int | None, set[tuple[SubscriptionKind, str]]]:
    """Return what is followed or muted by words in the chats of a chunk up to `end`: (kind, subject).

    Where that is more than some `limit`, the chunk ends earlier: the first of the two is its end by then.
    """
    after, until = _bounds(work, end)
    rows = await connection.fetch(_WORDS, after=after, until=until, limit=limit)
    if len(rows) == limit:
        end = rows[-1].chat_id
        rows += await connection.fetch(_WORDS, after=end - 1, until=end, limit=_HIGHEST_ID)
    return end, {(SubscriptionKind(row.kind), row.subject) for row in rows}


_IN_CHUNK = (
    subscription.c.chat_id > bindparam("after", type_=BigInteger),
    subscription.c.chat_id <= bindparam("until", type_=BigInteger),
)
_OWN_SCHEDULES = PreparedStatement(select(subscription.c.id).where(OWN_SCHEDULE, *_IN_CHUNK).limit(1))
_WORDS = PreparedStatement(
    select(subscription.c.chat_id, subscription.c.kind, subscription.c.subject)
    .where(BY_WORDS, *_IN_CHUNK)
    .order_by(subscription.c.chat_id)
    .limit(bindparam("limit", type_=BigInteger))
)
